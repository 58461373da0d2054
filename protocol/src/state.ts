import { Type, type Static } from 'typebox'
import { Hashing } from 'typebox/system'
import { CellRef, NotebookRef } from './events.ts'
import { MessageKind, MessageState } from './message-words.ts'

const Ms = Type.Integer({ minimum: 0 })
const Count = Type.Integer({ minimum: 0 })

/** What a student needs, from most to least urgent. */
export const AttentionKind = Type.Union([
  Type.Literal('help'),
  Type.Literal('stuck'),
  Type.Literal('failing'),
  Type.Literal('idle'),
  Type.Literal('active'),
  Type.Literal('away'),
])
export type AttentionKind = Static<typeof AttentionKind>

/** Why: a code that the reader puts into words, with what the words need. */
export const AttentionReason = Type.Object({
  code: Type.Union([
    Type.Literal('asked'),
    Type.Literal('same_error'),
    Type.Literal('no_success'),
    Type.Literal('stopped_after_error'),
    Type.Literal('last_failed'),
    Type.Literal('quiet'),
    Type.Literal('working'),
    Type.Literal('left'),
    Type.Literal('not_sharing'),
  ]),
  error: Type.Optional(Type.String()),
  count: Type.Optional(Count),
  cell: Type.Optional(Type.Integer({ minimum: 0 })),
  since: Type.Optional(Ms),
})
export type AttentionReason = Static<typeof AttentionReason>

/** From `from` (ms, server clock) on this is what the student needs, until the next phase begins. Higher `score`: more urgent. */
export const AttentionPhase = Type.Object({
  from: Ms,
  kind: AttentionKind,
  score: Type.Number(),
  reason: AttentionReason,
})
export type AttentionPhase = Static<typeof AttentionPhase>

/** Errors in a row of one student in one cell. */
export const ErrorStreak = Type.Object({
  cell: Type.String(),
  group: Type.String(),
  index: Type.Integer({ minimum: 0 }),
  name: Type.String(),
  message: Type.Optional(Type.String()),
  count: Count,
  since: Ms,
})
export type ErrorStreak = Static<typeof ErrorStreak>

/** Minutes that `StudentState.recent` reaches back from the student's newest run. */
export const RECENT_MINUTES = 12

/** What the class page knows of one student. The key is the pseudonymous id. */
export const StudentState = Type.Object({
  /** First heard of, and last known to have done something. */
  firstAt: Ms,
  lastAt: Ms,
  online: Type.Boolean(),
  notebook: Type.Optional(NotebookRef),
  cell: Type.Optional(CellRef),
  executions: Count,
  failures: Count,
  /** Runs and failed runs of the last minutes in which there were any. The key is the minute since the epoch (SPEC STA-10). */
  recent: Type.Optional(Type.Record(Type.String(), Type.Tuple([Count, Count]))),
  streak: Type.Optional(ErrorStreak),
  kernel: Type.Optional(Type.String()),
  focus: Type.Optional(Type.Boolean()),
  attention: Type.Array(AttentionPhase),
  clockOff: Type.Optional(Type.Literal(true)),
  /** Set when the student has not agreed that anything is collected (SPEC CON-5). */
  sharing: Type.Optional(Type.Literal(false)),
  /** Sequence numbers below the highest that the log does not hold: late, or refused. */
  missing: Type.Optional(Count),
})
export type StudentState = Static<typeof StudentState>

/** One open request for help. The key is the student's id: a student has at most one. */
export const HelpRequest = Type.Object({
  event: Type.String(),
  since: Ms,
  message: Type.Optional(Type.String()),
  notebook: Type.Optional(NotebookRef),
  cell: Type.Optional(CellRef),
  /** Group of the error the student was stuck on, if any. */
  group: Type.Optional(Type.String()),
  /** Which member of staff goes there, since when (SPEC TLK-6). */
  claimed: Type.Optional(Type.Object({ by: Type.String(), since: Ms })),
})
export type HelpRequest = Static<typeof HelpRequest>

/** Students who share one mistake now; one who succeeds in that cell leaves the group, and an empty group is removed. */
export const ErrorGroup = Type.Object({
  name: Type.String(),
  message: Type.Optional(Type.String()),
  notebook: NotebookRef,
  cell: CellRef,
  since: Ms,
  lastAt: Ms,
  /** Occurrences, also of those who have left. */
  total: Count,
  students: Type.Record(Type.String(), Type.Object({ count: Count, since: Ms })),
})
export type ErrorGroup = Static<typeof ErrorGroup>

/** How far the class is with one cell. The key is `notebook id#cell id`. */
export const CellProgress = Type.Object({
  notebook: NotebookRef,
  cell: CellRef,
  /** Students who ran it, whose last run succeeded, whose last run failed. */
  reached: Count,
  done: Count,
  failing: Count,
  /** Runs of all students. */
  tries: Count,
})
export type CellProgress = Static<typeof CellProgress>

/** What happened in one minute of the class. The key is the minute since the epoch. */
export const ActivityMinute = Type.Object({
  executions: Count,
  failures: Count,
  help: Count,
  /** Students with any event in this minute. */
  students: Count,
})
export type ActivityMinute = Static<typeof ActivityMinute>

/** What staff said, and how far it has come with each student it went to (SPEC TLK-4). The key is the message's id. */
export const ClassMessage = Type.Object({
  at: Ms,
  by: Type.String(),
  kind: MessageKind,
  text: Type.String(),
  notebook: Type.Optional(NotebookRef),
  cell: Type.Optional(CellRef),
  /** The error group that it was sent to. */
  group: Type.Optional(Type.String()),
  /** It was sent to everyone. */
  everyone: Type.Optional(Type.Literal(true)),
  /** It was withdrawn; a banner is over. */
  ended: Type.Optional(Type.Literal(true)),
  students: Type.Record(Type.String(), MessageState),
})
export type ClassMessage = Static<typeof ClassMessage>

/** The state of a class at an offset (SPEC STA-1). Holds no nulls, so that merge patches can remove (SPEC STA-3). */
export const ClassState = Type.Object({
  students: Type.Record(Type.String(), StudentState),
  help: Type.Record(Type.String(), HelpRequest),
  errors: Type.Record(Type.String(), ErrorGroup),
  cells: Type.Record(Type.String(), CellProgress),
  activity: Type.Record(Type.String(), ActivityMinute),
  /** The newest (SPEC TLK-4). */
  messages: Type.Record(Type.String(), ClassMessage),
})
export type ClassState = Static<typeof ClassState>

/** A state with nothing in it, as before the first event. */
export function emptyState(): ClassState {
  return { students: {}, help: {}, errors: {}, cells: {}, activity: {}, messages: {} }
}

/** Hash of a state: 16 hex digits, equal for equal states whatever the order of members (SPEC STA-4). */
export function stateHash(state: ClassState): string {
  return Hashing.Hash(state)
}

/** The phase in force at `now` (ms, server clock): the last that has begun, else the first; undefined if there is none. */
export function currentAttention(phases: readonly AttentionPhase[], now: number): AttentionPhase | undefined {
  return phases.findLast((phase) => phase.from <= now) ?? phases[0]
}
