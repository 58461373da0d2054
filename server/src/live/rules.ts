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

/** The rules in force. */
export const RULES: Rules = {
  activeForMs: 120_000,
  awayAfterMs: 30 * 60_000,
  stuckErrors: 3,
  stuckTryingMs: 5 * 60_000,
  stuckSilentMs: 4 * 60_000,
}

/** Urgency by kind; within a kind the longer one waits the more urgent, which the reader adds. */
export const SCORES = { help: 900, stuck: 700, failing: 400, idle: 200, active: 100, away: 0 } as const
