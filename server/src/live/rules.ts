import { AttentionRules, OWN_RULES } from '@lectern/protocol'
import { Value } from 'typebox/value'

/** The rules of attention: every threshold in one place. Times in milliseconds. */
export type Rules = AttentionRules

/** The rules that hold where nothing else was chosen. */
const STANDARD: Rules = {
  activeForMs: 120_000,
  awayAfterMs: 30 * 60_000,
  stuckErrors: 3,
  stuckTryingMs: 5 * 60_000,
  stuckSilentMs: 4 * 60_000,
}

/**
 * For lessons in which students are to work a problem out for themselves: trying again is left alone for longer,
 * and only what really stands still is called stuck.
 */
const PATIENT: Rules = {
  ...STANDARD,
  activeForMs: 180_000,
  stuckErrors: 6,
  stuckTryingMs: 12 * 60_000,
  stuckSilentMs: 7 * 60_000,
}

/** Every set of rules, by the name that `rules_changed` gives. */
export const RULE_SETS = { standard: STANDARD, patient: PATIENT } as const satisfies Record<string, Rules>

/** Name of a set of rules. */
export type RuleSetName = keyof typeof RULE_SETS

/** True for the name of a set (not of an inherited member). */
export function isRuleSet(name: string): name is RuleSetName {
  return Object.hasOwn(RULE_SETS, name)
}

/** Name of the rules of a class: a set, or its own. */
export type RulesName = RuleSetName | typeof OWN_RULES

/** The rules of a class: a name, and the thresholds where they are its own (SPEC STA-11). */
export interface ClassRulesState {
  rules: RulesName
  own?: Rules
}

/** The thresholds behind a name. */
export function rulesOf({ rules, own = STANDARD }: ClassRulesState): Rules {
  return rules === OWN_RULES ? own : RULE_SETS[rules]
}

/** What a `rules_changed` event says; undefined for a name that is none, or own thresholds that are out of bounds. */
export function rulesIn(data: { readonly rules: string } & Partial<Rules>): ClassRulesState | undefined {
  const { rules } = data
  if (isRuleSet(rules)) return { rules }
  if (rules !== OWN_RULES) return undefined
  const { activeForMs, awayAfterMs, stuckErrors, stuckTryingMs, stuckSilentMs } = data
  const own = { activeForMs, awayAfterMs, stuckErrors, stuckTryingMs, stuckSilentMs }
  return Value.Check(AttentionRules, own) ? { rules, own } : undefined
}

/** Urgency by kind; within a kind the longer one waits the more urgent, which the reader adds. */
export const SCORES = { help: 900, stuck: 700, failing: 400, idle: 200, active: 100, away: 0 } as const
