import { cutText } from './text.ts'

/** One step of a change of text, as shared models report it. */
export interface TextStep {
  readonly retain?: number | undefined
  readonly insert?: unknown
  readonly delete?: number | undefined
}

/** Characters typed, pasted and deleted. */
export interface EditCounts {
  typed: number
  pasted: number
  deleted: number
}

/** Adds a change to `counts`. */
export function countEdit(counts: EditCounts, steps: readonly TextStep[], pasted: boolean): void {
  for (const step of steps) {
    if (typeof step.insert === 'string') counts[pasted ? 'pasted' : 'typed'] += step.insert.length
    if (step.delete !== undefined) counts.deleted += step.delete
  }
}

/** ms since the first change of its event, and its steps (SPEC EVT-10). */
export type EditDelta = readonly [ms: number, steps: readonly TextStep[]]

/** What a `cell_edited` says. */
export interface EditData extends EditCounts {
  readonly deltas: readonly EditDelta[]
}

interface Open {
  readonly counts: EditCounts
  readonly deltas: EditDelta[]
  readonly since: number
  timer?: ReturnType<typeof setTimeout>
  /** UTF-16 units inserted. */
  chars: number
}

interface Parts<Cell> {
  /** A cell is reported once nothing has changed in it for so long. */
  readonly quietMs: number
  readonly clock: () => number
  readonly report: (cell: Cell, data: EditData) => void
}

/** More does not go into one event. */
const MOST_DELTAS = 1_000
const MOST_CHARS = 32_000

const insertedChars = (steps: readonly TextStep[]) =>
  steps.reduce((sum, { insert }) => sum + (typeof insert === 'string' ? insert.length : 0), 0)

/** What a step says, without what else the editor's framework keeps in it; long pastes are cut. */
const plainStep = ({ retain, insert, delete: gone }: TextStep): TextStep => ({
  ...(retain === undefined ? {} : { retain }),
  ...(typeof insert === 'string' ? { insert: cutText(insert, MOST_CHARS) } : {}),
  ...(gone === undefined ? {} : { delete: gone }),
})

/** Collects the edits of cells until a cell stands still, holds as much as an event may, or is flushed because it runs. */
export function createEdits<Cell>({ quietMs, clock, report }: Parts<Cell>) {
  const open = new Map<Cell, Open>()
  const flush = (cell: Cell) => {
    const found = open.get(cell)
    if (!found) return
    clearTimeout(found.timer)
    open.delete(cell)
    const { counts, deltas } = found
    if (counts.typed + counts.pasted + counts.deleted > 0) report(cell, { ...counts, deltas })
  }
  return {
    changed(cell: Cell, steps: readonly TextStep[], pasted: boolean): void {
      const now = clock()
      const counts = { typed: 0, pasted: 0, deleted: 0 }
      const known: Open = open.get(cell) ?? { counts, deltas: [], since: now, chars: 0 }
      clearTimeout(known.timer)
      countEdit(known.counts, steps, pasted)
      known.deltas.push([now - known.since, steps.map(plainStep)])
      known.chars += insertedChars(steps)
      known.timer = setTimeout(() => flush(cell), quietMs)
      open.set(cell, known)
      if (known.deltas.length >= MOST_DELTAS || known.chars >= MOST_CHARS) flush(cell)
    },
    flush,
    flushAll: () => {
      for (const cell of open.keys()) flush(cell)
    },
  }
}
