import { useCallback, useEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react'
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual'
import { useTranslations } from 'use-intl'
import { rootFontPx } from '../app/root-font.ts'
import { useWidth } from '../app/use-width.ts'
import { useStudentHref } from '../shell/place.ts'
import { columnsFor, type ColumnName, type Listed, type Sorting } from './columns.ts'
import { StudentRow } from './student-row.tsx'

const ROW_REM = 3
/** Minutes are shown: finer than this would render every row for nothing. */
const CLOCK_STEP_MS = 10_000
const PAGE_ROWS = 10

/** Where a key leads from row `at` of `count`; undefined for keys that lead nowhere. */
export function rowAfterKey(key: string, at: number, count: number): number | undefined {
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + PAGE_ROWS,
    PageUp: at - PAGE_ROWS,
    Home: 0,
    End: count,
  }
  const wanted = Object.hasOwn(to, key) ? to[key as keyof typeof to] : undefined
  return wanted === undefined ? undefined : Math.max(0, Math.min(count - 1, wanted))
}

interface StudentTableProps {
  readonly classId: string
  readonly rows: readonly Listed[]
  readonly hidden: readonly string[]
  readonly sorting: Sorting
  readonly onSort: (column: ColumnName) => void
  /** The server's clock, ms. */
  readonly now: number
}

function useRows(rows: readonly Listed[], active: number) {
  const box = useRef<HTMLDivElement>(null)
  const px = useWidth(box)
  // The font follows the width of the window; asking for it at each change would cost a layout.
  const rem = useMemo(() => (px > 0 ? rootFontPx() : 16), [px])
  const size = Math.round(rem * ROW_REM)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => size,
    getItemKey: (index) => rows[index]?.row.id ?? index,
    overscan: 6,
    // The heads stand above the rows, over those that are scrolled away.
    scrollPaddingStart: size,
    // The row that has the keyboard stays, even when it was scrolled away.
    rangeExtractor: (range: Range) => [...new Set([...defaultRangeExtractor(range), active])].sort((a, b) => a - b),
  })
  useEffect(() => {
    virtual.measure()
  }, [size, virtual])
  return { box, virtual, width: px / rem }
}

interface HeadsProps extends Pick<StudentTableProps, 'sorting' | 'onSort'> {
  readonly columns: readonly ColumnName[]
}

function Heads({ columns, sorting, onSort }: HeadsProps) {
  const t = useTranslations('wall.columns')
  const stateOf = (name: ColumnName) =>
    name === sorting.column ? (sorting.isDown ? 'descending' : 'ascending') : undefined
  return (
    <div role="row" aria-rowindex={1} className="list-row list-heads">
      {columns.map((name) => (
        <span key={name} role="columnheader" aria-sort={stateOf(name)} className={`list-cell list-${name}`}>
          <button type="button" className="list-head" onClick={() => onSort(name)}>
            {t(name)}
            <span className="list-sign" aria-hidden="true" />
          </button>
        </span>
      ))}
    </div>
  )
}

/** The students as a table, as many rows as fit; arrow keys move, the others are not in the document. */
export function StudentTable({ classId, rows, hidden, sorting, onSort, now }: StudentTableProps) {
  const t = useTranslations('students')
  const hrefOf = useStudentHref(classId)
  const [activeId, setActiveId] = useState<string>()
  const found = rows.findIndex(({ row }) => row.id === activeId)
  const active = Math.max(0, found)
  const { box, virtual, width } = useRows(rows, Math.min(active, Math.max(0, rows.length - 1)))
  const columns = useMemo(() => columnsFor(width, hidden), [width, hidden])
  const names = useMemo(() => columns.map(({ name }) => name), [columns])
  const clock = Math.floor(now / CLOCK_STEP_MS) * CLOCK_STEP_MS
  const move = useCallback(
    (event: KeyboardEvent) => {
      const to = rowAfterKey(event.key, active, rows.length)
      const next = to === undefined ? undefined : rows[to]
      if (to === undefined || !next || !(event.target as HTMLElement).matches('.list-link')) return
      event.preventDefault()
      setActiveId(next.row.id)
      virtual.scrollToIndex(to)
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${to}"] a`)?.focus())
    },
    [active, rows, virtual, box],
  )
  const tracks = { '--list-columns': columns.map(({ size }) => size).join(' ') } as CSSProperties
  return (
    <div className="list-scroll" ref={box}>
      <div role="table" className="list-table" aria-label={t('title')} aria-rowcount={rows.length + 1} style={tracks}>
        <div role="rowgroup" className="list-top">
          <Heads columns={names} sorting={sorting} onSort={onSort} />
        </div>
        <div role="rowgroup" className="list-body" style={{ height: virtual.getTotalSize() }} onKeyDown={move}>
          {virtual.getVirtualItems().map(({ index, start, size, key }) => {
            const one = rows[index]
            return one ? (
              <div
                key={key}
                role="row"
                aria-rowindex={index + 2}
                data-index={index}
                data-kind={one.row.phase.kind}
                className={`list-row kind-${one.row.phase.kind}`}
                style={{ transform: `translateY(${start}px)`, height: size }}
                onFocus={() => setActiveId(one.row.id)}
              >
                <StudentRow {...one} columns={names} hrefOf={hrefOf} clock={clock} isTabStop={index === active} />
              </div>
            ) : null
          })}
        </div>
      </div>
    </div>
  )
}
