import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Audit } from './audit/audit.ts'
import type { Auth } from './auth/auth.ts'
import type { Config } from './config.ts'
import type { Directory } from './directory/directory.ts'
import { CodedError } from './errors.ts'
import type { Folders, HttpParts } from './http/parts.ts'
import type { RouteEntry } from './http/declare.ts'
import type { FlagSystem } from './flags/start.ts'
import { loadFront, type Front } from './front.ts'
import type { Listener } from './http/listener.ts'
import { actorOf } from './http/audits.ts'
import { checkOrigin } from './http/rights.ts'
import type { Hub } from './hub/hub.ts'
import type { Logger } from './monitor/logger.ts'
import type { Metrics } from './monitor/metrics.ts'
import type { Monitor } from './monitor/monitor.ts'
import { createRefusals } from './monitor/refusals.ts'
import type { Webhooks } from './monitor/webhooks.ts'
import { NO_TRACING, type Tracing } from './monitor/tracing.ts'
import type { Privacy } from './privacy/start.ts'
import type { Node, ServiceError } from './services/graph.ts'
import { nodesOf } from './services/inner.ts'
import { createServices, declareServices, type StartReport, type StopReport } from './services/services.ts'
import { rememberStart } from './services/starts.ts'
import { viewServices } from './services/view.ts'
import { DATA_FILES } from './store/data-files.ts'
import { openSqliteDatabase } from './store/sqlite.ts'
import { logFilesOf, storageServices, type StoredParts } from './storage.ts'
import type { Runner } from './workers/runner.ts'
import type { WorkSystem } from './workers/start.ts'

const SWEEP_MS = 60_000
const STOP_DEADLINE_MS = 15_000
const HUB_STOP_MS = 5_000
const WORK_STOP_MS = 2_000

/** Every service of the server, by name. */
interface Parts extends StoredParts {
  code: Front
  metrics: Metrics
  monitor: Monitor
  webhooks: Webhooks
  work: WorkSystem
  flags: FlagSystem
  privacy: Privacy
  lessons: Runner
  tracing: Tracing
  watch: object
  auth: Auth
  http: FastifyInstance
  hub: Hub
  listener: Listener
}

interface AppOptions {
  config: Config
  logger: Logger
  /** Milliseconds since the epoch. */
  clock?: () => number
  folders?: Folders
  /** Starts one service after the other, to learn what starting them at the same time saves. */
  sequentialStart?: boolean
  /** Told when the server can not go on and should be stopped. */
  onFatal?: (error: Error) => void
}

/** A running server. */
export interface App extends AsyncDisposable {
  /** Where it listens, e.g. `http://127.0.0.1:8000`. */
  readonly url: string
  readonly report: StartReport
  readonly directory: Directory
  readonly audit: Audit
  readonly privacy: Privacy
  readonly routes: readonly RouteEntry[]
  /** Refuses what is new, ends what has begun, closes sockets, writes what is pending. Never rejects; calls share one stop. */
  readonly stop: () => Promise<StopReport>
}

const builtFolder = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const FOLDERS: Folders = { dashboard: builtFolder('dashboard/dist'), extension: builtFolder('extension/dist') }

const VERSION: string = createRequire(import.meta.url)('../package.json').version
const service = declareServices<Parts>()

/** What makes traces is loaded only where they are wanted: it takes time and memory. */
async function startTracing({ config, logger }: AppOptions): Promise<Tracing> {
  const { tracesEndpoint: endpoint, tracesRatio: ratio } = config.monitor
  if (endpoint === undefined) return NO_TRACING
  const otel = await import('./monitor/otel.ts')
  return otel.startTracing({
    endpoint,
    ratio,
    version: VERSION,
    onLost: (reason) => logger.warn({ reason }, 'traces not sent'),
  })
}

type Around = Pick<HttpParts, 'health' | 'phase' | 'services' | 'hub'>

/** What goes on behind: jobs, roll-ups, flags. */
function backgroundServices({ config, logger, clock = Date.now }: AppOptions) {
  return [
    service({
      name: 'work',
      needs: ['code', 'data', 'keys', 'people', 'log', 'monitor'],
      start: async ({ code, data, keys, people, log, monitor }) => {
        const database = openSqliteDatabase(join(data.folder, DATA_FILES.work))
        const db = await code.openWork({ database, clock })
        const work = await code.startWork({
          db,
          dataDir: data.folder,
          logFiles: logFilesOf(data.folder, keys.files),
          vault: keys.vault,
          studentsOf: (classId) => people.students.ids(classId),
          log,
          logger,
          clock,
          ceiling: config.workers ?? availableParallelism(),
          refuses: (kind) => monitor.shedding.isShed(kind),
        })
        const stop = async () => {
          await work.stop(WORK_STOP_MS)
          await db.destroy()
        }
        return { value: work, stop, health: async () => void (await work.jobs.counts()) }
      },
    }),
    service({
      name: 'flags',
      needs: ['code', 'data', 'keys', 'people', 'log'],
      start: async ({ code, data, keys, people, log }) => {
        const flags = await code.startFlags({
          file: config.flagsFile,
          logFiles: logFilesOf(data.folder, keys.files),
          log,
          logger,
          clock,
          classes: () => people.classes.going(),
        })
        return { value: flags, stop: () => flags.stop() }
      },
    }),
    service({
      name: 'lessons',
      needs: ['code', 'people', 'audit', 'work'],
      start: ({ code, people: directory, audit, work }) => {
        const runner = code.startLessonRunner({ directory, audit, logger, clock })
        const unshow = work.show(() => runner.info())
        const stop = async () => {
          unshow()
          await runner.stop()
        }
        return { value: runner, stop }
      },
    }),
    service({
      name: 'privacy',
      needs: ['code', 'people', 'keys', 'log', 'auth', 'work', 'flags', 'audit'],
      start: async ({ code, people: directory, keys: { vault }, flags: { shadows }, ...parts }) => {
        const { log, auth, work, audit } = parts
        const privacy = await code.startPrivacy({ directory, vault, log, auth, work, shadows, audit, logger, clock })
        return { value: privacy, stop: () => privacy.stop() }
      },
    }),
  ]
}

/** What is spoken to: metrics, sign-in, HTTP. */
function frontServices({ config, logger, clock = Date.now, folders = FOLDERS }: AppOptions, around: Around) {
  let { port } = config
  return [
    service({
      name: 'code',
      // Not before the log's thread has begun: loading leaves this thread no time for anything else.
      needs: ['data'],
      restartable: false,
      start: async () => ({ value: await loadFront() }),
    }),
    service({
      name: 'auth',
      needs: ['code', 'keys', 'people', 'audit'],
      start: ({ code, keys, people, audit }) => {
        const { adminToken, oidc, jupyterhub, secondFactor } = config
        const secrets = { random: randomBytes, root: keys.vault.root, secondFactor }
        const onReplay = ({ replayed, user }: { replayed: string; user: string }) => {
          const deed = { action: 'session_ended', target: replayed, details: { reason: 'replayed', user } } as const
          audit.record({ actor: 'system', ...deed }).catch((err: unknown) => logger.error({ err }, 'audit failed'))
        }
        const auth = code.createAuth({ directory: people, adminToken, clock, onReplay, oidc, jupyterhub, ...secrets })
        const sweep = () => auth.accounts.sweep().catch((err: unknown) => logger.error({ err }, 'sweep failed'))
        const timer = setInterval(() => void sweep(), SWEEP_MS).unref()
        return { value: auth, stop: () => clearInterval(timer) }
      },
    }),
    service({
      name: 'http',
      needs: ['code', 'people', 'audit', 'log', 'metrics', 'monitor', 'tracing', 'auth', 'work', 'flags', 'privacy'],
      start: async ({ code, people: directory, ...parts }) => {
        const http = await code.createHttp({
          config,
          directory,
          logger,
          folders,
          clock,
          version: VERSION,
          ...parts,
          ...around,
        })
        return { value: http, stop: () => code.closeHttp(http) }
      },
    }),
    service({
      name: 'hub',
      needs: ['code', 'people', 'log', 'metrics', 'monitor', 'tracing', 'auth', 'http'],
      start: ({ code, people, log, metrics, monitor, tracing, auth, http }) => {
        const refused = createRefusals({ logger, now: () => performance.now() })
        const hub = code.createHub({
          log,
          clock,
          now: () => performance.now(),
          version: VERSION,
          redeem: (ticket) => auth.tickets.redeem(ticket),
          authorize: (principal, needs, id) => auth.inClass.authorize(principal, needs, id),
          nameOf: (user) => people.users.nameOf(user),
          checkOrigin: (headers) => checkOrigin({ headers }, config.publicUrl),
          onKnown: ({ socket }) => http.knownConnection(socket),
          acknowledged: (ms) => metrics.acknowledged(ms),
          failed: (errorCode, by) => {
            metrics.failed(errorCode)
            refused(errorCode, { actor: by && actorOf(by), what: 'socket' })
          },
          trace: () => tracing.begin('socket'),
          pulse: (joining) => monitor.pulse(joining),
          residentBytes: () => process.memoryUsage.rss(),
          onFault: (err) => logger.error({ err }, 'hub fault'),
        })
        const onUpgrade = (...[request, socket, head]: Parameters<Hub['handleUpgrade']>) => {
          if (monitor.shedding.refuses('sockets')) code.endWithProblem(socket, monitor.shedding.refusal('sockets'))
          else hub.handleUpgrade(request, socket, head)
        }
        http.server.on('upgrade', onUpgrade)
        const unlisten = [
          auth.onEnded((ended) => hub.closeWhere(ended)),
          auth.inClass.onChange((change) => hub.roleChanged(change)),
        ]
        const stop = async () => {
          for (const end of unlisten) end()
          await hub.stop(HUB_STOP_MS)
          http.server.off('upgrade', onUpgrade)
        }
        return { value: hub, stop }
      },
    }),
    service({
      name: 'listener',
      needs: ['code', 'http', 'hub', 'watch'],
      start: async ({ code, http }) => {
        const listening = await code.listen(http, { host: config.host, port })
        // Started again, it must be found where it was.
        port = listening.port
        return { value: listening, stop: () => void http.server.close() }
      },
    }),
  ]
}

/** What watches over the others: metrics, the monitor, traces. */
function watchServices(options: AppOptions, around: Around) {
  const { config, logger, clock = Date.now } = options
  return [
    service({
      name: 'metrics',
      needs: ['code'],
      start: ({ code }) => ({ value: code.createMetrics(() => performance.now()) }),
    }),
    service({
      name: 'monitor',
      needs: ['code', 'data', 'metrics'],
      start: ({ code, data, metrics }) => {
        const around = { dataDir: data.folder, version: VERSION, metrics, logger, clock, random: Math.random }
        const monitor = code.startMonitor({ config: config.monitor, ...around })
        return { value: monitor, stop: () => monitor.stop() }
      },
    }),
    service({
      name: 'webhooks',
      needs: ['code', 'monitor'],
      // Whoever does not take alerts must not keep the server from serving.
      spare: true,
      start: ({ code, monitor }) => {
        const random = Math.random
        const webhooks = code.startWebhooks({ config: config.monitor, monitor, logger, clock, random })
        return { value: webhooks, stop: () => webhooks.stop(), health: () => webhooks.health() }
      },
    }),
    service({
      name: 'tracing',
      needs: ['code'],
      start: async () => {
        const tracing = await startTracing(options)
        return { value: tracing, stop: () => tracing.stop() }
      },
    }),
    service({
      name: 'watch',
      needs: ['code', 'people', 'log', 'metrics', 'monitor', 'http', 'hub', 'work', 'flags'],
      start: ({ code, ...parts }) => ({ value: {}, stop: code.watchParts({ ...parts, health: around.health }) }),
    }),
  ]
}

const everyService = (options: AppOptions, around: Around) => [
  ...storageServices<Parts>({ ...options, sequential: options.sequentialStart ?? false }),
  ...watchServices(options, around),
  ...backgroundServices(options),
  ...frontServices(options, around),
]

/** Names and needs of every service, without starting any. */
export function declaredServices(options: AppOptions): Node[] {
  const never = () => {
    throw new Error('Nothing was started.')
  }
  const around: Around = {
    health: never,
    phase: () => 'starting',
    services: { describe: never, restart: never },
    hub: never,
  }
  return nodesOf(everyService(options, around))
}

/** Starts a server. Rejects with `ServiceError` whose message is a sentence for an administrator. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, logger, onFatal } = options
  let phase: 'starting' | 'running' | 'stopping' = 'starting'
  let report: StartReport = { services: [], sequential: false, totalMs: 0, sumMs: 0 }
  const around: Around = {
    health: () => services.health(),
    phase: () => phase,
    services: viewServices(config.dataDir, () => ({ graph: services, report })),
    hub: () => {
      if (!services.parts.hub) throw new CodedError('not_ready')
      return services.parts.hub
    },
  }
  const services = createServices<Parts>(everyService(options, around), {
    sequential: options.sequentialStart ?? false,
    onRestart: (service, reason, waitMs) => logger.error({ service, reason, waitMs }, 'service failed, restarting'),
    onGiveUp: (err: ServiceError) => {
      logger.fatal({ err }, 'service given up')
      onFatal?.(err)
    },
  })
  report = await services.start()
  rememberStart(config.dataDir, report)
  phase = 'running'
  let stopped: Promise<StopReport> | undefined
  const stop = () => {
    phase = 'stopping'
    stopped ??= services.stop(STOP_DEADLINE_MS)
    return stopped
  }
  const { listener, people, audit, http, privacy } = services.parts as Parts
  return {
    url: listener.url,
    report,
    directory: people,
    audit,
    privacy,
    routes: http.routeTable,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}
