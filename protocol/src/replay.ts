import { Type, type Static } from 'typebox'
import { LIMITS } from './limits.ts'
import { MatrixMessage } from './matrix.ts'
import { ChangesMessage, SnapshotMessage } from './messages.ts'

const Ms = Type.Integer({ minimum: 0 })
const Count = Type.Integer({ minimum: 0 })

/** `GET /api/v2/classes/{class}/replay`: times in ms; without `from`, the last lesson. `notebook`: also its matrix (SPEC RPL-1). */
export const ReplayQuery = Type.Object({
  from: Type.Optional(Ms),
  to: Type.Optional(Ms),
  notebook: Type.Optional(Type.String({ minLength: 1, maxLength: LIMITS.notebookChars })),
})
export type ReplayQuery = Static<typeof ReplayQuery>

/** First line: what is shown, from when to when (ms), in steps of `everyMs` of class time, up to which offset of the log. */
export const ReplayHead = Type.Object({
  kind: Type.Literal('replay'),
  class: Type.String(),
  from: Ms,
  to: Ms,
  everyMs: Type.Integer({ minimum: 1 }),
  offset: Count,
})
export type ReplayHead = Static<typeof ReplayHead>

/** How much of what lies before the beginning was gone through, 0 to 1. */
export const ReplayProgress = Type.Object({
  kind: Type.Literal('progress'),
  done: Type.Number({ minimum: 0, maximum: 1 }),
})

/** Last line of a replay that is whole; `hash` of the state at `offset` (SPEC RPL-2). */
export const ReplayEnd = Type.Object({ kind: Type.Literal('end'), offset: Count, hash: Type.String() })

/** One line. Frames are those of the sockets; their `at` is the time of the class, by the server's clock. */
export const ReplayLine = Type.Union([
  ReplayHead,
  ReplayProgress,
  SnapshotMessage,
  ChangesMessage,
  MatrixMessage,
  ReplayEnd,
])
export type ReplayLine = Static<typeof ReplayLine>
