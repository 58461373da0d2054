import { Type, type Static } from 'typebox'

const Ms = Type.Number({ minimum: 0 })
const Count = Type.Integer({ minimum: 0 })
const Bytes = Type.Integer({ minimum: 0 })

/** Where a service is in its life; `waiting` also while it is held back before a restart. */
export const ServiceState = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('starting'),
  Type.Literal('running'),
  Type.Literal('stopping'),
  Type.Literal('stopped'),
  Type.Literal('failed'),
])

/** A long-lived part of the server. `at` and `ms`: when its last start began after the start of the whole, and how long it took. */
export const ServiceInfo = Type.Object({
  name: Type.String(),
  needs: Type.Array(Type.String()),
  /** The service that it lives in: it is started again with that one. */
  within: Type.Optional(Type.String()),
  /** The server can do its work without it, and is ready while it is not well. */
  spare: Type.Optional(Type.Boolean()),
  state: ServiceState,
  ok: Type.Boolean(),
  reason: Type.Optional(Type.String()),
  at: Ms,
  ms: Ms,
  /** Times it was started again since the process began. */
  restarts: Count,
  /** True if it may be started again while the server runs. */
  restartable: Type.Boolean(),
})
export type ServiceInfo = Static<typeof ServiceInfo>

/**
 * `GET /api/v2/system/services`. `sumMs`: what the services took one by one within the parallel start; `sequentialMs`: what a
 * start really took that was made with `--sequential-start`, if there was one in this data folder.
 */
export const ServicesAnswer = Type.Object({
  services: Type.Array(ServiceInfo),
  sequential: Type.Boolean(),
  totalMs: Ms,
  sumMs: Ms,
  sequentialMs: Type.Optional(Ms),
})
export type ServicesAnswer = Static<typeof ServicesAnswer>

/** One socket. Times in ms of the server's clock. */
export const ConnectionInfo = Type.Object({
  id: Type.String(),
  kind: Type.Union([
    Type.Literal('greeting'),
    Type.Literal('student'),
    Type.Literal('staff'),
    Type.Literal('admin'),
    Type.Literal('closing'),
  ]),
  /** Class of a student's socket, or classes that a staff socket follows. */
  classes: Type.Array(Type.String()),
  /** Topics that are served on it: `class`, `student`, `help`, `system`. */
  topics: Type.Array(Type.String()),
  rights: Type.Array(Type.String()),
  since: Ms,
  heardAt: Ms,
  queuedBytes: Bytes,
  /** Times that this socket took up a class where another had left it. */
  resumes: Count,
})
export type ConnectionInfo = Static<typeof ConnectionInfo>

/** All sockets together. `bytesEach`: resident bytes a connection cost at the last measurement, if there was one. */
export const ConnectionTotals = Type.Object({
  open: Count,
  kinds: Type.Record(Type.String(), Count),
  queuedBytes: Bytes,
  resumes: Count,
  /** Messages that were merged into a later one because the reader was behind. */
  merges: Count,
  /** Upgrades refused because too many came at once. */
  refused: Count,
  closes: Type.Array(Type.Object({ code: Type.Integer(), reason: Type.String(), count: Count })),
  bytesEach: Type.Optional(Bytes),
})
export type ConnectionTotals = Static<typeof ConnectionTotals>

/** `GET /api/v2/system/connections?kind=&limit=`: the newest first. */
export const ConnectionsAnswer = Type.Object({
  totals: ConnectionTotals,
  connections: Type.Array(ConnectionInfo),
})
export type ConnectionsAnswer = Static<typeof ConnectionsAnswer>

/** One route with what it has cost since the start; `ms` from the first byte to the last. */
export const RouteInfo = Type.Object({
  method: Type.String(),
  url: Type.String(),
  domain: Type.String(),
  summary: Type.String(),
  rights: Type.Array(Type.String()),
  /** Right of the table `RIGHTS` that it needs besides. */
  needs: Type.Optional(Type.String()),
  /** Name of the limit that holds for it. */
  rate: Type.String(),
  /** Declared cost; the dear ones are refused first when the server is short of something. */
  cost: Type.Union([Type.Literal('light'), Type.Literal('medium'), Type.Literal('heavy')]),
  calls: Count,
  errors: Count,
  limited: Count,
  p50: Type.Optional(Ms),
  p99: Type.Optional(Ms),
  totalMs: Ms,
})
export type RouteInfo = Static<typeof RouteInfo>

/** `GET /api/v2/system/routes`: the dearest first, by `totalMs`. */
export const RoutesAnswer = Type.Object({ routes: Type.Array(RouteInfo) })
export type RoutesAnswer = Static<typeof RoutesAnswer>

/** States of a job. `dead`: every attempt failed; it waits to be replayed or removed. */
export const JobState = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('running'),
  Type.Literal('done'),
  Type.Literal('dead'),
])

/** One job. Times in ms of the server's clock. */
export const JobInfo = Type.Object({
  id: Count,
  kind: Type.String(),
  state: JobState,
  /** Higher goes first. */
  priority: Type.Integer(),
  attempts: Count,
  maxAttempts: Count,
  createdAt: Ms,
  /** When it may run next. */
  dueAt: Ms,
  startedAt: Type.Optional(Ms),
  endedAt: Type.Optional(Ms),
  /** What the last attempt failed of. */
  reason: Type.Optional(Type.String()),
  /** What a job that is done came to; by kind. */
  result: Type.Optional(Type.Unknown()),
  /** Between 0 and 1, of a job that runs and says how far it is. */
  progress: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
})
export type JobInfo = Static<typeof JobInfo>

/** `POST /api/v2/system/jobs`: `class` for the kinds that work on one. */
export const NewJob = Type.Object({
  kind: Type.String({ minLength: 1, maxLength: 64 }),
  class: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
})
export type NewJob = Static<typeof NewJob>

/** A kind of job that can be started by hand. */
export const JobKindInfo = Type.Object({ kind: Type.String(), what: Type.String(), ofClass: Type.Boolean() })
export type JobKindInfo = Static<typeof JobKindInfo>

/** A follower of the log. `lag`: events it has still to read. */
export const RunnerInfo = Type.Object({
  name: Type.String(),
  state: Type.Union([Type.Literal('running'), Type.Literal('waiting'), Type.Literal('failed')]),
  lag: Count,
  handled: Count,
  failures: Count,
  at: Type.Optional(Ms),
  reason: Type.Optional(Type.String()),
})
export type RunnerInfo = Static<typeof RunnerInfo>

/** `GET /api/v2/system/jobs?state=&limit=`: the newest first. */
export const JobsAnswer = Type.Object({
  counts: Type.Object({ waiting: Count, running: Count, done: Count, dead: Count }),
  jobs: Type.Array(JobInfo),
  kinds: Type.Array(JobKindInfo),
  pool: Type.Object({
    threads: Count,
    floor: Count,
    ceiling: Count,
    busy: Count,
    /** How long the oldest job that is due has waited, ms. */
    oldestMs: Ms,
    /** Threads that ended by themselves and were replaced. */
    crashes: Count,
    /** Heap of all threads together, bytes. */
    heapBytes: Bytes,
  }),
  runners: Type.Array(RunnerInfo),
})
export type JobsAnswer = Static<typeof JobsAnswer>

/** `GET /api/v2/classes/{class}/rollups`: what happened by minute (since the epoch) and by cell. Times in ms. */
export const RollupsAnswer = Type.Object({
  /** Offset up to which the roll-ups speak. */
  offset: Count,
  minutes: Type.Array(
    Type.Object({ minute: Count, events: Count, runs: Count, errors: Count, help: Count, students: Count }),
  ),
  cells: Type.Array(
    Type.Object({
      notebook: Type.String(),
      cell: Type.String(),
      reached: Count,
      done: Count,
      runs: Count,
      errors: Count,
      durationMs: Ms,
    }),
  ),
})
export type RollupsAnswer = Static<typeof RollupsAnswer>

/** One flag. `percent` of the targets (classes or students) get `on`; the rest `off`. */
export const FlagInfo = Type.Object({
  key: Type.String(),
  what: Type.String(),
  owner: Type.String(),
  /** When the flag is to be taken out of the code. */
  removeWhen: Type.String(),
  state: Type.Union([Type.Literal('enabled'), Type.Literal('killed')]),
  variants: Type.Array(Type.String()),
  /** What one gets to whom nothing else applies. */
  defaultVariant: Type.String(),
  /** Share of each variant in percent, when the flag is rolled out by share. */
  shares: Type.Optional(Type.Record(Type.String(), Type.Number({ minimum: 0, maximum: 100 }))),
  sticky: Type.Union([Type.Literal('class'), Type.Literal('student'), Type.Literal('none')]),
  changedAt: Ms,
})
export type FlagInfo = Static<typeof FlagInfo>

/** One variant of an experiment: of `subjects` so many had the outcome; `low` and `high` bound the rate at 95 %. */
export const VariantOutcome = Type.Object({
  variant: Type.String(),
  subjects: Count,
  outcomes: Count,
  rate: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  low: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  high: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
})

/** One experiment over a flag. */
export const ExperimentInfo = Type.Object({
  key: Type.String(),
  what: Type.String(),
  flag: Type.String(),
  outcome: Type.String(),
  running: Type.Boolean(),
  variants: Type.Array(VariantOutcome),
})
export type ExperimentInfo = Static<typeof ExperimentInfo>

/** A candidate fold that runs beside the current one. `compared` offsets; samples of what differed. */
export const ShadowInfo = Type.Object({
  name: Type.String(),
  what: Type.String(),
  /** Flag that puts the candidate in the place of the current one. */
  flag: Type.String(),
  running: Type.Boolean(),
  /** Why it stopped by itself. */
  failed: Type.Optional(Type.String()),
  compared: Count,
  differing: Count,
  samples: Type.Array(
    Type.Object({
      class: Type.String(),
      offset: Count,
      path: Type.String(),
      current: Type.Unknown(),
      candidate: Type.Unknown(),
    }),
  ),
})
export type ShadowInfo = Static<typeof ShadowInfo>

/** `GET /api/v2/system/flags`. `fault`: why the file as it is now was not taken; the last good one is in force. */
export const FlagsAnswer = Type.Object({
  file: Type.Optional(Type.String()),
  fault: Type.Optional(Type.String()),
  readAt: Ms,
  flags: Type.Array(FlagInfo),
  experiments: Type.Array(ExperimentInfo),
  shadows: Type.Array(ShadowInfo),
})
export type FlagsAnswer = Static<typeof FlagsAnswer>

/** `PUT /api/v2/system/flags/{key}`: what is absent stays. Written to the flags file. */
export const FlagEdit = Type.Object({
  state: Type.Optional(Type.Union([Type.Literal('enabled'), Type.Literal('killed')])),
  defaultVariant: Type.Optional(Type.String({ maxLength: 64 })),
  /** `null` ends the roll-out by share. Shares add up to 100. */
  shares: Type.Optional(
    Type.Union([Type.Record(Type.String(), Type.Number({ minimum: 0, maximum: 100 })), Type.Null()]),
  ),
})
export type FlagEdit = Static<typeof FlagEdit>

/** `PUT /api/v2/system/shadows/{name}` and `PUT /api/v2/system/experiments/{key}`. */
export const RunningEdit = Type.Object({ running: Type.Boolean() })
export type RunningEdit = Static<typeof RunningEdit>
