import { RULE_SETS } from '../live/rules.ts'

/** A flag, as declared. `variants` are the values that code may be given. */
export interface Flag {
  readonly what: string
  /** The room that reads it. */
  readonly owner: string
  readonly removeWhen: string
  readonly variants: readonly string[]
  /** In force when the file says nothing, or kills the flag. */
  readonly fallback: string
  /** Of what a share of a roll-out is a share; the same one always gets the same variant. */
  readonly sticky: 'class' | 'student' | 'none'
}

/** Every flag. One that is not here is refused in the file; one that nothing reads fails a test. */
export const FLAGS = {
  'attention-rules': {
    what: 'Which rules say that a student is stuck, failing or idle',
    owner: 'live',
    removeWhen: 'one set of rules has been chosen for every class',
    variants: Object.keys(RULE_SETS),
    fallback: 'standard',
    sticky: 'class',
  },
} as const satisfies Record<string, Flag>

/** Name of a flag. */
export type FlagKey = keyof typeof FLAGS

/** True for the name of a flag (not of an inherited member). */
export function isFlag(key: string): key is FlagKey {
  return Object.hasOwn(FLAGS, key)
}

/** An experiment over a flag: what is counted, of what. */
export interface Experiment {
  readonly what: string
  readonly flag: FlagKey
  /** The outcome in words; `experiment-count.ts` counts it. */
  readonly outcome: string
}

/** Every experiment. */
export const EXPERIMENTS = {
  'rules-and-recovery': {
    what: 'Do students get out of trouble more often under one set of rules?',
    flag: 'attention-rules',
    outcome: 'of three errors in a row in one cell: the cell ran well within ten minutes',
  },
} as const satisfies Record<string, Experiment>

/** Name of an experiment. */
export type ExperimentKey = keyof typeof EXPERIMENTS

/** A candidate that can run in the shadow of what is in force. */
export interface Shadow {
  readonly what: string
  /** The flag and its variant that put the candidate in force. */
  readonly flag: FlagKey
  readonly variant: keyof typeof RULE_SETS
}

/** Every shadow. */
export const SHADOWS = {
  'patient-rules': {
    what: 'The set of rules "patient" beside the set in force in each class',
    flag: 'attention-rules',
    variant: 'patient',
  },
} as const satisfies Record<string, Shadow>

/** Name of a shadow. */
export type ShadowName = keyof typeof SHADOWS
