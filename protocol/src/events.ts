import { Type, type Static, type TObject } from 'typebox'
import { AttentionRules } from './attention-rules.ts'
import { LIMITS } from './limits.ts'
import { MessageKind, MessageOutcome } from './message-words.ts'

const Uuid = Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' })
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
/** ISO 8601 text as the client wrote it; may not be a date (SPEC EVT-5). */
const TimeText = Type.String({ maxLength: 64 })
const Text = Type.String()
const ShortId = Type.String({ minLength: 1, maxLength: 64 })
const Milliseconds = Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** Notebook of an event: an identity shared by all copies of a handed-out notebook, and the path the student sees. */
export const NotebookRef = Type.Object({
  id: Type.String({ minLength: 1, maxLength: LIMITS.notebookChars }),
  path: Type.String({ maxLength: LIMITS.notebookChars }),
})
export type NotebookRef = Static<typeof NotebookRef>

/** Cell of an event: its identity (SPEC EVT-7), position (from 0) and type. */
export const CellRef = Type.Object({
  id: Type.String({ minLength: 1, maxLength: LIMITS.cellIdChars }),
  index: Type.Integer({ minimum: 0, maximum: 100_000 }),
  type: Type.Union([Type.Literal('code'), Type.Literal('markdown'), Type.Literal('raw')]),
})
export type CellRef = Static<typeof CellRef>

/** One output of a cell, as text. */
export const CellOutput = Type.Object({
  kind: Type.Union([
    Type.Literal('stdout'),
    Type.Literal('stderr'),
    Type.Literal('result'),
    Type.Literal('display'),
    Type.Literal('error'),
  ]),
  mime: Type.Optional(Type.String({ maxLength: 128 })),
  text: Text,
  /** True if the text was cut to fit. */
  cut: Type.Optional(Type.Boolean()),
})
export type CellOutput = Static<typeof CellOutput>

const CellExecuted = Type.Object({
  startedAt: Type.Optional(TimeText),
  endedAt: Type.Optional(TimeText),
  durationMs: Type.Optional(Milliseconds),
  executionCount: Type.Optional(Count),
  sourceBytes: Type.Optional(Count),
  outputBytes: Type.Optional(Count),
  stdoutBytes: Type.Optional(Count),
  stderrBytes: Type.Optional(Count),
  status: Type.Optional(Type.Union([Type.Literal('ok'), Type.Literal('error'), Type.Literal('aborted')])),
  errorName: Type.Optional(Type.String({ maxLength: 256 })),
  errorMessage: Type.Optional(Text),
  traceback: Type.Optional(Text),
  source: Type.Optional(Text),
  outputs: Type.Optional(Type.Array(CellOutput, { maxItems: 1000 })),
})
export type CellExecutedData = Static<typeof CellExecuted>

const CellsCounted = Type.Object({ count: Type.Optional(Count), cells: Type.Optional(Count) })

/** What `data` holds, by event type (SPEC EVT-3). Members not named here are dropped. */
export const EVENT_DATA = {
  session_started: Type.Object({
    client: Type.Optional(Type.String({ maxLength: 200 })),
    language: Type.Optional(Type.String({ maxLength: 35 })),
  }),
  session_ended: Type.Object({ reason: Type.Optional(Type.String({ maxLength: 64 })) }),
  notebook_opened: Type.Object({ cells: Type.Optional(Count), kernel: Type.Optional(Type.String({ maxLength: 128 })) }),
  notebook_saved: Type.Object({ cells: Type.Optional(Count) }),
  notebook_closed: Type.Object({}),
  /** The notebook has another path from now on; its id stays (SPEC EVT-9). */
  notebook_renamed: Type.Object({}),
  cell_executed: CellExecuted,
  cell_added: CellsCounted,
  cell_removed: CellsCounted,
  cell_edited: Type.Object({
    typed: Type.Optional(Count),
    pasted: Type.Optional(Count),
    deleted: Type.Optional(Count),
    /** What changed, in order (SPEC EVT-10). */
    deltas: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 10_000 })),
  }),
  kernel_status: Type.Object({ status: Type.String({ maxLength: 64 }) }),
  presence: Type.Object({
    focus: Type.Optional(Type.Boolean()),
    idleMs: Type.Optional(Milliseconds),
  }),
  help_requested: Type.Object({ message: Type.Optional(Type.String({ maxLength: LIMITS.helpMessageChars })) }),
  help_withdrawn: Type.Object({}),
  help_resolved: Type.Object({ by: Type.Optional(Type.String({ maxLength: 64 })) }),
  /** A member of staff goes to the student, or no longer (SPEC TLK-6). */
  help_claimed: Type.Object({ by: ShortId }),
  help_released: Type.Object({ by: ShortId }),
  /** A message to the student (SPEC TLK-1). `group`: the error that all had to whom it was sent; `everyone`: it was sent to all. */
  message_sent: Type.Object({
    message: ShortId,
    by: ShortId,
    kind: MessageKind,
    text: Type.String({ maxLength: LIMITS.messageChars }),
    request: Type.Optional(ShortId),
    group: Type.Optional(ShortId),
    everyone: Type.Optional(Type.Literal(true)),
  }),
  message_withdrawn: Type.Object({ message: ShortId }),
  message_seen: Type.Object({ message: ShortId }),
  message_answered: Type.Object({ message: ShortId, outcome: MessageOutcome }),
  /** In the place of every event of a student who was erased, and once more at the end (SPEC PRI-3). */
  erased: Type.Object({}),
  /** The student agreed, or no longer agrees, that events are collected (SPEC CON-5). */
  sharing_changed: Type.Object({ sharing: Type.Boolean() }),
  connection_lost: Type.Object({}),
  connection_back: Type.Object({}),
  rules_changed: Type.Object({
    rules: Type.String({ maxLength: 64 }),
    experiment: Type.Optional(Type.String({ maxLength: 64 })),
    // Thresholds of the class's own, where `rules` says so; as numbers, since objects are taken for text and sealed.
    ...Type.Partial(AttentionRules).properties,
  }),
  custom: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 128 }),
    value: Type.Optional(Type.Unknown()),
  }),
} as const satisfies Record<string, TObject>

/** Every event type of the log. */
export type EventType = keyof typeof EVENT_DATA

/** Types that only the server writes; from a client they are refused (SPEC EVT-4). */
export const SERVER_EVENT_TYPES: ReadonlySet<EventType> = new Set<EventType>([
  'help_resolved',
  'help_claimed',
  'help_released',
  'message_sent',
  'message_withdrawn',
  'erased',
  'sharing_changed',
  'connection_lost',
  'connection_back',
  'rules_changed',
])

/** Types that must name a notebook (SPEC EVT-3). */
export const NOTEBOOK_EVENT_TYPES: ReadonlySet<EventType> = new Set<EventType>([
  'notebook_opened',
  'notebook_saved',
  'notebook_closed',
  'notebook_renamed',
  'cell_executed',
  'cell_added',
  'cell_removed',
  'cell_edited',
])

/** Types that must name a cell (SPEC EVT-3). */
export const CELL_EVENT_TYPES: ReadonlySet<EventType> = new Set<EventType>(['cell_executed', 'cell_edited'])

/** True if `value` is an event type (not an inherited member name). */
export function isEventType(value: string): value is EventType {
  return Object.hasOwn(EVENT_DATA, value)
}

/** The envelope of every event (SPEC EVT-1); `data` is checked by type with `EVENT_DATA`. */
export const EventEnvelope = Type.Object({
  id: Uuid,
  install: Uuid,
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  type: Type.String({ minLength: 1, maxLength: 64 }),
  at: TimeText,
  session: Type.Optional(Type.String({ maxLength: 64 })),
  notebook: Type.Optional(NotebookRef),
  cell: Type.Optional(CellRef),
  data: Type.Object({}),
})

type Envelope = Static<typeof EventEnvelope>

/** An event as a client sends it. */
export type LecternEvent = {
  [K in EventType]: Omit<Envelope, 'type' | 'data'> & { type: K; data: Static<(typeof EVENT_DATA)[K]> }
}[EventType]

/**
 * An event as the log holds it. Times are milliseconds since the epoch by the server's clock:
 * `received`, when it arrived; `time`, when it happened (corrected for the client's clock, never after `received`).
 * `at` stays as the client wrote it; `clockOff` is set when the client's clock was wrong or no date (SPEC EVT-5).
 */
export type StoredEvent = LecternEvent & {
  offset: number
  student: string
  received: number
  time: number
  clockOff?: true
}

/** Body of `POST /api/v2/events`; each event is checked on its own (SPEC BAT-2). `sentAt`: the client's clock, ISO 8601. */
export const EventBatch = Type.Object({
  events: Type.Array(Type.Unknown(), { maxItems: LIMITS.batchEvents }),
  sentAt: Type.Optional(TimeText),
})
export type EventBatch = Static<typeof EventBatch>

/** What became of one event (SPEC ING-2). `id` repeats what was sent, or is null where no id could be read. */
export const EventResult = Type.Object({
  id: Type.Union([Type.String(), Type.Null()]),
  status: Type.Union([Type.Literal('stored'), Type.Literal('duplicate'), Type.Literal('refused')]),
  code: Type.Optional(Type.String()),
})
export type EventResult = Static<typeof EventResult>

/** Answer to a batch. `ackedThrough`: every sequence number up to and including it is settled (SPEC ING-4). */
export const BatchResult = Type.Object({
  results: Type.Array(EventResult),
  ackedThrough: Type.Integer({ minimum: 0 }),
})
export type BatchResult = Static<typeof BatchResult>
