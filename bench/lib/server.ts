import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JoinAnswer } from '@lectern/protocol'

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url))
const TOKEN = 'measurements-staff-token-0123456789abcdef'
const READY_WITHIN_MS = 20_000
const TICKS_PER_SECOND = 100
const JOIN_AT_ONCE = 16
/** Exit code of a process that was asked to end by SIGTERM. */
const TERMINATED = 143

/** A server process of the measurement's own, on an empty data folder, with one class. */
export interface MeasuredServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly classId: string
  /** Join code of the class. */
  readonly code: string
  readonly staffToken: string
  /** From the start of the process to its word that it listens, ms. */
  readonly listeningMs: number
  /** Tokens of so many new students, with the installs of `installOf`. */
  join(count: number): Promise<JoinAnswer[]>
  /** Processor seconds used so far, both kinds, all threads. */
  cpuSeconds(): number
  /** Resident memory, MiB. */
  residentMiB(): number
  /** Ends the process at once, as a crash does, and starts it again on the same data and port. */
  crash(): Promise<void>
}

/** How a server is started for a measurement. */
export interface MeasuredOptions {
  /** Arguments of `lectern serve`. */
  args?: readonly string[]
  /** Settings beside those of the measurement. */
  env?: Readonly<Record<string, string>>
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await once(probe.listen(0, '127.0.0.1'), 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

const running = new Set<ChildProcess>()
// A measurement that is ended leaves no server behind.
process.once('SIGTERM', () => process.exit(TERMINATED))
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts the process and waits until it says that it listens. */
async function launch(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; ms: number }> {
  const began = performance.now()
  const child = spawn(process.execPath, [MAIN, 'serve', ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let said = ''
  child.stdout.on('data', (part: Buffer) => {
    said += part.toString('utf8')
    if (said.includes('listens on')) resolve()
  })
  child.once('exit', () => reject(new Error('The server ended before it listened.')))
  const late = setTimeout(() => reject(new Error('The server did not become ready.')), READY_WITHIN_MS)
  await promise.finally(() => clearTimeout(late))
  return { child, ms: performance.now() - began }
}

async function post<T>(url: string, body: unknown, token?: string): Promise<T> {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** The install id of the student with this number; the student joins with it and sends under it. */
export function installOf(number: number): string {
  return `0192f0c1-7b1a-4c3e-9d55-${String(number).padStart(12, '0')}`
}

async function joinMany(url: string, code: string, count: number): Promise<JoinAnswer[]> {
  const answers: JoinAnswer[] = []
  while (answers.length < count) {
    const batch = Array.from({ length: Math.min(JOIN_AT_ONCE, count - answers.length) }, (_, index) =>
      post<JoinAnswer>(`${url}/api/v2/join`, {
        code,
        install: installOf(answers.length + index),
        name: `Student ${answers.length + index}`,
      }),
    )
    answers.push(...(await Promise.all(batch)))
  }
  return answers
}

async function stopped(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  if (child.exitCode === null) await once(child, 'exit')
}

/** Starts the server as it ships and makes a class in it. */
export async function startMeasuredServer({
  args = [],
  env: more = {},
}: MeasuredOptions = {}): Promise<MeasuredServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lectern-bench-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    LECTERN_PORT: String(port),
    LECTERN_DATA_DIR: dataDir,
    LECTERN_ADMIN_TOKEN: TOKEN,
    LECTERN_LOG_LEVEL: 'warn',
    ...more,
  }
  const launched = await launch(args, env)
  let { child } = launched
  const { id } = await post<{ id: string }>(`${url}/api/v2/classes`, { name: 'Measured' }, TOKEN)
  const { code } = await post<{ code: string }>(`${url}/api/v2/classes/${id}/codes`, {}, TOKEN)
  return {
    url,
    port,
    classId: id,
    code,
    staffToken: TOKEN,
    listeningMs: launched.ms,
    join: (count) => joinMany(url, code, count),
    cpuSeconds() {
      const [user, system] =
        readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? []
      return (Number(user) + Number(system)) / TICKS_PER_SECOND
    },
    residentMiB() {
      const found = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
      return Math.round(Number(found) / 1024)
    },
    async crash() {
      child.kill('SIGKILL')
      await once(child, 'exit')
      child = (await launch(args, env)).child
    },
    async [Symbol.asyncDispose]() {
      await stopped(child)
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
