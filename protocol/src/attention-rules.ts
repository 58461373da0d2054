import { Type, type Static } from 'typebox'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS

/** Between which thresholds can be set. Times in milliseconds. */
export const RULE_BOUNDS = {
  activeForMs: { minimum: 30 * SECOND_MS, maximum: 30 * MINUTE_MS },
  awayAfterMs: { minimum: 5 * MINUTE_MS, maximum: 240 * MINUTE_MS },
  stuckErrors: { minimum: 2, maximum: 20 },
  stuckTryingMs: { minimum: MINUTE_MS, maximum: 60 * MINUTE_MS },
  stuckSilentMs: { minimum: MINUTE_MS, maximum: 60 * MINUTE_MS },
} as const

/** The thresholds of attention. Times in milliseconds. */
export const AttentionRules = Type.Object({
  /** Active this long after the last sign of life. */
  activeForMs: Type.Integer(RULE_BOUNDS.activeForMs),
  /** Gone, though no end was heard, after this long without a sign of life. */
  awayAfterMs: Type.Integer(RULE_BOUNDS.awayAfterMs),
  /** Stuck after this many errors in a row in one cell. */
  stuckErrors: Type.Integer(RULE_BOUNDS.stuckErrors),
  /** Stuck when a cell has been tried without success for this long. */
  stuckTryingMs: Type.Integer(RULE_BOUNDS.stuckTryingMs),
  /** Stuck when nothing followed an error for this long. */
  stuckSilentMs: Type.Integer(RULE_BOUNDS.stuckSilentMs),
})
export type AttentionRules = Static<typeof AttentionRules>

/** What a `rules_changed` event calls thresholds of the class's own; it carries them (SPEC STA-11). */
export const OWN_RULES = 'own'

/** Rules with their name: a set of the server, or the class's own. */
export const NamedRules = Type.Object({ rules: Type.String(), values: AttentionRules })
export type NamedRules = Static<typeof NamedRules>

/** `GET /api/v2/classes/{class}/rules`: what holds in a class, and why. */
export const ClassRules = Type.Object({
  /** In force for the class from now on; `experiment` where one chose it. */
  chosen: Type.Object({ ...NamedRules.properties, experiment: Type.Optional(Type.String()) }),
  /** The class's own, where it has some: they come before every flag and experiment. */
  own: Type.Optional(AttentionRules),
  /** Every set of the server. */
  sets: Type.Array(NamedRules),
})
export type ClassRules = Static<typeof ClassRules>

/** `PUT /api/v2/classes/{class}/rules`: without `own` the class follows the server again. */
export const ClassRulesEdit = Type.Object({ own: Type.Optional(AttentionRules) })
export type ClassRulesEdit = Static<typeof ClassRulesEdit>

/** `POST /api/v2/classes/{class}/rules/preview`: rules to try on the last lesson, or on what was between two times (ms). */
export const RulesTrial = Type.Object({
  rules: Type.Array(AttentionRules, { minItems: 1, maxItems: 4 }),
  from: Type.Optional(Type.Integer({ minimum: 0 })),
  to: Type.Optional(Type.Integer({ minimum: 0 })),
})
export type RulesTrial = Static<typeof RulesTrial>

const Count = Type.Integer({ minimum: 0 })
/** Students who would have been shown so, how often that would have begun, and how long it would have been, ms in all. */
const Shown = Type.Object({ students: Count, times: Count, ms: Count })

/** What the rules would have shown, in the order in which they were asked for. `students`: who was there. */
export const RulesOutcome = Type.Object({
  from: Count,
  to: Count,
  students: Count,
  outcomes: Type.Array(Type.Object({ stuck: Shown, failing: Shown, idle: Shown })),
})
export type RulesOutcome = Static<typeof RulesOutcome>
