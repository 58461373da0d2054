import type { Server } from 'node:http'
import type { Directory } from '../directory/directory.ts'
import type { RouteEntry } from '../http/declare.ts'
import type { FlagSystem } from '../flags/start.ts'
import type { Hub } from '../hub/hub.ts'
import type { Log } from '../log/log.ts'
import type { ServiceHealth } from '../services/part.ts'
import type { WorkSystem } from '../workers/start.ts'
import type { Metrics } from './metrics.ts'
import type { Monitor } from './monitor.ts'
import type { KnownSources, RouteSum } from './sources.ts'

/** Counting jobs asks a database and the threads. */
const WORK_EVERY_MS = 5_000
const LESSONS_EVERY_MS = 5_000
const REPORT_EVERY_MS = 2_000
const LATEST_JOBS = 100

interface WatchedParts {
  people: Directory
  log: Log
  metrics: Metrics
  monitor: Monitor
  http: { readonly server: Server; readonly routeTable: readonly RouteEntry[] }
  hub: Hub
  work: WorkSystem
  flags: FlagSystem
  /** Health of every service. */
  health: () => Promise<ServiceHealth[]>
}

/** The last answer to a question that takes a while; asking for it has it asked again, at most every `everyMs`. */
function held<T>(ask: () => Promise<T>, everyMs: number): () => T | undefined {
  let last: T | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  return () => {
    const now = performance.now()
    if (now - askedAt >= everyMs) {
      askedAt = now
      ask().then(
        (answer) => {
          last = answer
        },
        // The part is stopping, or says itself what is wrong; the last answer stays.
        () => undefined,
      )
    }
    return last
  }
}

/** Where the report stands that was asked for last. */
async function reportState({ jobs, workers }: WorkSystem): Promise<unknown[]> {
  const row = (await jobs.list({ limit: LATEST_JOBS })).find(({ kind }) => kind === 'report')
  if (!row) return []
  const { id, state, progress } = workers.info(row)
  return [id, state, progress]
}

/** What is different when the answer about flags is. */
function flagState({ flags, shadows, experiments }: FlagSystem): unknown[] {
  const counts = shadows
    .list()
    .map(({ running, failed, compared, differing }) => [running, failed, compared, differing])
  return [flags.changes(), flags.fault(), flags.readAt(), counts, experiments.list()]
}

/** HEAD is counted with GET. */
const routeSums = (routes: readonly RouteEntry[]): RouteSum[] =>
  routes
    .filter(({ method }) => method !== 'HEAD')
    .flatMap(({ method, url, spent }) =>
      [...spent.byStatus()].map(([status, sum]) => ({ route: `${method} ${url}`, status, ...sum })),
    )

/** Shows the parts of the server to its metrics and its monitor. Returns how to end that. */
export function watchParts(parts: WatchedParts): () => void {
  const { people, log, metrics, monitor, http, hub, work, flags, health } = parts
  let requests = 0
  const onRequest = () => (requests += 1)
  http.server.on('request', onRequest)
  const sources: KnownSources = {
    log: () => log.counts(),
    connections: () => hub.totals(),
    jobs: held(() => work.describe(), WORK_EVERY_MS),
    studentsOf: (classId) => hub.studentsOf(classId),
    lessonsEnded: held(() => people.lessons.ended(), LESSONS_EVERY_MS),
    flags: () => ({ good: flags.flags.fault() === undefined, changes: flags.flags.changes() }),
    requests: () => requests,
    routes: () => routeSums(http.routeTable),
    services: async () => (await health()).map(({ name, state, ok }) => ({ name, state, ok })),
    className: async (classId) => (await people.classes.get(classId)).name,
    versions: {
      flags: () => flagState(flags),
      report: held(() => reportState(work), REPORT_EVERY_MS),
    },
  }
  metrics.watch(sources)
  monitor.watch(sources)
  const unlisten = log.onGroup((report) => {
    metrics.committed(report)
    monitor.committed(report)
  })
  const unshow = [work.show(() => monitor.runner()), work.show(() => flags.experiments.runner.info())]
  return () => {
    unlisten()
    for (const end of unshow) end()
    http.server.off('request', onRequest)
  }
}
