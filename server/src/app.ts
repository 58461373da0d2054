import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { createAuth, type Auth } from './auth/auth.ts'
import type { Config } from './config.ts'
import { openDirectory, type Directory } from './directory/directory.ts'
import { createHttp } from './http/server.ts'
import type { Folders } from './http/parts.ts'
import type { Log } from './log/log.ts'
import { startLog } from './log/start.ts'
import type { Logger } from './monitor/logger.ts'
import { createMetrics, type Metrics } from './monitor/metrics.ts'
import { createServices, declareServices, type StartReport, type StopReport } from './services/services.ts'
import { openSqliteDatabase } from './store/sqlite.ts'

const PEOPLE_FILE = 'people.db'
const SWEEP_MS = 60_000
const STOP_DEADLINE_MS = 15_000

interface Parts {
  people: Directory
  log: Log
  metrics: Metrics
  auth: Auth
  http: FastifyInstance
  listener: { url: string }
}

interface AppOptions {
  config: Config
  logger: Logger
  clock?: () => number
  folders?: Folders
}

/** A running server. */
export interface App extends AsyncDisposable {
  /** Where it listens, e.g. `http://127.0.0.1:8000`. */
  readonly url: string
  readonly report: StartReport
  readonly directory: Directory
  /** Refuses what is new, ends what has begun, closes sockets, writes what is pending. Never rejects; calls share one stop. */
  stop(): Promise<StopReport>
}

const builtFolder = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const FOLDERS: Folders = { dashboard: builtFolder('dashboard/dist'), extension: builtFolder('extension/dist') }

/** Opens the administrative data of a data folder, which is made when it is not there; for commands beside the server too. */
export async function openPeople(
  { dataDir }: Pick<Config, 'dataDir'>,
  clock: () => number = Date.now,
): Promise<Directory> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const database = openSqliteDatabase(join(dataDir, PEOPLE_FILE))
  return openDirectory({ database, clock, random: randomBytes })
}

/** The address in the form of a URL; the wildcard addresses are reached on loopback. */
function urlOf({ address, family, port }: AddressInfo): string {
  const host = address === '0.0.0.0' || address === '::' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address
  return `http://${host}:${port}`
}

/** Starts a server. Rejects with `ServiceError` whose message is a sentence for an administrator. */
export async function startApp({ config, logger, clock = Date.now, folders = FOLDERS }: AppOptions): Promise<App> {
  let phase: 'starting' | 'running' | 'stopping' = 'starting'
  const service = declareServices<Parts>()

  const services = createServices<Parts>([
    service({
      name: 'people',
      needs: [],
      start: async () => {
        const people = await openPeople(config, clock)
        return { value: people, stop: () => people.close(), health: () => people.probe() }
      },
    }),
    service({
      name: 'log',
      needs: [],
      start: async () => {
        mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
        const log = await startLog({ dataDir: config.dataDir })
        return { value: log, stop: () => log.close(), health: () => log.probe() }
      },
    }),
    service({
      name: 'metrics',
      needs: ['log'],
      start: ({ log }) => {
        const metrics = createMetrics()
        metrics.watchLog(() => log.counts())
        return { value: metrics }
      },
    }),
    service({
      name: 'auth',
      needs: ['people'],
      start: ({ people }) => {
        const auth = createAuth({ directory: people, adminToken: config.adminToken, random: randomBytes })
        const sweep = () => auth.sweep().catch((error: unknown) => logger.error({ err: error }, 'sweep failed'))
        const timer = setInterval(() => void sweep(), SWEEP_MS).unref()
        return { value: auth, stop: () => clearInterval(timer) }
      },
    }),
    service({
      name: 'http',
      needs: ['people', 'log', 'metrics', 'auth'],
      start: async ({ people, log, metrics, auth }) => {
        const http = await createHttp({
          config,
          directory: people,
          auth,
          log,
          logger,
          metrics,
          folders,
          clock,
          health: services.health,
          phase: () => phase,
        })
        return { value: http, stop: () => http.close() }
      },
    }),
    service({
      name: 'listener',
      needs: ['http'],
      start: async ({ http }) => {
        await http.listen({ host: config.host, port: config.port })
        return { value: { url: urlOf(http.server.address() as AddressInfo) } }
      },
    }),
  ])

  const report = await services.start()
  phase = 'running'
  let stopped: Promise<StopReport> | undefined
  const stop = () => {
    phase = 'stopping'
    stopped ??= services.stop(STOP_DEADLINE_MS)
    return stopped
  }
  const { listener, people } = services.parts as Parts
  return {
    url: listener.url,
    report,
    directory: people,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}
