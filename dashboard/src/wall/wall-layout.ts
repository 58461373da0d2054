/** How much a tile shows: everything, name and reason, sign and name, or a sign alone. */
export type TileShape = 'large' | 'small' | 'chip' | 'dot'

interface Measures {
  /** A tile is at least so wide; in a line all are equally wide. */
  readonly least: number
  readonly height: number
  readonly gap: number
}

/** In rem, so that a projector and a larger font show the same, larger. */
const MEASURES: Readonly<Record<TileShape, Measures>> = {
  large: { least: 15.5, height: 8.25, gap: 0.75 },
  small: { least: 13, height: 5, gap: 0.5 },
  chip: { least: 8.5, height: 2.25, gap: 0.375 },
  dot: { least: 2.25, height: 2.25, gap: 0.3125 },
}

/** Up to so many students have large tiles, up to so many small ones, and up to so many their names. */
export const FEW = 40
export const SEVERAL = 100
export const MANY = 300

/** Tiles beside each other. */
export interface Line {
  readonly shape: TileShape
  /** Indexes of its students: from `from` up to, without, `to`. */
  readonly from: number
  readonly to: number
  readonly columns: number
  /** All in pixels. */
  readonly top: number
  readonly height: number
  readonly tile: number
  readonly gap: number
}

interface Space {
  readonly count: number
  /** How many of them, at the front, need somebody: they always have tiles. */
  readonly needing: number
  /** Pixels. */
  readonly width: number
  /** Pixels of one rem. */
  readonly rem: number
}

function linesOf(shape: TileShape, { from, to, top }: { from: number; to: number; top: number }, space: Space): Line[] {
  const { least, height, gap } = MEASURES[shape]
  const [leastPx, gapPx, heightPx] = [least * space.rem, gap * space.rem, Math.round(height * space.rem)]
  const columns = Math.max(1, Math.floor((space.width + gapPx) / (leastPx + gapPx)))
  const tile = (space.width - gapPx * (columns - 1)) / columns
  return Array.from({ length: Math.ceil((to - from) / columns) }, (_, n) => ({
    shape,
    from: from + n * columns,
    to: Math.min(to, from + (n + 1) * columns),
    columns,
    top: top + n * (heightPx + gapPx),
    height: heightPx,
    tile,
    gap: gapPx,
  }))
}

/** The lines of a wall: the more students, the less each shows, but who needs somebody is always shown with name and reason. */
export function wallLines(space: Space): readonly Line[] {
  const { count, needing } = space
  if (count <= FEW) return linesOf('large', { from: 0, to: count, top: 0 }, space)
  if (count <= SEVERAL) return linesOf('small', { from: 0, to: count, top: 0 }, space)
  const tiles = linesOf('small', { from: 0, to: needing, top: 0 }, space)
  const last = tiles.at(-1)
  const top = last ? last.top + last.height + 2 * last.gap : 0
  return [...tiles, ...linesOf(count <= MANY ? 'chip' : 'dot', { from: needing, to: count, top }, space)]
}

/** Index of the line in which the student `at` stands. */
export function lineOf(lines: readonly Line[], at: number): number {
  return lines.findIndex(({ from, to }) => at >= from && at < to)
}

/** Where an arrow key leads from the student `at`; undefined for keys that lead nowhere. */
export function tileAfterKey(lines: readonly Line[], at: number, key: string): number | undefined {
  const last = (lines.at(-1)?.to ?? 0) - 1
  const line = lines[lineOf(lines, at)]
  if (!line) return undefined
  const column = at - line.from
  const above = (step: 1 | -1) => {
    const other = lines[lineOf(lines, at) + step]
    if (!other) return at
    // Between lines of unlike tiles: what stands above or below, not what has the same number.
    const there = Math.floor((column * (line.tile + line.gap)) / (other.tile + other.gap))
    return Math.min(other.to - 1, other.from + (other.columns === line.columns ? column : there))
  }
  const to: Readonly<Record<string, number>> = {
    ArrowRight: Math.min(last, at + 1),
    ArrowLeft: Math.max(0, at - 1),
    ArrowDown: above(1),
    ArrowUp: above(-1),
    Home: 0,
    End: last,
  }
  return Object.hasOwn(to, key) ? to[key] : undefined
}
