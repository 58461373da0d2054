import { Type, type Static } from 'typebox'
import { ConsentState } from './consent.ts'
import { LIMITS } from './limits.ts'

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

/** `GET /api/v2/system/retention`: what would be removed, the next first; `POST`: what was (SPEC PRI-4). */
export const RetentionAnswer = Type.Object({ classes: Type.Array(RetentionEntry) })
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
