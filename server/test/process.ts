import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ADMIN_TOKEN, eventually } from './harness.ts'

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts')

/** A command of the server that runs as a process; disposed of, it is killed. */
export interface Run extends AsyncDisposable {
  child: ChildProcess
  out: () => string
  err: () => string
  exit: Promise<[number | null, NodeJS.Signals | null]>
  /** Where it says that it listens. */
  url: () => Promise<string>
}

/** Runs a command of the server as a process. */
export function lectern(dataDir: string, args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: dataDir,
    env: {
      PATH: process.env['PATH'],
      LECTERN_DATA_DIR: dataDir,
      LECTERN_PORT: '0',
      LECTERN_ADMIN_TOKEN: ADMIN_TOKEN,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const exit = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  return {
    child,
    out: () => out,
    err: () => err,
    exit,
    url: () => eventually(() => /Lectern listens on (\S+)/.exec(out)?.[1], 10_000),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exit
    },
  }
}

/** Runs a command of the server to its end. */
export const command = async (dataDir: string, args: readonly string[], env: Record<string, string> = {}) => {
  const run = lectern(dataDir, args, env)
  const [code] = await run.exit
  return { code, out: run.out(), err: run.err() }
}
