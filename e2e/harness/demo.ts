import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually, freePort } from './ports.ts'

const START = join(import.meta.dirname, '..', '..', 'scripts', 'start.mjs')
const START_TIMEOUT_MS = 120_000

/** `npm start -- --demo` as a person runs it, on a free port. */
export interface Demo {
  readonly url: string
  /** The link that signs the first administrator in. */
  readonly link: string
  output(): string
  /** Ends it like Ctrl-C; gives the exit code. */
  stop(): Promise<number | null>
}

/** The sign-in link in what a server has printed. */
export const linkIn = (output: string): string | undefined => /https?:\/\/\S+[?&]link=\S+/.exec(output)?.[0]

/** Starts the demo; resolves when it has printed its link and said that the class is running. */
export async function startDemo(): Promise<Demo> {
  const port = await freePort()
  const dataDir = mkdtempSync(join(tmpdir(), 'lectern-demo-'))
  const env = { ...process.env, LECTERN_PORT: String(port), LECTERN_DATA_DIR: dataDir }
  const child = spawn(process.execPath, [START, '--demo'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const exited = new Promise<number | null>((settle) => child.once('exit', settle))
  const stop = async () => {
    child.kill('SIGINT')
    const code = await exited
    rmSync(dataDir, { recursive: true, force: true })
    return code
  }
  try {
    const isRunning = async () => (said.includes('students is running') ? linkIn(said) : undefined)
    const link = await eventually('the class to run', isRunning, { timeoutMs: START_TIMEOUT_MS })
    return { url: `http://127.0.0.1:${port}`, link, output: () => said, stop }
  } catch (error) {
    await stop()
    throw new Error(`The demo did not start:\n${said}`, { cause: error })
  }
}
