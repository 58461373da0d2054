/** What the measurements end with, as far as the report reads it. Each `bench/NAME/main.ts` writes its own. */
export interface Machine {
  cpu: string
  cores: number
  memoryGiB: number
  system: string
  node: string
}

interface Whole {
  at: string
  machine: Machine
}

/** Quantiles of one series, in the unit of its measurement. */
export interface Quantiles {
  p50: number
  p95?: number
  p99: number
}

export interface IngestResult extends Whole {
  rows: ({ name: string; perSecond: number; serverCores: number; residentMiB: number } & Quantiles)[]
  bareLoopPerSecond: number
}

export interface ClassroomResult extends Whole {
  rows: ({
    students: number
    dashboards: number
    events: number
    lost: number | null
    cores: number
    residentMiB: number
  } & Quantiles)[]
}

export interface LiveResult extends Whole {
  rows: ({ students: number; dashboards: number; rate: number } & Quantiles)[]
}

export interface MemoryResult extends Whole {
  sockets: number
  idleKiB: number
  activeKiB: number
  emptyMiB: number
  classMiB: number
  cores: number
}

interface Lookup {
  p50: number
  p95: number
  p99: number
}

export interface RouteResult extends Whole {
  routes: number
  tree: Lookup
  linear: Lookup
  longer: { routes: number; tree: Lookup; linear: Lookup }
}

export interface StartResult extends Whole {
  parallel: { listeningMs: number; servicesMs: number }
  sequential: { listeningMs: number; servicesMs: number }
  recoveryMs: number
}

export interface WorkersResult extends Whole {
  rows: { workers: number; jobsPerSecond: number; mibEach: number }[]
  recoveryMs: number
}

/** Everything measured in one run; what did not come to an end is missing. */
export interface Measured {
  ingest?: IngestResult
  classroom?: ClassroomResult
  live?: LiveResult
  memory?: MemoryResult
  route?: RouteResult
  start?: StartResult
  workers?: WorkersResult
}

/** A report as data: what was measured, when, where, and what did not come to an end. */
export interface ReportData {
  at: string
  seconds: number
  machine: Machine
  measured: Measured
  /** Names of measurements that failed, with the reason. */
  failed: Record<string, string>
}
