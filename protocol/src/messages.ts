import { Type, type Static } from 'typebox'
import { ConsentNow } from './consent.ts'
import { EventBatch, EventResult } from './events.ts'
import { ClassState, HelpRequest } from './state.ts'
import { LIMITS } from './limits.ts'
import { MatrixMessage } from './matrix.ts'
import { SystemPulse } from './system-monitor.ts'
import { OwnMessage } from './talk.ts'

const Offset = Type.Integer({ minimum: 0 })
const Ms = Type.Integer({ minimum: 0 })
const ClassId = Type.String({ minLength: 1, maxLength: 64 })
/** A number the client chooses to tell answers apart; repeated in the answer. */
const Ref = Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }))

/** First frame of every socket (SPEC SUB-1). */
export const HelloMessage = Type.Object({
  kind: Type.Literal('hello'),
  ticket: Type.String({ maxLength: 256 }),
  client: Type.Optional(Type.Object({ name: Type.String({ maxLength: 64 }), version: Type.String({ maxLength: 32 }) })),
})

/** Staff: follow a class; `since` is the last offset the reader holds (SPEC SUB-2). */
export const SubscribeMessage = Type.Object({
  kind: Type.Literal('subscribe'),
  class: ClassId,
  since: Type.Optional(Offset),
})

/** Staff: stop following a class. */
export const UnsubscribeMessage = Type.Object({ kind: Type.Literal('unsubscribe'), class: ClassId })

/**
 * Staff: follow only the open help requests of a class (SPEC SUB-8), or how far its students are with each cell of a notebook
 * (SPEC MTX-1). Administrators: follow the system.
 */
export const WatchMessage = Type.Union([
  Type.Object({ kind: Type.Literal('watch'), topic: Type.Literal('help'), class: ClassId }),
  Type.Object({
    kind: Type.Literal('watch'),
    topic: Type.Literal('matrix'),
    class: ClassId,
    notebook: Type.String({ minLength: 1, maxLength: LIMITS.notebookChars }),
  }),
  Type.Object({ kind: Type.Literal('watch'), topic: Type.Literal('system') }),
])

/** Stop following a topic. */
export const UnwatchMessage = Type.Union([
  Type.Object({ kind: Type.Literal('unwatch'), topic: Type.Literal('help'), class: ClassId }),
  Type.Object({ kind: Type.Literal('unwatch'), topic: Type.Literal('matrix'), class: ClassId }),
  Type.Object({ kind: Type.Literal('unwatch'), topic: Type.Literal('system') }),
])

/** Student: a batch of events (SPEC ING-1). */
export const EventsMessage = Type.Object({ kind: Type.Literal('events'), ref: Ref, ...EventBatch.properties })

/** Anyone: answered with `pong`. */
export const PingMessage = Type.Object({ kind: Type.Literal('ping'), ref: Ref })

/** Every frame a client may send. */
export const ClientMessage = Type.Union([
  HelloMessage,
  SubscribeMessage,
  UnsubscribeMessage,
  ...WatchMessage.anyOf,
  ...UnwatchMessage.anyOf,
  EventsMessage,
  PingMessage,
])
export type ClientMessage = Static<typeof ClientMessage>

/** Answer to hello. `at`: server clock, ms. `version`: of the server. */
export const WelcomeMessage = Type.Object({
  kind: Type.Literal('welcome'),
  connection: Type.String(),
  role: Type.Union([Type.Literal('student'), Type.Literal('staff')]),
  at: Ms,
  protocol: Type.Integer(),
  version: Type.String(),
})

/** The whole state at `offset`; replaces what the reader holds, at any time (SPEC SUB-3). */
export const SnapshotMessage = Type.Object({
  kind: Type.Literal('snapshot'),
  class: ClassId,
  offset: Offset,
  at: Ms,
  state: ClassState,
})

/** Merge patches, in order, that bring a reader who is anywhere in [from, to] to `to` (SPEC SUB-3, STA-3). */
export const ChangesMessage = Type.Object({
  kind: Type.Literal('changes'),
  class: ClassId,
  from: Offset,
  to: Offset,
  at: Ms,
  changes: Type.Array(Type.Record(Type.String(), Type.Unknown())),
})

/** Answer to `events`, after the durable commit (SPEC ING-1). */
export const AckMessage = Type.Object({
  kind: Type.Literal('ack'),
  ref: Ref,
  results: Type.Array(EventResult),
  ackedThrough: Type.Integer({ minimum: 0 }),
})

/**
 * To a student: whether the log holds an open help request of theirs (SPEC SUB-6, TLK-7). `place` among those to whom nobody
 * goes yet, 1 for the next; `coming`: name of who does.
 */
export const HelpMessage = Type.Object({
  kind: Type.Literal('help'),
  open: Type.Boolean(),
  since: Type.Optional(Ms),
  place: Type.Optional(Type.Integer({ minimum: 1 })),
  coming: Type.Optional(Type.String()),
})

/** To a student: a member of staff wrote (SPEC TLK-2). */
export const TalkMessage = Type.Object({ kind: Type.Literal('message'), message: OwnMessage })

/** To a student: what was written is withdrawn, or a banner is over. */
export const TalkWithdrawnMessage = Type.Object({ kind: Type.Literal('messageWithdrawn'), id: Type.String() })

/** To a student: what the class asks, and what was answered (SPEC CON-4). */
export const ConsentMessage = Type.Object({ kind: Type.Literal('consent'), ...ConsentNow.properties })

/** All open help requests of a class, by student, at `offset` (SPEC SUB-8). */
export const HelpQueueMessage = Type.Object({
  kind: Type.Literal('helpQueue'),
  class: ClassId,
  offset: Offset,
  at: Ms,
  help: Type.Record(Type.String(), HelpRequest),
})

/** The live part of the system, every two seconds (SPEC SUB-8). */
export const SystemMessage = Type.Object({ kind: Type.Literal('system'), ...SystemPulse.properties })

/** Something about a frame went wrong; `retryAfter` in seconds means: the same again later. */
export const ErrorMessage = Type.Object({
  kind: Type.Literal('error'),
  code: Type.String(),
  detail: Type.String(),
  ref: Ref,
  class: Type.Optional(ClassId),
  retryAfter: Type.Optional(Type.Number({ minimum: 0 })),
})

/** Sent when nothing else was for `heartbeatMs` (SPEC CLS-3). */
export const BeatMessage = Type.Object({ kind: Type.Literal('beat'), at: Ms })

/** Answer to `ping`. */
export const PongMessage = Type.Object({ kind: Type.Literal('pong'), ref: Ref, at: Ms })

/** Every frame the server sends. */
export const ServerMessage = Type.Union([
  WelcomeMessage,
  SnapshotMessage,
  ChangesMessage,
  AckMessage,
  HelpMessage,
  TalkMessage,
  TalkWithdrawnMessage,
  ConsentMessage,
  HelpQueueMessage,
  MatrixMessage,
  SystemMessage,
  ErrorMessage,
  BeatMessage,
  PongMessage,
])
export type ServerMessage = Static<typeof ServerMessage>
