import { useVirtualizer } from '@tanstack/react-virtual'
import {
  useEffect,
  useRef,
  useState,
  type CSSProperties,
  useSyncExternalStore,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
} from 'react'
import { useTranslations } from 'use-intl'
import { rootFontPx } from '../app/root-font.ts'
import type { Column, Line } from './grid.ts'
import { placeAfter, type Place } from './grid-keys.ts'
import { Head, idOf, StudentLine, TeamLine, type Shown } from './grid-lines.tsx'
import { useCellWords } from './use-cell-words.ts'

/** Sizes in rem, as in the styles: a projector has larger ones. */
const LINE = 1.875
const HEAD = 3.625
const COLUMN = 1.75
const NAME = { wide: 13, narrow: 7.75 }
const OVERSCAN = { lines: 8, columns: 6 }

interface MatrixGridProps {
  readonly lines: readonly Line[]
  readonly columns: readonly Column[]
  /** Students who share. */
  readonly students: number
  readonly hardest: Column | undefined
  readonly isNarrow: boolean
  /** What the pointer or the keyboard is at. */
  readonly onLook: (place: Place | undefined) => void
  readonly onOpen: (place: Place) => void
  /** Address that opens a student. */
  readonly hrefOf: (student: string) => string
}

function placeAt({ target }: PointerEvent | MouseEvent): Place | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('.matrix-cell') : null
  return cell ? { line: Number(cell.dataset['line']), column: Number(cell.dataset['column']) } : undefined
}

/** Says what the keyboard is at. */
function Spoken({ place, lines, columns }: { place: Place | undefined } & Pick<MatrixGridProps, 'lines' | 'columns'>) {
  const words = useCellWords()
  const line = place && lines[place.line]
  const column = place && columns[place.column]
  return (
    <p className="off-screen" role="status">
      {line?.is === 'student' && column ? words(line.row.name, column, line.cells[column.at]) : ''}
    </p>
  )
}

/** Pixels of a rem, which grows with the width of the window. */
function useRem(): number {
  return useSyncExternalStore(onResize, rootFontPx)
}

function onResize(listener: () => void): () => void {
  window.addEventListener('resize', listener)
  return () => window.removeEventListener('resize', listener)
}

/** Lines and columns that are on the screen of `scroll`. */
function useScreen(scroll: RefObject<HTMLDivElement | null>, { lines, columns, isNarrow }: MatrixGridProps) {
  const rem = useRem()
  const name = rem * (isNarrow ? NAME.narrow : NAME.wide)
  const getScrollElement = () => scroll.current
  const down = useVirtualizer({
    count: lines.length,
    getScrollElement,
    estimateSize: () => rem * LINE,
    overscan: OVERSCAN.lines,
    paddingStart: rem * HEAD,
    scrollPaddingStart: rem * HEAD,
  })
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement,
    estimateSize: () => rem * COLUMN,
    overscan: OVERSCAN.columns,
    paddingStart: name,
    scrollPaddingStart: name,
  })
  useEffect(() => {
    down.measure()
    across.measure()
  }, [down, across, name])
  const items = across.getVirtualItems().map(({ index, start }) => ({ index, start, at: columns[index]?.at ?? -1 }))
  const key = items.map(({ at, start }) => `${at} ${start}`).join()
  const kept = useRef<{ key: string; shown: readonly Shown[] }>({ key: '', shown: [] })
  // The same object while the same columns are on the screen: lines which did not change are not drawn again.
  if (kept.current.key !== key) kept.current = { key, shown: items }
  return { down, across, name, shown: kept.current.shown }
}

/** What the keyboard and the pointer do in the grid. */
function useWalk({ down, across }: ReturnType<typeof useScreen>, { lines, columns, onLook, onOpen }: MatrixGridProps) {
  const [active, setActive] = useState<Place>()
  const look = (place: Place) => {
    setActive(place)
    onLook(place)
  }
  return {
    active,
    on: {
      onKeyDown(event: KeyboardEvent) {
        if (event.key === 'Enter' && active) return onOpen(active)
        const next = placeAfter(active, event, { lines, columns: columns.length })
        if (!next || event.altKey) return undefined
        event.preventDefault()
        look(next)
        down.scrollToIndex(next.line)
        return across.scrollToIndex(next.column)
      },
      onPointerOver: (event: PointerEvent) => event.pointerType === 'mouse' && onLook(placeAt(event) ?? active),
      onPointerLeave: () => onLook(active),
      onClick(event: MouseEvent) {
        const place = placeAt(event)
        if (!place) return
        const isAgain = active?.line === place.line && active.column === place.column
        // A finger can not look without a touch: the first one shows, the second opens.
        const isFinger =
          event.nativeEvent instanceof globalThis.PointerEvent && event.nativeEvent.pointerType !== 'mouse'
        look(place)
        if (isAgain || !isFinger) onOpen(place)
      },
    },
  }
}

function HeadLine({
  name,
  shown,
  columns,
  students,
  hardest,
}: { name: number; shown: readonly Shown[] } & Pick<MatrixGridProps, 'columns' | 'students' | 'hardest'>) {
  const t = useTranslations('matrix')
  return (
    <div role="row" className="matrix-head" aria-rowindex={1} style={{ height: `${HEAD}rem` }}>
      <div role="columnheader" className="matrix-corner" aria-colindex={1} style={{ width: name }}>
        {t('student')}
      </div>
      {shown.map(({ index, start }) => {
        const column = columns[index]
        if (!column) return null
        const isHardest = column.at === hardest?.at
        return <Head key={column.at} {...{ column, students, isHardest, start, index }} />
      })}
    </div>
  )
}

/** Students down, cells across; only what is on the screen is drawn. */
export function MatrixGrid(props: MatrixGridProps) {
  const { lines, columns, hrefOf } = props
  const t = useTranslations('matrix')
  const scroll = useRef<HTMLDivElement>(null)
  const screen = useScreen(scroll, props)
  const { active, on } = useWalk(screen, props)
  const { down, across, name, shown } = screen
  const isAt = active !== undefined && lines[active.line]?.is === 'student'
  return (
    <>
      <div
        className={`matrix-scroll ${props.isNarrow ? 'narrow' : ''}`}
        ref={scroll}
        role="grid"
        tabIndex={0}
        aria-label={t('title')}
        aria-rowcount={lines.length + 1}
        aria-colcount={columns.length + 1}
        {...(isAt ? { 'aria-activedescendant': idOf(active) } : {})}
        style={{ '--name': `${name}px` } as CSSProperties}
        {...on}
      >
        <div
          className="matrix-plane"
          role="rowgroup"
          style={{ height: down.getTotalSize(), width: across.getTotalSize() }}
        >
          <HeadLine {...props} name={name} shown={shown} />
          {down.getVirtualItems().map(({ index: at, start }) => {
            const line = lines[at]
            if (!line) return null
            if (line.is === 'team') return <TeamLine key={`team ${line.team}`} {...{ line, at, start }} />
            return (
              <StudentLine
                key={line.row.id}
                {...{ line, at, start, shown }}
                columns={columns.length}
                active={active?.line === at ? active.column : undefined}
                href={hrefOf(line.row.id)}
              />
            )
          })}
        </div>
      </div>
      <Spoken place={active} lines={lines} columns={columns} />
    </>
  )
}
