import { readMatrixRow, type CellRef, type MatrixCell, type MatrixMessage } from '@lectern/protocol'

/** A student's cells, in the order of the columns of the matrix. */
export type MatrixRow = readonly (Readonly<MatrixCell> | undefined)[]

/** How far each student is with each cell of a notebook. A row stays the same object as long as nothing in it changes. */
export interface Matrix {
  readonly notebook: string
  /** Offset of the class's log. */
  readonly to: number
  /** In the order in which they were heard of; null for one that nobody is in any more. */
  readonly columns: readonly (CellRef | null)[]
  readonly rows: ReadonlyMap<string, MatrixRow>
}

/**
 * The matrix that a frame makes of the one before (SPEC MTX-1); undefined when the frame begins after what is held, so that
 * all rows are needed.
 */
export function applyMatrix(held: Matrix | undefined, frame: MatrixMessage): Matrix | undefined {
  const { from, to, notebook, cells, rows } = frame
  const before = held?.notebook === notebook && from !== undefined && from <= held.to ? held : undefined
  if (from !== undefined && !before) return undefined
  const next = new Map(before?.rows)
  for (const [student, row] of Object.entries(rows)) {
    if (row === '') next.delete(student)
    else next.set(student, readMatrixRow(row))
  }
  return { notebook, to, columns: cells ?? before?.columns ?? [], rows: next }
}
