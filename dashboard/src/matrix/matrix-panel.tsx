import { useMemo, useState } from 'react'
import { MATRIX_STATES, type ClassInfo } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { goTo, hrefOfClass } from '../app/route.ts'
import { useMedia } from '../app/use-media.ts'
import { may } from '../class/may.ts'
import { Panel } from '../class/panel.tsx'
import { useFrozenRows } from '../class/use-frozen-rows.ts'
import { cellNumber } from '../class/use-reason.ts'
import { useRoster } from '../http/queries.ts'
import { Choice } from '../parts/fields.tsx'
import { TakeOut } from '../parts/take-out.tsx'
import { useNarrow, usePlace, useStudentHref } from '../shell/place.ts'
import { useSeen, useSources } from '../shell/seen.tsx'
import { ColumnTable } from './column-table.tsx'
import { columnsOf, createLines, hardestOf, ORDERS, orderRows, type Column, type Line, type Order } from './grid.ts'
import type { Place } from './grid-keys.ts'
import type { Matrix } from './matrix.ts'
import { MatrixGrid } from './matrix-grid.tsx'
import { useCellWords } from './use-cell-words.ts'
import { useMatrix } from './use-matrix.ts'

const everybody = () => true

/** Which shape and colour is which state. */
function Legend() {
  const t = useTranslations('matrix.states')
  return (
    <ul className="legend matrix-legend">
      {[...MATRIX_STATES, 'left' as const].map((state) => (
        <li key={state}>
          <span className={`matrix-cell is-${state}`} aria-hidden="true" />
          {t(state)}
        </li>
      ))}
    </ul>
  )
}

interface DetailProps {
  readonly place: Place | undefined
  readonly lines: readonly Line[]
  readonly columns: readonly Column[]
  readonly onOpen: (place: Place) => void
}

/** What one looks at, in words. */
function Detail({ place, lines, columns, onOpen }: DetailProps) {
  const t = useTranslations('matrix')
  const words = useCellWords()
  const line = place && lines[place.line]
  const column = place && columns[place.column]
  if (line?.is !== 'student' || !column) return <p className="matrix-detail muted">{t('hint')}</p>
  const isSilent = line.row.student.sharing === false
  return (
    <p className="matrix-detail">
      <span>
        {isSilent ? `${line.row.name}: ${t('notSharing')}` : words(line.row.name, column, line.cells[column.at])}
      </span>
      {!isSilent && line.cells[column.at] && (
        <button type="button" className="button small-button narrow-only" onClick={() => onOpen(place)}>
          {t('runs')}
        </button>
      )}
    </p>
  )
}

/** Where they stop, in a sentence. */
function Verdict({ hardest }: { readonly hardest: Column | undefined }) {
  const t = useTranslations('matrix')
  if (!hardest) return t('flows')
  const cell = cellNumber(hardest.cell.index)
  return hardest.held > 0 ? t('stops', { cell, n: hardest.held }) : t('fails', { cell, n: hardest.failing })
}

/** The matrix as a table to take out: a line a student, two columns a cell. */
function useTable(lines: readonly Line[], columns: readonly Column[]) {
  const t = useTranslations('matrix')
  const nameOf = ({ cell }: Column) => t('cellName', { cell: cellNumber(cell.index) })
  return () => ({
    columns: [t('student'), ...columns.flatMap((column) => [nameOf(column), `${nameOf(column)} – ${t('tries')}`])],
    rows: lines.flatMap((line) => {
      if (line.is === 'team') return []
      if (line.row.student.sharing === false) return [[line.row.name, t('notSharing')]]
      const cells = columns.map(({ at }) => line.cells[at])
      return [[line.row.name, ...cells.flatMap((cell) => [t(`states.${cell?.state ?? 'left'}`), cell?.tries ?? 0])]]
    }),
  })
}

function useTeams(classId: string, isAsked: boolean): ReadonlyMap<string, string> | undefined {
  const { data } = useRoster(classId)
  return useMemo(
    () => (isAsked ? new Map(data?.students.map(({ id, team = '' }) => [id, team])) : undefined),
    [data, isAsked],
  )
}

interface FilledProps {
  readonly info: ClassInfo
  readonly matrix: Matrix
  readonly order: Order
  readonly path: string
}

function Filled({ info, matrix, order, path }: FilledProps) {
  const t = useTranslations('matrix')
  const { overview } = useSeen()
  const hrefOf = useStudentHref(info.id)
  const isNarrow = useMedia('(max-width: 40rem)')
  const [place, setPlace] = useState<Place>()
  const teams = useTeams(info.id, order === 'team')
  const columns = useMemo(() => columnsOf(matrix), [matrix])
  const ordered = useMemo(() => orderRows(overview.rows, order, matrix), [overview, order, matrix])
  const { rows, hold } = useFrozenRows(ordered, everybody)
  const linesOf = useMemo(createLines, [])
  const lines = useMemo(() => linesOf(rows, matrix, teams), [linesOf, rows, matrix, teams])
  const table = useTable(lines, columns)
  const hardest = hardestOf(columns)
  const students = overview.rows.filter(({ student }) => student.sharing !== false).length
  const open = ({ line: at, column: index }: Place) => {
    const [line, column] = [lines[at], columns[index]]
    if (line?.is !== 'student' || !column || line.row.student.sharing === false) return
    const query = { notebook: matrix.notebook, cell: column.cell.id }
    goTo(hrefOfClass({ id: info.id, view: 'student', part: line.row.id, query }))
  }
  if (columns.length === 0) return <p className="empty">{t('empty')}</p>
  return (
    <>
      <div className="matrix-top">
        <p className="progress-verdict">
          <Verdict hardest={hardest} />
        </p>
        {may(info, 'class.edit') && <TakeOut name={`${info.name} – ${path}`} table={table} />}
      </div>
      <div {...hold}>
        <MatrixGrid {...{ lines, columns, students, hardest, isNarrow, hrefOf }} onLook={setPlace} onOpen={open} />
      </div>
      <div className="matrix-foot">
        <Detail place={place} lines={lines} columns={columns} onOpen={open} />
        <Legend />
      </div>
      <ColumnTable columns={columns} hardest={hardest} />
    </>
  )
}

interface MatrixPanelProps {
  readonly info: ClassInfo
  /** Notebooks in which anybody has run a cell, and the one that is looked at. */
  readonly notebooks: readonly { readonly id: string; readonly text: string }[]
  readonly notebook: string | undefined
  readonly onNotebook: (id: string) => void
}

/** How far each student is with each cell of a notebook. */
export function MatrixPanel({ info, notebooks, notebook, onNotebook }: MatrixPanelProps) {
  const t = useTranslations('matrix')
  const { shown } = useSources()
  const narrow = useNarrow(info.id)
  const { query } = usePlace(info.id)
  const order = ORDERS.find((name) => name === query['order']) ?? 'need'
  const matrix = useMatrix(shown, notebook)
  const path = notebooks.find(({ id }) => id === notebook)?.text ?? ''
  const orders = ORDERS.map((id) => ({ id, text: t(`orders.${id}`) }))
  const onOrder = (id: Order) => narrow({ order: id === 'need' ? '' : id })
  const books = notebooks.length > 1 && notebook !== undefined
  const wait = shown.isLive ? t('loading') : t('noMatrix')
  return (
    <Panel
      id="matrix"
      title={t('title')}
      tools={
        <>
          {books && <Choice label={t('notebook')} value={notebook} options={notebooks} onChange={onNotebook} />}
          <Choice label={t('order')} value={order} options={orders} onChange={onOrder} />
        </>
      }
    >
      {matrix ? (
        <Filled key={matrix.notebook} info={info} matrix={matrix} order={order} path={path} />
      ) : (
        <p className="empty" role="status">
          {notebook === undefined ? t('empty') : wait}
        </p>
      )}
    </Panel>
  )
}
