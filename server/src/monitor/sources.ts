import type {
  AlertInfo,
  ConnectionTotals,
  JobsAnswer,
  SheddingInfo,
  SystemNumbers,
  SystemPulse,
} from '@lectern/protocol'
import type { LogCounts } from '../log/log.ts'

/** What the monitor itself knows, for the metrics. */
export interface MonitorFacts {
  version: string
  /** Processor cores of the machine. */
  cores: number
  numbers: SystemNumbers
  activeAlerts: readonly AlertInfo[]
  /** Alerts ever raised, by threshold. */
  raisedAlerts: ReadonlyMap<string, number>
  shedding: SheddingInfo
}

/** Calls of a route that ended in one kind of status, e.g. `2xx`, and how long they took. */
export interface RouteSum {
  /** Method and pattern; no ids. */
  readonly route: string
  readonly status: string
  readonly calls: number
  readonly ms: number
}

/** What is shown of jobs and followers of the log. */
export type WorkNumbers = Pick<JobsAnswer, 'counts' | 'pool' | 'runners'>

/** What monitoring asks the other parts. Each is there as soon as its part runs, and must be cheap to ask. */
export interface Sources {
  log: () => LogCounts
  monitor: () => MonitorFacts
  connections: () => ConnectionTotals
  /** Open sockets of students of a class. */
  studentsOf: (classId: string) => number
  /** When the last lesson ended, ms, of classes in which none goes on; undefined until it was asked for the first time. */
  lessonsEnded: () => ReadonlyMap<string, number> | undefined
  /** Undefined until it was asked for the first time. */
  jobs: () => WorkNumbers | undefined
  /** `good`: the file as it is now was taken. */
  flags: () => { good: boolean; changes: number }
  /** Asked only while somebody watches: health is not free. */
  services: () => Promise<SystemPulse['services']>
  /** Name of a class for people. */
  className: (classId: string) => Promise<string>
  /** HTTP requests since the start. */
  requests: () => number
  /** What each route has cost, by its pattern and the kind of status. */
  routes: () => Iterable<RouteSum>
  /** Anything that is different when the answer of that part of the system page is. */
  versions: Partial<Record<SystemPulse['changed'][number], () => unknown>>
}

/** The sources that are there by now. */
export type KnownSources = Partial<Sources>

/** Numbers of a server without a socket. */
export const NO_CONNECTIONS: ConnectionTotals = {
  open: 0,
  kinds: {},
  queuedBytes: 0,
  resumes: 0,
  merges: 0,
  refused: 0,
  closes: [],
}

/** Counts of a server without a job. */
export const NO_JOBS: JobsAnswer['counts'] = { waiting: 0, running: 0, done: 0, dead: 0 }
