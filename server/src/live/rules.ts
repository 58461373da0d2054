/** The rules of attention: every threshold in one place. Times in milliseconds. */
export interface Rules {
  /** Active this long after the last sign of life. */
  activeForMs: number
  /** Gone, though no end was heard, after this long without a sign of life. */
  awayAfterMs: number
  /** Stuck after this many errors in a row in one cell. */
  stuckErrors: number
  /** Stuck when a cell has been tried without success for this long. */
  stuckTryingMs: number
  /** Stuck when nothing followed an error for this long. */
  stuckSilentMs: number
}

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

/** Urgency by kind; within a kind the longer one waits the more urgent, which the reader adds. */
export const SCORES = { help: 900, stuck: 700, failing: 400, idle: 200, active: 100, away: 0 } as const
