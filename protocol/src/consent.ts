import { Type, type Static } from 'typebox'
import { Level } from './levels.ts'

const Ms = Type.Integer({ minimum: 0 })

/** Version of the text that tells students what is collected and why; a new one asks everybody again. */
export const CONSENT_VERSION = 1

/**
 * A student's answer (SPEC CON-1). `sharing` false: nothing is collected but requests for help. `level`: the highest that the
 * student agreed to, of the text with this `version`. `research`: data may also be given, under a pseudonym, to researchers.
 */
export const ConsentAnswer = Type.Object({
  sharing: Type.Boolean(),
  level: Level,
  version: Type.Integer({ minimum: 1 }),
  research: Type.Optional(Type.Boolean()),
})
export type ConsentAnswer = Static<typeof ConsentAnswer>

/** An answer as it was kept. */
export const ConsentEntry = Type.Object({
  at: Ms,
  sharing: Type.Boolean(),
  level: Level,
  version: Type.Integer({ minimum: 1 }),
  research: Type.Boolean(),
})
export type ConsentEntry = Static<typeof ConsentEntry>

/**
 * What the class collects now, and what is kept of this student, or absent when nothing is (SPEC CON-3, CON-4). `open` is true
 * while the student has not answered what is asked.
 */
export const ConsentNow = Type.Object({
  asks: Type.Object({ level: Level, version: Type.Integer(), retentionDays: Type.Integer() }),
  inForce: Type.Optional(Level),
  open: Type.Boolean(),
})
export type ConsentNow = Static<typeof ConsentNow>

/** `GET /api/v2/me/consent` (SPEC CON-3). */
export const ConsentState = Type.Object({ ...ConsentNow.properties, history: Type.Array(ConsentEntry) })
export type ConsentState = Static<typeof ConsentState>
