import type { ErrorCode } from '@lectern/protocol'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { GroupReport } from '../log/log.ts'
import { createRecentTimes } from './recent-times.ts'
import { show } from './shown.ts'
import { hubShown, logShown, routesShown, systemShown, workShown } from './shown-parts.ts'
import type { KnownSources } from './sources.ts'

/** All numbers of one server, in the format of Prometheus. No ids of people or classes stand in labels. */
export interface Metrics {
  /** One batch was acknowledged, `ms` after its request or frame came in. */
  acknowledged(ms: number): void
  /** Times in ms of acknowledgements of the last minute, when there were any. */
  acknowledgements(): { ackP50?: number; ackP99?: number }
  /** A commit was made. */
  committed(report: GroupReport): void
  /** A request or frame ended in this error. */
  failed(code: ErrorCode): void
  /** Errors since the start, by code. */
  errors(): ReadonlyMap<ErrorCode, number>
  /** From now on these parts are shown; again after a part was started again. */
  watch(sources: KnownSources): void
  expose(): Promise<{ contentType: string; text: string }>
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]
const EVENTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]
const MS_PER_S = 1000
/** prom-client looks at the loop for its own metrics; each look wakes an idle process up. */
const LOOP_LOOK_MS = 50

function histograms(registry: Registry) {
  const registers = [registry]
  return {
    acknowledgement: new Histogram({
      name: 'lectern_acknowledgement_seconds',
      help: 'From a batch received to its acknowledgement',
      buckets: SECONDS,
      registers,
    }),
    commit: new Histogram({
      name: 'lectern_commit_seconds',
      help: 'Writing of one commit',
      buckets: SECONDS,
      registers,
    }),
    parse: new Histogram({
      name: 'lectern_parse_seconds',
      help: 'Parsing and checking of one commit',
      buckets: SECONDS,
      registers,
    }),
    group: new Histogram({
      name: 'lectern_commit_events',
      help: 'Events stored by one commit',
      buckets: EVENTS,
      registers,
    }),
  }
}

/** Builds the metrics of one server; process and memory are in it from the start. `now`: monotonic, ms. */
export function createMetrics(now: () => number): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_LOOK_MS })
  const { acknowledgement, commit, parse, group } = histograms(registry)
  const errors = new Map<ErrorCode, number>()
  const recent = createRecentTimes(now)
  let sources: KnownSources = {}
  const ask = () => sources
  for (const shown of [
    ...logShown(ask),
    ...hubShown(ask),
    ...workShown(ask),
    ...systemShown(ask),
    ...routesShown(ask),
  ]) {
    show(registry, shown)
  }
  show(registry, {
    type: 'counter',
    name: 'lectern_errors_total',
    help: 'Requests and frames that ended in an error, by code',
    label: 'code',
    read: () => errors,
  })
  return {
    acknowledged(ms) {
      acknowledgement.observe(ms / MS_PER_S)
      recent.add(ms)
    },
    acknowledgements() {
      const [ackP50, ackP99] = recent.quantiles([0.5, 0.99]) ?? []
      return ackP50 === undefined || ackP99 === undefined ? {} : { ackP50, ackP99 }
    },
    committed({ events, parseMs, commitMs }) {
      parse.observe(parseMs / MS_PER_S)
      commit.observe(commitMs / MS_PER_S)
      group.observe(events)
    },
    failed: (code) => void errors.set(code, (errors.get(code) ?? 0) + 1),
    errors: () => errors,
    watch(more) {
      sources = { ...sources, ...more }
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}
