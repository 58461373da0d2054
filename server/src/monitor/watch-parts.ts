import type { Server } from 'node:http'
import type { Directory } from '../directory/directory.ts'
import type { Hub } from '../hub/hub.ts'
import type { Log } from '../log/log.ts'
import type { ServiceHealth } from '../services/part.ts'
import type { Metrics } from './metrics.ts'
import type { Monitor } from './monitor.ts'
import type { KnownSources } from './sources.ts'

interface WatchedParts {
  people: Directory
  log: Log
  metrics: Metrics
  monitor: Monitor
  http: { readonly server: Server }
  hub: Hub
  /** Health of every service. */
  health: () => Promise<ServiceHealth[]>
}

/** Shows the parts of the server to its metrics and its monitor. Returns how to end that. */
export function watchParts({ people, log, metrics, monitor, http, hub, health }: WatchedParts): () => void {
  let requests = 0
  const onRequest = () => (requests += 1)
  http.server.on('request', onRequest)
  const sources: KnownSources = {
    log: () => log.counts(),
    connections: () => hub.totals(),
    studentsOf: (classId) => hub.studentsOf(classId),
    requests: () => requests,
    services: async () => (await health()).map(({ name, state, ok }) => ({ name, state, ok })),
    className: async (classId) => (await people.classes.get(classId)).name,
  }
  metrics.watch(sources)
  monitor.watch(sources)
  const unlisten = log.onGroup((report) => {
    metrics.committed(report)
    monitor.committed(report)
  })
  return () => {
    unlisten()
    http.server.off('request', onRequest)
  }
}
