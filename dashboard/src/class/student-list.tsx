import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual'
import { useTranslations } from 'use-intl'
import { useMedia } from '../app/use-media.ts'
import type { Row } from './overview.ts'
import { useStudentHref } from '../shell/place.ts'
import { StudentRow } from './student-row.tsx'

const ROW_REM = { wide: 3.25, narrow: 4.5 } as const
/** Minutes are shown: finer than this would render every row for nothing. */
const CLOCK_STEP_MS = 10_000
const PAGE_ROWS = 10

function rootFontPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
}

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

interface StudentListProps {
  readonly classId: string
  readonly rows: readonly Row[]
  readonly now: number
}

function useRows(rows: readonly Row[], active: number) {
  const box = useRef<HTMLDivElement>(null)
  const narrow = useMedia('(max-width: 47.5em)')
  const size = Math.round(rootFontPx() * (narrow ? ROW_REM.narrow : ROW_REM.wide))
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => size,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
    // The row that has the keyboard stays, even when it was scrolled away.
    rangeExtractor: (range: Range) => [...new Set([...defaultRangeExtractor(range), active])].sort((a, b) => a - b),
  })
  useEffect(() => {
    virtual.measure()
  }, [size, virtual])
  return { box, virtual }
}

/** The students, as many as fit; arrow keys move, the others are not in the document. */
export function StudentList({ classId, rows, now }: StudentListProps) {
  const t = useTranslations('students')
  const [activeId, setActiveId] = useState<string>()
  const active = Math.max(
    0,
    rows.findIndex(({ id }) => id === activeId),
  )
  const { box, virtual } = useRows(rows, Math.min(active, Math.max(0, rows.length - 1)))
  const hrefOf = useStudentHref(classId)
  const clock = Math.floor(now / CLOCK_STEP_MS) * CLOCK_STEP_MS

  const move = useCallback(
    (event: KeyboardEvent) => {
      const to = rowAfterKey(event.key, active, rows.length)
      const row = to === undefined ? undefined : rows[to]
      if (to === undefined || !row) return
      event.preventDefault()
      setActiveId(row.id)
      virtual.scrollToIndex(to)
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${to}"] a`)?.focus())
    },
    [active, rows, virtual, box],
  )
  return (
    <div className="student-scroll" ref={box}>
      <ul className="student-list" aria-label={t('title')} style={{ height: virtual.getTotalSize() }} onKeyDown={move}>
        {virtual.getVirtualItems().map(({ index, start, size, key }) => {
          const row = rows[index]
          return row ? (
            <li
              key={key}
              data-index={index}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)`, height: size }}
              onFocus={() => setActiveId(row.id)}
            >
              <StudentRow hrefOf={hrefOf} row={row} clock={clock} isTabStop={index === active} />
            </li>
          ) : null
        })}
      </ul>
    </div>
  )
}
