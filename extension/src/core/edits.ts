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

/**
 * Collects the edits of cells and reports each cell's counts once nothing has changed in it for `quietMs`, or when it is
 * flushed because it runs.
 */
export function createEdits<Cell>(quietMs: number, report: (cell: Cell, counts: EditCounts) => void) {
  const open = new Map<Cell, { counts: EditCounts; timer: ReturnType<typeof setTimeout> }>()
  const flush = (cell: Cell) => {
    const found = open.get(cell)
    if (!found) return
    clearTimeout(found.timer)
    open.delete(cell)
    const { typed, pasted, deleted } = found.counts
    if (typed + pasted + deleted > 0) report(cell, found.counts)
  }
  return {
    changed(cell: Cell, steps: readonly TextStep[], pasted: boolean): void {
      const known = open.get(cell)
      const counts = known?.counts ?? { typed: 0, pasted: 0, deleted: 0 }
      if (known) clearTimeout(known.timer)
      countEdit(counts, steps, pasted)
      open.set(cell, { counts, timer: setTimeout(() => flush(cell), quietMs) })
    },
    flush,
    flushAll: () => {
      for (const cell of open.keys()) flush(cell)
    },
  }
}
