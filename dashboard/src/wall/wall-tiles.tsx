import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useVirtualizer, type Range } from '@tanstack/react-virtual'
import { useTranslations } from 'use-intl'
import { rootFontPx } from '../app/root-font.ts'
import { useWidth } from '../app/use-width.ts'
import type { Row } from '../class/overview.ts'
import { useStudentHref } from '../shell/place.ts'
import { Dot, DotWords, Tile } from './tile.tsx'
import { lineOf, tileAfterKey, wallLines, type Line } from './wall-layout.ts'

/** Minutes are shown: finer than this would render every tile for nothing. */
const CLOCK_STEP_MS = 10_000
const OVERSCAN_LINES = 3

interface WallTilesProps {
  readonly classId: string
  readonly rows: readonly Row[]
  /** How many of them, at the front, need somebody. */
  readonly needing: number
  /** The server's clock, ms. */
  readonly now: number
}

function useLines({ rows, needing }: Pick<WallTilesProps, 'rows' | 'needing'>, active: number) {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  // The font follows the width of the window; asking for it at each change would cost a layout.
  const rem = useMemo(() => (width > 0 ? rootFontPx() : 16), [width])
  const count = rows.length
  const lines = useMemo(() => wallLines({ count, needing, width, rem }), [count, needing, width, rem])
  const activeLine = lineOf(lines, active)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => heightOf(lines, index),
    getItemKey: (index) => index,
    overscan: OVERSCAN_LINES,
    // The line that has the keyboard stays, even when it was scrolled away.
    rangeExtractor: ({ startIndex, endIndex, count: all, overscan }: Range) => {
      const first = Math.max(0, startIndex - overscan)
      const last = Math.min(all - 1, endIndex + overscan)
      const seen = Array.from({ length: last - first + 1 }, (_, n) => first + n)
      return activeLine < 0 || (activeLine >= first && activeLine <= last) ? seen : [...seen, activeLine]
    },
  })
  useEffect(() => {
    virtual.measure()
  }, [lines, virtual])
  return { box, lines, virtual }
}

/** A line with the space below it. */
function heightOf(lines: readonly Line[], index: number): number {
  const line = lines[index]
  if (!line) return 0
  return (lines[index + 1]?.top ?? line.top + line.height) - line.top
}

const placeIn = (line: Line, at: number) => ({
  transform: `translate(${Math.round((at - line.from) * (line.tile + line.gap))}px, ${Math.round(line.top)}px)`,
  width: Math.floor(line.tile),
  height: line.height,
})

/** True if the tiles of a line do not say themselves why. */
const hasWordsApart = ({ shape }: Line) => shape === 'chip' || shape === 'dot'

/** The students as tiles, as many as fit; arrow keys move, the others are not in the document. */
export function WallTiles({ classId, rows, needing, now }: WallTilesProps) {
  const t = useTranslations('students')
  const hrefOf = useStudentHref(classId)
  const [activeId, setActiveId] = useState<string>()
  const [pointedId, setPointedId] = useState('')
  const active = Math.max(
    0,
    rows.findIndex(({ id }) => id === activeId),
  )
  const { box, lines, virtual } = useLines({ rows, needing }, active)
  const clock = Math.floor(now / CLOCK_STEP_MS) * CLOCK_STEP_MS
  const move = useCallback(
    (event: KeyboardEvent) => {
      const to = tileAfterKey(lines, active, event.key)
      const row = to === undefined ? undefined : rows[to]
      if (to === undefined || !row) return
      event.preventDefault()
      setActiveId(row.id)
      virtual.scrollToIndex(lineOf(lines, to))
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-at="${to}"] a`)?.focus())
    },
    [active, lines, rows, virtual, box],
  )
  const shown = virtual.getVirtualItems().flatMap(({ index }) => {
    const line = lines[index]
    return line ? rows.slice(line.from, line.to).map((row, n) => ({ row, line, at: line.from + n })) : []
  })
  const pointed = shown.find(({ row, line }) => row.id === pointedId && hasWordsApart(line))
  const point = ({ target }: { readonly target: EventTarget }) =>
    setPointedId(
      target instanceof Element ? (target.closest<HTMLElement>('[data-student]')?.dataset['student'] ?? '') : '',
    )
  return (
    <div className="wall-scroll" ref={box}>
      <ul
        className="wall-tiles"
        aria-label={t('title')}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={move}
        onPointerOver={point}
        onPointerLeave={() => setPointedId('')}
        onFocus={point}
        onBlur={() => setPointedId('')}
      >
        {shown.map(({ row, line, at }) => (
          <li
            key={row.id}
            data-at={at}
            aria-setsize={rows.length}
            aria-posinset={at + 1}
            style={placeIn(line, at)}
            onFocus={() => setActiveId(row.id)}
          >
            {line.shape === 'chip' || line.shape === 'dot' ? (
              <Dot
                shape={line.shape}
                id={row.id}
                name={row.name}
                kind={row.phase.kind}
                hrefOf={hrefOf}
                isTabStop={at === active}
              />
            ) : (
              <Tile row={row} shape={line.shape} hrefOf={hrefOf} clock={clock} isTabStop={at === active} />
            )}
          </li>
        ))}
      </ul>
      {pointed && (
        <div className="dot-place" style={placeIn(pointed.line, pointed.at)}>
          <DotWords row={pointed.row} clock={clock} />
        </div>
      )}
    </div>
  )
}
