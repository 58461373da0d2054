import { Type, type Static } from 'typebox'

/** Everything that leaves an audit entry, with what it means. */
export const AUDIT_ACTIONS = {
  signed_in: 'Signed in',
  sign_in_failed: 'A sign-in was refused',
  signed_out: 'Signed out',
  session_ended: 'Ended a session from elsewhere',
  password_set: 'Set the own password',
  second_factor_set: 'Set up or removed a second factor or passkey',
  person_invited: 'Invited a member of staff',
  person_changed: 'Changed a member of staff',
  person_disabled: 'Disabled or enabled a member of staff',
  recovery_made: 'Made a recovery link',
  class_made: 'Made a class',
  class_changed: 'Changed a class',
  level_changed: 'Changed what a class collects',
  code_made: 'Made a join code',
  code_removed: 'Withdrew a join code',
  role_granted: 'Gave a role in a class',
  role_removed: 'Took a role in a class away',
  roster_changed: 'Added to the roster',
  student_joined: 'Joined a class',
  consent_given: 'Answered what may be collected',
  tokens_revoked: "Revoked a student's tokens",
  code_viewed: 'Looked at the code of a student',
  events_read: 'Read the events of a whole class',
  exported: 'Exported the events of a class',
  research_exported: 'Exported pseudonymous data for research',
  own_exported: 'A student exported the own data',
  report_made: 'Made the report of a lesson',
  student_erased: 'Erased a student',
  class_erased: 'Erased the data of a class',
  retention_run: 'Ran retention',
  flag_changed: 'Changed a flag',
  experiment_changed: 'Changed an experiment',
  shadow_changed: 'Changed a shadow',
  service_restarted: 'Started a service again',
  job_started: 'Started a job',
  job_removed: 'Removed a job',
  socket_closed: 'Closed a socket',
} as const

/** What was done. */
export type AuditAction = keyof typeof AUDIT_ACTIONS

const Action = Type.Unsafe<AuditAction>(Type.Union(Object.keys(AUDIT_ACTIONS).map((action) => Type.Literal(action))))
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
