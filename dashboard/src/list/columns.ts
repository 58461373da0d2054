import type { RosterEntry } from '@lectern/protocol'
import type { Row } from '../class/overview.ts'
import { notebookName } from '../class/progress.ts'
import type { Messages } from '../i18n/en.ts'

/** A student with what the roster says of them. */
export interface Listed {
  readonly row: Row
  readonly entry: RosterEntry | undefined
}

/** Name of a column. */
export type ColumnName = keyof Messages['wall']['columns']

interface Column {
  readonly name: ColumnName
  /** Its track of the grid. */
  readonly size: string
  /** Shown only where the list is at least so many rem wide; 0: always. */
  readonly from: number
  /** True: can not be hidden. */
  readonly isFixed?: true
  /** Ascending; undefined: by need, as the wall. */
  readonly compare?: (a: Listed, b: Listed) => number
}

const texts = new Intl.Collator(undefined, { numeric: true })
const NOTHING = '\uFFFF'

const byText = (of: (one: Listed) => string | undefined) => (a: Listed, b: Listed) =>
  texts.compare(of(a) ?? NOTHING, of(b) ?? NOTHING) || a.row.rank - b.row.rank
const byNumber = (of: (one: Listed) => number) => (a: Listed, b: Listed) => of(a) - of(b) || a.row.rank - b.row.rank

/** The columns of the list, in their order. */
export const COLUMNS: readonly Column[] = [
  { name: 'name', size: 'minmax(9.5rem, 1fr)', from: 0, isFixed: true, compare: byNumber(({ row }) => row.rank) },
  { name: 'need', size: 'minmax(11rem, 2fr)', from: 0, isFixed: true },
  { name: 'team', size: 'minmax(4.5rem, 0.6fr)', from: 52, compare: byText(({ entry }) => entry?.team) },
  { name: 'seat', size: '4.5rem', from: 66, compare: byText(({ entry }) => entry?.seat) },
  {
    name: 'notebook',
    size: 'minmax(7rem, 0.8fr)',
    from: 44,
    compare: byText(({ row: { student } }) => student.notebook && notebookName(student.notebook)),
  },
  { name: 'cell', size: '4.5rem', from: 36, compare: byNumber(({ row }) => row.student.cell?.index ?? -1) },
  { name: 'recent', size: '6.5rem', from: 48, compare: byNumber(recentRuns) },
  { name: 'runs', size: '4.75rem', from: 62, compare: byNumber(({ row }) => row.student.executions) },
  { name: 'failures', size: '5rem', from: 62, compare: byNumber(({ row }) => row.student.failures) },
  { name: 'seen', size: '7rem', from: 80, compare: byNumber(({ row }) => -row.student.lastAt) },
]

function recentRuns({ row: { student } }: Listed): number {
  return Object.values(student.recent ?? {}).reduce((sum, [runs]) => sum + runs, 0)
}

/** By which column a list is sorted. */
export interface Sorting {
  readonly column: ColumnName
  readonly isDown: boolean
}

/** Reads the sorting from the address: `name`, or `-name` for descending; by need where it says nothing that is known. */
export function readSorting(text: string | undefined): Sorting {
  const isDown = text?.startsWith('-') ?? false
  const found = COLUMNS.find(({ name }) => name === (isDown ? text?.slice(1) : text))
  return found ? { column: found.name, isDown } : { column: 'need', isDown: false }
}

/** What stands in the address for the sorting after a press on a column's head: up, down, then by need again. */
export function sortingAfter(before: Sorting, pressed: ColumnName): string {
  if (pressed === 'need') return before.column === 'need' && !before.isDown ? '-need' : ''
  if (before.column !== pressed) return pressed
  return before.isDown ? '' : `-${pressed}`
}

/** Rows, which come by need, in the order of a column. */
export function sortRows(rows: readonly Listed[], { column, isDown }: Sorting): readonly Listed[] {
  const compare = COLUMNS.find(({ name }) => name === column)?.compare
  const sorted = compare ? rows.toSorted(compare) : rows
  return isDown ? sorted.toReversed() : sorted
}

/** The columns that a list so many rem wide shows. */
export function columnsFor(width: number, hidden: readonly string[]): readonly Column[] {
  return COLUMNS.filter(({ name, from, isFixed }) => from <= width && (isFixed === true || !hidden.includes(name)))
}
