import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually, freePort } from './ports.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'server', 'src', 'main.ts')
const READY_TIMEOUT_MS = 20_000
const KEPT_OUTPUT = 50_000

/** The staff token of every server that the tests start. */
export const ADMIN_TOKEN = 'end-to-end-staff-token-0123456789abcdef'

/** A real server as a process of its own, on a free port, with a data folder of its own. */
export interface LecternServer {
  readonly url: string
  readonly port: number
  readonly dataDir: string
  /** Everything that it has printed. */
  output(): string
  /** `kill -9`; resolves when the process is gone. */
  crash(): Promise<void>
  /** Starts it again over the same data, on the same port. */
  restart(): Promise<void>
  /** Runs one of the server's commands over the same data; rejects when it fails. */
  command(...args: readonly string[]): Promise<void>
  /** Asks it to stop and gives its exit code; the data folder is removed. */
  stop(): Promise<number | null>
}

interface ServerOptions {
  /** False leaves the staff token away, so that the server prints its first sign-in link. */
  readonly adminToken?: boolean
  /** The address that browsers use, when a stretch of network lies between. */
  readonly publicUrl?: string
  readonly port?: number
  /** Settings beside those of the tests. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a server; resolves when `/readyz` says so. */
export async function startServer({
  adminToken = true,
  publicUrl,
  port: wanted,
  env: more = {},
}: ServerOptions = {}): Promise<LecternServer> {
  const port = wanted ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const dataDir = mkdtempSync(join(tmpdir(), 'lectern-data-'))
  const env = {
    ...process.env,
    LECTERN_PORT: String(port),
    LECTERN_DATA_DIR: dataDir,
    ...(adminToken ? { LECTERN_ADMIN_TOKEN: ADMIN_TOKEN } : {}),
    ...(publicUrl === undefined ? {} : { LECTERN_PUBLIC_URL: publicUrl }),
    ...more,
  }
  let said = ''
  let child: ChildProcess | undefined
  let exited = Promise.resolve<number | null>(null)
  const begin = async () => {
    const started = spawn(process.execPath, [MAIN, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    exited = new Promise((settle) => started.once('exit', settle))
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_OUTPUT)))
    }
    const isReady = async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined)
    await eventually(`the server to be ready; it said:\n${said}`, isReady, { timeoutMs: READY_TIMEOUT_MS })
  }
  const end = async (signal: NodeJS.Signals) => {
    child?.kill(signal)
    return exited
  }
  try {
    await begin()
  } catch (error) {
    await end('SIGKILL')
    throw new Error(`The server did not start:\n${said}`, { cause: error })
  }
  return {
    url,
    port,
    dataDir,
    output: () => said,
    crash: async () => void (await end('SIGKILL')),
    restart: begin,
    command: async (...args) => void (await promisify(execFile)(process.execPath, [MAIN, ...args], { env })),
    async stop() {
      const code = await end('SIGTERM')
      rmSync(dataDir, { recursive: true, force: true })
      return code
    },
  }
}
