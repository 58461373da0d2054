import { Type, type Static } from 'typebox'
import { AUDIT_ACTIONS, type AuditAction } from './audit-actions.ts'

const Action = Type.Unsafe<AuditAction>(Type.Enum(Object.keys(AUDIT_ACTIONS)))
const Ms = Type.Integer({ minimum: 0 })
const Id = Type.String({ maxLength: 128 })

/**
 * One entry. `actor` and `target` are ids of staff or pseudonymous ids of students, `script` or `system`, never names.
 * `hash` covers the entry and the hash of the one before it.
 */
export const AuditEntry = Type.Object({
  n: Type.Integer({ minimum: 1 }),
  at: Ms,
  actor: Id,
  action: Action,
  class: Type.Optional(Id),
  target: Type.Optional(Id),
  details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  hash: Type.String(),
})
export type AuditEntry = Static<typeof AuditEntry>

/** What to search the audit for; `before` is an entry's number, to go on from. */
export const AuditQuery = Type.Object({
  actor: Type.Optional(Id),
  action: Type.Optional(Action),
  class: Type.Optional(Id),
  target: Type.Optional(Id),
  from: Type.Optional(Ms),
  to: Type.Optional(Ms),
  before: Type.Optional(Type.Integer({ minimum: 1 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
})
export type AuditQuery = Static<typeof AuditQuery>

/** Entries, the newest first; `next` is there when there are older ones. */
export const AuditAnswer = Type.Object({
  entries: Type.Array(AuditEntry),
  next: Type.Optional(Type.Integer({ minimum: 1 })),
})
export type AuditAnswer = Static<typeof AuditAnswer>

/** Whether the chain is whole: `firstBroken` is the number of the first entry that is not as it was written. */
export const AuditVerdict = Type.Object({
  entries: Type.Integer({ minimum: 0 }),
  ok: Type.Boolean(),
  firstBroken: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Hash of the newest entry, to be noted elsewhere: a chain that was cut off can not have it. */
  head: Type.String(),
})
export type AuditVerdict = Static<typeof AuditVerdict>

/** Who looked at the student's code, and when; to the student. */
export const ViewsAnswer = Type.Object({
  views: Type.Array(
    Type.Object({
      at: Ms,
      by: Type.String(),
      what: Type.Union([Type.Literal('code_viewed'), Type.Literal('events_read'), Type.Literal('exported')]),
    }),
  ),
})
export type ViewsAnswer = Static<typeof ViewsAnswer>
