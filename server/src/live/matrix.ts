import { writeMatrixCell, type CellRef, type MatrixState } from '@lectern/protocol'
import { cellKeyOf } from './cell-key.ts'
import type { CellMemory, Columns, FoldState, StudentMemory } from './fold-state.ts'

const SECOND_MS = 1000

/** Rows of a matrix, as in `MatrixMessage`. `cells` are there when all rows are, or when the columns changed. */
export interface MatrixRows {
  to: number
  from?: number
  cells?: (CellRef | null)[]
  rows: Record<string, string>
}

/** Marks the columns of a notebook as changed: a cell came, moved, or was left by the last student in it. */
export function noteColumn({ columns, offset }: FoldState, notebook: string, cell: string): void {
  let found = columns.get(notebook)
  if (!found) columns.set(notebook, (found = { at: offset, cells: [] }))
  found.at = offset
  // Columns keep their places, so that rows which did not change need not be told again.
  if (!found.cells.includes(cell)) found.cells.push(cell)
}

function stateOf({ status, failures }: CellMemory): MatrixState {
  if (status === 'error') return 'failing'
  if (status === 'unknown') return 'tried'
  return failures > 0 ? 'recovered' : 'done'
}

function cellText(cell: CellMemory): string {
  const { tries, firstAt, doneAt, last } = cell
  const seconds = Math.max(0, Math.round(((doneAt ?? last.time) - firstAt) / SECOND_MS))
  return writeMatrixCell({ state: stateOf(cell), tries, seconds })
}

function rowOf({ cells }: StudentMemory, keys: readonly string[]): string {
  let row = ''
  let gap = ''
  for (const key of keys) {
    const cell = cells.get(key)
    if (cell) {
      row += gap + cellText(cell)
      gap = ''
    }
    gap += ','
  }
  return row
}

/**
 * How far each student is with the cells of a notebook: all who reached one, or, with `since`, those who moved after that
 * offset (SPEC MTX-1). Undefined when nothing did. Who does not share has no row, or an empty one (SPEC CON-5).
 */
export function matrixOf(
  { columns, memory, view, offset: to }: FoldState,
  notebook: string,
  since?: number,
): MatrixRows | undefined {
  const { at, cells: ids }: Columns = columns.get(notebook) ?? { at: 0, cells: [] }
  const keys = ids.map((id) => cellKeyOf(notebook, id))
  const rows: Record<string, string> = {}
  let any = false
  for (const [student, one] of memory) {
    if (since !== undefined && one.cellsAt <= since) continue
    const row = rowOf(one, keys)
    if (row === '' && since === undefined) continue
    rows[student] = row
    any = true
  }
  const moved = since === undefined || at > since
  if (!any && !moved) return undefined
  return {
    to,
    ...(since === undefined ? {} : { from: since }),
    ...(moved ? { cells: keys.map((key) => view.cells[key]?.cell ?? null) } : {}),
    rows,
  }
}
