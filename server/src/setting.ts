/** A value that is not allowed; the message is the sentence after "KEY is VALUE, but ". */
export class Refused extends Error {}

/** One setting: its name, what it does, and how its text is read. */
export interface Setting<T> {
  readonly key: string
  /** Shown in the documentation; undefined: not set. */
  readonly fallback: string | undefined
  readonly what: string
  readonly allowed: string
  /** A secret is never repeated in an error. */
  readonly secret?: true
  /** Throws `Refused`. */
  parse(text: string): T
}
