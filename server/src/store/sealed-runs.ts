import type { Owner, Vault } from '../keys/vault.ts'
import { eventContext, runContext } from './contexts.ts'
import type { MadeRow } from './event-row.ts'

/** Events and characters sealed together at most: reading one event opens them all. */
const RUN_EVENTS = 200
const RUN_CHARS = 256 * 1024
/** Distances as they stand in the rows. */
const DIGITS = Array.from({ length: RUN_EVENTS }, (_, distance) => String(distance))
const NOTHING = 'null'

/** Events of one student that are sealed together; `n` is the key of the first. */
interface Run {
  n: number
  student: number
  owner: Owner
  entries: string[]
  chars: number
}

interface SealedRunsOptions {
  vault: Vault
  /** Keeps the sealed bytes of a run. */
  keep: (n: number, student: number, sealed: Uint8Array) => void
}

/**
 * Seals the content of events as they are added: sealing each alone costs as much as all else of it, so neighbours of one
 * student are sealed together.
 */
export class SealedRuns {
  readonly #vault: Vault
  readonly #keep: SealedRunsOptions['keep']
  #run: Run | undefined

  constructor({ vault, keep }: SealedRunsOptions) {
    this.#vault = vault
    this.#keep = keep
  }

  /** What stands in `data` of the row with key `n`. `more`: the next event is of the same student. */
  dataOf(row: MadeRow, n: number, { owner, more }: { owner: Owner; more: boolean }): string | Uint8Array | null {
    const { content, student, data } = row
    if (this.#run && this.#run.student !== student) this.end()
    if (content === undefined) return data
    if (!this.#run && !more) return this.#vault.seal(owner, content, eventContext(n))
    this.#run ??= { n, student, owner: { class: owner.class, student: owner.student }, entries: [], chars: 0 }
    return DIGITS[this.#run.entries.length] ?? null
  }

  /** The row was added, and is not a duplicate. */
  added({ content = NOTHING }: MadeRow): void {
    const run = this.#run
    if (!run) return
    run.entries.push(content)
    run.chars += content.length
    if (run.entries.length >= RUN_EVENTS || run.chars >= RUN_CHARS) this.end()
  }

  /** Seals what is open. */
  end(): void {
    const run = this.#run
    this.#run = undefined
    if (!run || run.entries.length === 0) return
    const sealed = this.#vault.seal(run.owner, `[${run.entries.join(',')}]`, runContext(run.n))
    this.#keep(run.n, run.student, sealed)
  }
}
