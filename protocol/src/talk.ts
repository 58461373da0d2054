import { Type, type Static } from 'typebox'
import { CellRef, NotebookRef } from './events.ts'
import { LIMITS } from './limits.ts'
import { MessageKind, MessageState } from './message-words.ts'

const Ms = Type.Integer({ minimum: 0 })
const Count = Type.Integer({ minimum: 0 })
const Id = Type.String({ minLength: 1, maxLength: 64 })
const Everyone = Type.Object({ everyone: Type.Literal(true) }, { additionalProperties: false })
const Students = Type.Object(
  { students: Type.Array(Id, { minItems: 1, maxItems: LIMITS.messageStudents }) },
  { additionalProperties: false },
)
const Team = Type.Object(
  { team: Type.String({ minLength: 1, maxLength: LIMITS.nameChars }) },
  { additionalProperties: false },
)
const Group = Type.Object({ group: Id }, { additionalProperties: false })

/**
 * To whom: everyone who has joined; students by their ids; a team; those who are in an error group now. Late joiners are not
 * written to.
 */
export const MessageTo = Type.Union([Everyone, Students, Team, Group])
export type MessageTo = Static<typeof MessageTo>

/**
 * `POST /api/v2/classes/{class}/messages` (SPEC TLK-1). `notebook` and `cell` say where it belongs; a `cell` is offered below the
 * cell that is named. `request`: id of the event by which help was asked for, which this answers. `resolves`: it also closes
 * open requests of those it goes to, of a group those that are about its error.
 */
export const NewMessage = Type.Object({
  to: MessageTo,
  kind: MessageKind,
  text: Type.String({ minLength: 1, maxLength: LIMITS.messageChars, pattern: '\\S' }),
  notebook: Type.Optional(NotebookRef),
  cell: Type.Optional(CellRef),
  request: Type.Optional(Id),
  resolves: Type.Optional(Type.Literal(true)),
})
export type NewMessage = Static<typeof NewMessage>

/** Answer to it: the message's id, and to how many students it went. */
export const NewMessageAnswer = Type.Object({ id: Id, to: Count })
export type NewMessageAnswer = Static<typeof NewMessageAnswer>

/** `POST /api/v2/classes/{class}/help/{student}/claim`: who goes; absent: whoever asks (SPEC TLK-6). */
export const HelpClaim = Type.Object({ user: Type.Optional(Id) }, { default: {} })
export type HelpClaim = Static<typeof HelpClaim>

/**
 * `GET /api/v2/classes/{class}/help` (SPEC TLK-10): of the requests that ended from `from` (ms) on: since `lesson`,
 * the one in progress, began, else of the last three hours. Waiting is until somebody
 * went there, or it was closed without; `helpingMs` sums the time from going there to the end.
 */
export const HelpFigures = Type.Object({
  from: Ms,
  lesson: Type.Optional(Id),
  resolved: Count,
  withdrawn: Count,
  waitMedianMs: Type.Optional(Ms),
  by: Type.Array(Type.Object({ user: Type.String(), claimed: Count, resolved: Count, helpingMs: Ms })),
})
export type HelpFigures = Static<typeof HelpFigures>

/** `GET /api/v2/classes/{class}/helpers`: everybody of the staff who may answer in the class. */
export const HelperList = Type.Object({ helpers: Type.Array(Type.Object({ id: Id, name: Type.String() })) })
export type HelperList = Static<typeof HelperList>

/** A message as its student sees it. `from`: name of the member of staff, or of the class where it was a script. */
export const OwnMessage = Type.Object({
  id: Id,
  at: Ms,
  from: Type.String(),
  kind: MessageKind,
  text: Type.String(),
  notebook: Type.Optional(NotebookRef),
  cell: Type.Optional(CellRef),
  request: Type.Optional(Type.String()),
  state: MessageState,
})
export type OwnMessage = Static<typeof OwnMessage>

/** `GET /api/v2/me/messages`: the newest last, at most `LIMITS.ownMessages`; withdrawn ones are not among them (SPEC TLK-3). */
export const OwnMessages = Type.Object({ messages: Type.Array(OwnMessage) })
export type OwnMessages = Static<typeof OwnMessages>
