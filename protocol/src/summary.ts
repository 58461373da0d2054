import { Type, type Static } from 'typebox'

const Count = Type.Integer({ minimum: 0 })
/** A number of students; absent where it is not told, so that no group of fewer than `SMALLEST_GROUP` can be made out. */
const Told = Type.Optional(Count)

/** Smallest group of students that a summary speaks of (SPEC AGG-1). */
export const SMALLEST_GROUP = 5

/**
 * How far the class is with one cell: whose last run succeeded, who only tried, who has not come to it. Where one of these is
 * too small: `done` and `undone`, or `reached` and `open`, or nothing.
 */
export const CellSummary = Type.Object({
  notebook: Type.String(),
  /** Place in the notebook, from 0. */
  index: Count,
  done: Told,
  tried: Told,
  open: Told,
  undone: Told,
  reached: Told,
})
export type CellSummary = Static<typeof CellSummary>

/** One minute since the epoch. */
export const MinuteSummary = Type.Object({ minute: Count, students: Told, executions: Told, failures: Told })
export type MinuteSummary = Static<typeof MinuteSummary>

/**
 * How many need what, as `AttentionKind` says. Where one of these is too small: `needing` for help, stuck and failing;
 * `working` for idle and active; `others` for all who are not `needing`; or `present` for all who are not away.
 */
export const AttentionSummary = Type.Object({
  help: Told,
  stuck: Told,
  failing: Told,
  idle: Told,
  active: Told,
  away: Told,
  needing: Told,
  working: Told,
  others: Told,
  present: Told,
})
export type AttentionSummary = Static<typeof AttentionSummary>

/** Minutes that `ClassCounts` looks back. */
export const COUNTED_MINUTES = 60

/**
 * `GET /api/v2/classes/{class}/counts` (SPEC AGG-3): how many students need what now, exactly, and the minutes of the last hour in which
 * anything was run; for those who may see the students anyway.
 */
export const ClassCounts = Type.Object({
  /** Clock of the server, ms. */
  at: Count,
  help: Count,
  stuck: Count,
  failing: Count,
  idle: Count,
  active: Count,
  away: Count,
  minutes: Type.Array(Type.Object({ minute: Count, executions: Count, failures: Count })),
})
export type ClassCounts = Static<typeof ClassCounts>

/** `GET /api/v2/classes/{class}/summary`: how the class as a whole is doing, without any student (SPEC AGG-1, AGG-2). */
export const ClassSummary = Type.Object({
  /** Clock of the server, ms. */
  at: Count,
  smallest: Count,
  /** Students heard of. */
  students: Told,
  attention: AttentionSummary,
  cells: Type.Array(CellSummary),
  /** Errors that at least so many students have now, the most frequent first. */
  errors: Type.Array(Type.Object({ name: Type.String(), students: Count })),
  minutes: Type.Array(MinuteSummary),
})
export type ClassSummary = Static<typeof ClassSummary>
