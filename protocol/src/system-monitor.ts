import { Type, type Static } from 'typebox'
import { ConnectionTotals, ServiceState } from './system.ts'

const Ms = Type.Number({ minimum: 0 })
const Count = Type.Integer({ minimum: 0 })
const Bytes = Type.Integer({ minimum: 0 })

/** What is measured of the whole process, at one moment. Rates are of the time since the last moment. */
export const SystemNumbers = Type.Object({
  at: Ms,
  /** Processor cores in use. */
  cores: Type.Number({ minimum: 0 }),
  residentBytes: Bytes,
  heapBytes: Bytes,
  /** p99 of the delay of the main thread's event loop. */
  loopMs: Ms,
  diskFreeBytes: Bytes,
  diskTotalBytes: Bytes,
  databaseBytes: Bytes,
  eventsPerSecond: Type.Number({ minimum: 0 }),
  ackP50: Type.Optional(Ms),
  ackP99: Type.Optional(Ms),
  commitMs: Ms,
  groupEvents: Count,
  queueBytes: Bytes,
  /** Events committed and not yet folded. */
  foldLag: Count,
  sockets: Count,
  requestsPerSecond: Type.Number({ minimum: 0 }),
})
export type SystemNumbers = Static<typeof SystemNumbers>

/** A threshold that is watched. It is raised at `limit` and cleared at `clearAt`. */
export const ThresholdInfo = Type.Object({
  id: Type.String(),
  what: Type.String(),
  unit: Type.String(),
  value: Type.Optional(Type.Number()),
  limit: Type.Number(),
  clearAt: Type.Number(),
  raised: Type.Boolean(),
  since: Type.Optional(Ms),
})
export type ThresholdInfo = Static<typeof ThresholdInfo>

/** An alert, raised by a threshold or a rule; `subject` says of what when a threshold has several. */
export const AlertInfo = Type.Object({
  id: Count,
  threshold: Type.String(),
  subject: Type.Optional(Type.String()),
  detail: Type.String(),
  severity: Type.Union([Type.Literal('warning'), Type.Literal('critical')]),
  raisedAt: Ms,
  clearedAt: Type.Optional(Ms),
  /** Silenced by an administrator until then. */
  mutedUntil: Type.Optional(Ms),
})
export type AlertInfo = Static<typeof AlertInfo>

/** What is refused now, first to last in the order of `order`; every refusal is 429 or 503 with Retry-After. */
export const SheddingInfo = Type.Object({
  order: Type.Array(Type.String()),
  shed: Type.Array(Type.String()),
  /** Refusals since the start, by what was refused. */
  refused: Type.Record(Type.String(), Count),
  because: Type.Array(Type.String()),
})
export type SheddingInfo = Static<typeof SheddingInfo>

/** `GET /api/v2/system/monitor`. `series`: one point every `everyMs`, the oldest first. */
export const MonitorAnswer = Type.Object({
  version: Type.String(),
  startedAt: Ms,
  cores: Count,
  numbers: SystemNumbers,
  /** SPEC ING-6: received = stored + duplicate + refused. */
  law: Type.Object({
    received: Count,
    stored: Count,
    duplicate: Count,
    refused: Count,
    holds: Type.Boolean(),
  }),
  everyMs: Ms,
  series: Type.Array(SystemNumbers),
  thresholds: Type.Array(ThresholdInfo),
  alerts: Type.Array(AlertInfo),
  shedding: SheddingInfo,
})
export type MonitorAnswer = Static<typeof MonitorAnswer>

/** `PUT /api/v2/system/alerts/{id}`: silences an alert for so many minutes; 0 ends the silence. */
export const AlertEdit = Type.Object({ muteMinutes: Type.Integer({ minimum: 0, maximum: 10_080 }) })
export type AlertEdit = Static<typeof AlertEdit>

/**
 * The small live part of the system, pushed every two seconds to sockets that watch the topic `system` (SPEC SUB-8).
 * `changed` names the parts of the page whose answers are different from what they were at the last pulse.
 */
export const SystemPulse = Type.Object({
  at: Ms,
  numbers: SystemNumbers,
  connections: ConnectionTotals,
  jobs: Type.Object({ waiting: Count, running: Count, done: Count, dead: Count }),
  services: Type.Array(Type.Object({ name: Type.String(), state: ServiceState, ok: Type.Boolean() })),
  alerts: Count,
  shed: Type.Array(Type.String()),
  changed: Type.Array(
    Type.Union([
      Type.Literal('services'),
      Type.Literal('routes'),
      Type.Literal('jobs'),
      Type.Literal('flags'),
      Type.Literal('monitor'),
      Type.Literal('report'),
    ]),
  ),
})
export type SystemPulse = Static<typeof SystemPulse>

/** Where the performance report stands. `markdown`, by language, of the last one made. */
export const ReportAnswer = Type.Object({
  state: Type.Union([
    Type.Literal('none'),
    Type.Literal('waiting'),
    Type.Literal('running'),
    Type.Literal('ready'),
    Type.Literal('failed'),
  ]),
  madeAt: Type.Optional(Ms),
  reason: Type.Optional(Type.String()),
  progress: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  markdown: Type.Optional(Type.Object({ en: Type.String(), ja: Type.String() })),
})
export type ReportAnswer = Static<typeof ReportAnswer>
