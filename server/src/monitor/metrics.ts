import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { LogCounts } from '../log/log.ts'

/** What the hub knows of its sockets. */
export interface HubNumbers {
  /** Open sockets by kind. */
  sockets: Readonly<Record<string, number>>
}

/** All numbers of one server, in the format of Prometheus. No ids of people or classes stand in labels. */
export interface Metrics {
  /** One batch was acknowledged, `ms` after its request came in. */
  acknowledged(ms: number): void
  /** From now on the log's counts are shown. */
  watchLog(counts: () => LogCounts): void
  /** From now on these sockets are shown; again after the hub was started again. */
  watchHub(numbers: () => HubNumbers): void
  expose(): Promise<{ contentType: string; text: string }>
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]
const MS_PER_S = 1000

/** A counter that shows a number which is counted elsewhere. */
function shownCounter(registry: Registry, entry: { name: string; help: string; value: () => number }): void {
  registry.registerMetric(
    new Counter({
      name: entry.name,
      help: entry.help,
      registers: [],
      collect() {
        this.reset()
        this.inc(entry.value())
      },
    }),
  )
}

function shownGauge(registry: Registry, entry: { name: string; help: string; value: () => number }): void {
  registry.registerMetric(
    new Gauge({
      name: entry.name,
      help: entry.help,
      registers: [],
      collect() {
        this.set(entry.value())
      },
    }),
  )
}

function watchLog(registry: Registry, counts: () => LogCounts): void {
  const counter = (
    name: string,
    help: string,
    key: 'received' | 'stored' | 'duplicate' | 'refused' | 'conflicts' | 'groups',
  ) => shownCounter(registry, { name, help, value: () => counts()[key] })
  counter('lectern_events_received_total', 'Events received', 'received')
  counter('lectern_events_stored_total', 'Events stored', 'stored')
  counter('lectern_events_duplicate_total', 'Events that were stored before', 'duplicate')
  counter('lectern_events_refused_total', 'Events refused', 'refused')
  counter('lectern_events_conflict_total', 'Duplicates with other content', 'conflicts')
  counter('lectern_commit_groups_total', 'Commits', 'groups')
  const gauge = (name: string, help: string, value: (counts: LogCounts) => number) =>
    shownGauge(registry, { name, help, value: () => value(counts()) })
  gauge(
    'lectern_events_unaccounted',
    'received - stored - duplicate - refused; anything but 0 is a fault',
    ({ received, stored, duplicate, refused }) => received - stored - duplicate - refused,
  )
  gauge('lectern_queue_bytes', 'Bytes waiting for the log', ({ queueBytes }) => queueBytes)
  gauge('lectern_group_events', 'Events of the last commit', ({ lastGroup }) => lastGroup.events)
  gauge('lectern_group_parse_seconds', 'Parsing of the last commit', ({ lastGroup }) => lastGroup.parseMs / MS_PER_S)
  gauge('lectern_group_commit_seconds', 'Writing of the last commit', ({ lastGroup }) => lastGroup.commitMs / MS_PER_S)
  gauge('lectern_group_fold_seconds', 'Folding of the last commit', ({ lastGroup }) => lastGroup.foldMs / MS_PER_S)
}

/** Builds the metrics of one server; process, event loop and memory are in it from the start. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const acknowledgement = new Histogram({
    name: 'lectern_acknowledgement_seconds',
    help: 'From a batch received over HTTP to its acknowledgement',
    buckets: SECONDS,
    registers: [registry],
  })
  let hub: (() => HubNumbers) | undefined
  registry.registerMetric(
    new Gauge({
      name: 'lectern_sockets',
      help: 'Open sockets',
      labelNames: ['kind'],
      registers: [],
      collect() {
        this.reset()
        for (const [kind, count] of Object.entries(hub?.().sockets ?? {})) this.set({ kind }, count)
      },
    }),
  )
  return {
    acknowledged: (ms) => acknowledgement.observe(ms / MS_PER_S),
    watchLog: (counts) => watchLog(registry, counts),
    watchHub: (numbers) => {
      hub = numbers
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}
