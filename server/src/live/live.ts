import type { ClassState, Patch, StoredEvent } from '@lectern/protocol'
import type { MatrixRows } from './matrix.ts'
import type { RuleSetName } from './rules.ts'

/** Patches, in order, that take any state between `from` and `to` to `to` (SPEC STA-3). */
export interface Changes {
  from: number
  to: number
  changes: Patch[]
}

/** A student's help request was opened or closed, for the student's own sockets. `since` in ms when open. */
export interface HelpNotice {
  student: string
  open: boolean
  since?: number
}

/** Name of the set of rules in force; `experiment` when one chose it. */
export interface RulesInForce {
  rules: RuleSetName
  experiment?: string
}

/**
 * The fold of one class: follows its log in offset order and holds the state at the last offset applied.
 * Deterministic: no clock, no randomness, no I/O. Owned by one thread.
 */
export interface ClassFold {
  readonly offset: number
  /** Applies events whose offsets follow `offset` without a gap. Throws RangeError on a gap or repeat. */
  apply(events: readonly StoredEvent[]): void
  /** What changed since the last flush, also added to the ring of recent changes; undefined if nothing did. */
  flush(): (Changes & { help: HelpNotice[] }) | undefined
  /** The difference from `since` to the last flush, or undefined when only a snapshot will do (SPEC SUB-3). */
  since(offset: number): Changes | undefined
  /** Forgets recent changes: who holds an older offset gets a snapshot. */
  forgetRecent(): void
  /** The state at the last flush (`offset` of `flushed`): what readers hold. */
  snapshot(): { offset: number; state: ClassState }
  /** The set of rules in force, and the experiment that chose it (SPEC STA-9). */
  rules(): RulesInForce
  /** Open help request of a student, if any. */
  help(student: string): HelpNotice
  /**
   * How far each student is with the cells of a notebook, at `offset`: all, or those who moved after `since`; undefined when
   * nobody did (SPEC MTX-1).
   */
  matrix(notebook: string, since?: number): MatrixRows | undefined
  /** Everything needed to go on folding, as bytes; see `restoreFold`. Throws RangeError when something was not flushed. */
  checkpoint(): { offset: number; state: Uint8Array }
}
