import type { CellRef, MatrixCell } from '@lectern/protocol'
import type { Row } from '../class/overview.ts'
import type { Matrix, MatrixRow } from './matrix.ts'

/** How the students of the matrix are ordered. */
export const ORDERS = ['need', 'name', 'progress', 'team'] as const
export type Order = (typeof ORDERS)[number]

/** One cell of the notebook, and how far those who share are with it. Medians are of those who are done with it. */
export interface Column {
  /** Place in the rows of the matrix. */
  readonly at: number
  readonly cell: CellRef
  readonly reached: number
  readonly done: number
  readonly failing: number
  readonly tries: number
  readonly medianSeconds: number | undefined
  readonly medianTries: number | undefined
  /** Students who came no further than this cell, and are not done with it. */
  readonly held: number
}

/** One line of the grid: the name of a team, or a student. */
export type Line =
  | { readonly is: 'team'; readonly team: string; readonly students: number }
  | { readonly is: 'student'; readonly row: Row; readonly cells: MatrixRow; readonly done: number }

const NOTHING: MatrixRow = []
export const isDone = (cell: MatrixCell | undefined): boolean => cell?.state === 'done' || cell?.state === 'recovered'

/** The middle of numbers that this may sort. */
function median(values: Float64Array): number | undefined {
  const { length } = values
  if (length === 0) return undefined
  values.sort()
  const middle = Math.floor(length / 2)
  const [low = 0, high = 0] = [values[middle - 1], values[middle]]
  return length % 2 === 1 ? high : (low + high) / 2
}

/** Sums of one cell while they are made. */
interface Sums {
  readonly at: number
  readonly cell: CellRef
  reached: number
  failing: number
  tries: number
  held: number
  /** Of those who are done. */
  readonly seconds: number[]
  readonly doneTries: number[]
}

/** Adds a student's cells, of which the last one that was reached is where the student stands. */
function addRow(row: MatrixRow, sums: readonly Sums[]): void {
  let last: Sums | undefined
  let lastCell: MatrixRow[number]
  for (const sum of sums) {
    const cell = row[sum.at]
    if (!cell) continue
    last = sum
    lastCell = cell
    sum.reached += 1
    sum.tries += cell.tries
    if (cell.state === 'failing') sum.failing += 1
    if (!isDone(cell)) continue
    sum.seconds.push(cell.seconds)
    sum.doneTries.push(cell.tries)
  }
  if (last && !isDone(lastCell)) last.held += 1
}

/** The cells of the notebook in its order, with their sums: once through all rows, since a large class has a hundred thousand cells. */
export function columnsOf({ columns, rows }: Matrix): readonly Column[] {
  const sums = columns
    .flatMap((cell, at): Sums[] =>
      cell ? [{ cell, at, reached: 0, failing: 0, tries: 0, held: 0, seconds: [], doneTries: [] }] : [],
    )
    .sort((a, b) => a.cell.index - b.cell.index || a.at - b.at)
  for (const row of rows.values()) addRow(row, sums)
  return sums.map(({ seconds, doneTries, ...sum }) => ({
    ...sum,
    done: seconds.length,
    medianSeconds: median(Float64Array.from(seconds)),
    medianTries: median(Float64Array.from(doneTries)),
  }))
}

/** The cell at which most students stand still now, or else fail; undefined when nobody does. */
export function hardestOf(columns: readonly Column[]): Column | undefined {
  const [first] = columns.toSorted((a, b) => b.held - a.held || b.failing - a.failing)
  return first && first.held + first.failing > 0 ? first : undefined
}

const doneIn = (cells: MatrixRow): number => cells.filter(isDone).length

/** The students in an order; `rows` come by need. */
export function orderRows(rows: readonly Row[], order: Order, matrix: Matrix): readonly Row[] {
  if (order === 'need') return rows
  const byName = rows.toSorted((a, b) => a.rank - b.rank)
  if (order !== 'progress') return byName
  const done = new Map(rows.map(({ id }) => [id, doneIn(matrix.rows.get(id) ?? NOTHING)]))
  return byName.toSorted((a, b) => (done.get(b.id) ?? 0) - (done.get(a.id) ?? 0))
}

type StudentLine = Extract<Line, { is: 'student' }>

/** Makes a reader that keeps the lines which have not changed, for components that compare by identity. */
export function createLines() {
  let before: ReadonlyMap<string, StudentLine> = new Map()

  const lineOf = (row: Row, matrix: Matrix): StudentLine => {
    const cells = row.student.sharing === false ? NOTHING : (matrix.rows.get(row.id) ?? NOTHING)
    const known = before.get(row.id)
    return known?.row === row && known.cells === cells ? known : { is: 'student', row, cells, done: doneIn(cells) }
  }

  /** The lines of the grid, under the names of teams where these are given. */
  return (rows: readonly Row[], matrix: Matrix, teams?: ReadonlyMap<string, string>): readonly Line[] => {
    const lines = rows.map((row) => lineOf(row, matrix))
    before = new Map(lines.map((line) => [line.row.id, line]))
    if (!teams) return lines
    const byTeam = Map.groupBy(lines, ({ row }) => teams.get(row.id) ?? '')
    const named = [...byTeam].sort(([a], [b]) => Number(a === '') - Number(b === '') || a.localeCompare(b))
    return named.flatMap(([team, own]) => [{ is: 'team', team, students: own.length } as const, ...own])
  }
}
