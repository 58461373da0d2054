import { Type, type Static } from 'typebox'
import { ConsentState } from './consent.ts'
import { LIMITS } from './limits.ts'
import { JobState } from './system.ts'

const Ms = Type.Integer({ minimum: 0 })
const Count = Type.Integer({ minimum: 0 })

/** What an erasure removed, and how long it took in ms. */
export const ErasureReport = Type.Object({ students: Count, events: Count, ms: Count })
export type ErasureReport = Static<typeof ErasureReport>

/** A class that has ended: its data is removed at `clearsAt`; `due`: now. */
export const RetentionEntry = Type.Object({
  class: Type.String(),
  name: Type.String(),
  endedAt: Ms,
  clearsAt: Ms,
  due: Type.Boolean(),
  students: Count,
  events: Count,
})
export type RetentionEntry = Static<typeof RetentionEntry>

/** A look at what is due, and its removal unless it was a dry run; it stays until somebody removes its job (SPEC PRI-4). */
export const RetentionReport = Type.Object({
  /** Number of the job. */
  id: Type.Integer({ minimum: 1 }),
  state: JobState,
  /** True where nothing was to be removed. */
  dryRun: Type.Boolean(),
  /** Who asked: an id of the staff, `script`, or `system`. */
  by: Type.String(),
  createdAt: Ms,
  /** The rest once it is done. */
  endedAt: Type.Optional(Ms),
  /** What was due; `removed` is false in a dry run, and where it failed and is tried again with the next. */
  classes: Type.Optional(Type.Array(Type.Object({ ...RetentionEntry.properties, removed: Type.Boolean() }))),
})
export type RetentionReport = Static<typeof RetentionReport>

/** Body of `POST /api/v2/system/retention`. */
export const RetentionRequest = Type.Object({ dryRun: Type.Optional(Type.Boolean()) })
export type RetentionRequest = Static<typeof RetentionRequest>

/** `GET /api/v2/system/retention`: what would be removed, the next first, and the newest reports (SPEC PRI-4). */
export const RetentionAnswer = Type.Object({
  classes: Type.Array(RetentionEntry),
  reports: Type.Array(RetentionReport),
})
export type RetentionAnswer = Static<typeof RetentionAnswer>

/** `GET /api/v2/me`: what the server knows of the student who asks, but for the events (SPEC PRI-5). */
export const MeAnswer = Type.Object({
  student: Type.String(),
  name: Type.String({ maxLength: LIMITS.nameChars }),
  email: Type.Optional(Type.String()),
  team: Type.Optional(Type.String()),
  joinedAt: Ms,
  class: Type.Object({ id: Type.String(), name: Type.String(), ended: Type.Boolean() }),
  consent: ConsentState,
})
export type MeAnswer = Static<typeof MeAnswer>
