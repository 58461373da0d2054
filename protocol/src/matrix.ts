import { Type, type Static } from 'typebox'
import { CellRef } from './events.ts'

/** How a student is with a cell: the last run succeeded, succeeded after runs that failed, failed, or told nothing. */
export const MATRIX_STATES = ['done', 'recovered', 'failing', 'tried'] as const
export type MatrixState = (typeof MATRIX_STATES)[number]

/**
 * A student in a cell. `tries`: runs; `seconds`: from the first run to the first that succeeded, or to the last one when none
 * did.
 */
export interface MatrixCell {
  state: MatrixState
  tries: number
  seconds: number
}

/**
 * How far each student is with each cell of a notebook (SPEC MTX-1): all rows, or, with `from`, those that changed after it.
 * `cells` are the columns, where all rows come or the columns changed; null stands for one that nobody is in any more. A row
 * (see `readMatrixRow`) has its cells in the order of the columns.
 */
export const MatrixMessage = Type.Object({
  kind: Type.Literal('matrix'),
  class: Type.String(),
  notebook: Type.String(),
  at: Type.Integer({ minimum: 0 }),
  from: Type.Optional(Type.Integer({ minimum: 0 })),
  to: Type.Integer({ minimum: 0 }),
  cells: Type.Optional(Type.Array(Type.Union([CellRef, Type.Null()]))),
  rows: Type.Record(Type.String(), Type.String()),
})
export type MatrixMessage = Static<typeof MatrixMessage>

const BASE = 36
const LETTERS: Readonly<Record<MatrixState, string>> = { done: 'd', recovered: 'r', failing: 'f', tried: 't' }
const STATES = Object.fromEntries(MATRIX_STATES.map((state) => [LETTERS[state], state]))

/** A cell as text: a letter, the number of tries unless it is one, and after a dot the seconds unless there are none (both to base 36). */
export function writeMatrixCell({ state, tries, seconds }: MatrixCell): string {
  const count = tries === 1 ? '' : tries.toString(BASE)
  return seconds === 0 ? LETTERS[state] + count : `${LETTERS[state]}${count}.${seconds.toString(BASE)}`
}

/** Cells that were read lately, by their text: most of a class are alike. */
const read = new Map<string, Readonly<MatrixCell> | undefined>()
const MOST_READ = 20_000

function cellOf(text: string): Readonly<MatrixCell> | undefined {
  const state = STATES[text[0] ?? '']
  if (state === undefined) return undefined
  const dot = text.indexOf('.')
  const count = dot < 0 ? text.slice(1) : text.slice(1, dot)
  return {
    state,
    tries: count === '' ? 1 : Number.parseInt(count, BASE),
    seconds: dot < 0 ? 0 : Number.parseInt(text.slice(dot + 1), BASE),
  }
}

function readCell(text: string): Readonly<MatrixCell> | undefined {
  const known = read.get(text)
  if (known !== undefined || text === '') return known
  if (read.size >= MOST_READ) read.clear()
  const cell = cellOf(text)
  read.set(text, cell)
  return cell
}

/** A row: the cells in the order of the columns, with commas between; nothing for one that was not reached. */
export function readMatrixRow(row: string): readonly (Readonly<MatrixCell> | undefined)[] {
  return row === '' ? [] : row.split(',').map(readCell)
}
