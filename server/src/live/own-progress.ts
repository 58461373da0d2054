import { SMALLEST_GROUP, type OwnCell, type OwnProgress } from '@lectern/protocol'
import type { CellMemory, FoldState, StudentMemory } from './fold-state.ts'

const STATES: Readonly<Record<CellMemory['status'], OwnCell['state']>> = {
  ok: 'done',
  error: 'failing',
  unknown: 'tried',
}
const QUARTERS = { low: 0.25, middle: 0.5, high: 0.75 }

function doneOf({ cells }: StudentMemory): number {
  let done = 0
  for (const { status } of cells.values()) if (status === 'ok') done += 1
  return done
}

/** Where the class is: of those who share and have done anything (SPEC TLK-8). */
function bandOf({ view, memory }: FoldState): OwnProgress['band'] {
  const done = Object.entries(view.students)
    .flatMap(([student, { sharing }]) => (sharing === false ? [] : doneOf(memory.get(student) as StudentMemory)))
    .toSorted((a, b) => a - b)
  if (done.length < SMALLEST_GROUP) return undefined
  const at = (share: number): number => done[Math.floor((done.length - 1) * share)] ?? 0
  const { low, middle, high } = QUARTERS
  return { done: { low: at(low), middle: at(middle), high: at(high) }, students: done.length }
}

/** A student's own cells, in the order of their notebooks. */
function notebooksOf({ view, memory }: FoldState, student: string): OwnProgress['notebooks'] {
  const byNotebook = new Map<string, OwnProgress['notebooks'][number]>()
  for (const [key, { status }] of memory.get(student)?.cells ?? []) {
    const known = view.cells[key]
    if (!known) continue
    const { notebook, cell } = known
    const own = byNotebook.get(notebook.id) ?? { notebook, cells: [] }
    own.cells.push({ cell, state: STATES[status] })
    byNotebook.set(notebook.id, own)
  }
  for (const { cells } of byNotebook.values()) cells.sort((a, b) => a.cell.index - b.cell.index)
  return [...byNotebook.values()].toSorted((a, b) => a.notebook.id.localeCompare(b.notebook.id))
}

/** How far a student is, and, with `band`, where the class is. */
export function ownProgress(state: FoldState, student: string, band: boolean): OwnProgress {
  const notebooks = notebooksOf(state, student)
  const found = band ? bandOf(state) : undefined
  return found ? { notebooks, band: found } : { notebooks }
}
