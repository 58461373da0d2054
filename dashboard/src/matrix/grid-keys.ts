import type { Line } from './grid.ts'

/** A place in the grid: numbers of the line and of the column. */
export interface Place {
  readonly line: number
  readonly column: number
}

const LAST = Number.MAX_SAFE_INTEGER
const PAGE = 15
/** How far each key goes: lines and columns. */
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  PageDown: [PAGE, 0],
  PageUp: [-PAGE, 0],
  Home: [0, -LAST],
  End: [0, LAST],
}

const within = (value: number, count: number) => Math.min(Math.max(0, value), Math.max(0, count - 1))

/** The nearest line with a student, in the direction that one goes, else in the other. */
function studentNear(lines: readonly Line[], line: number, direction: number): number | undefined {
  const isStudent = (at: number) => lines[at]?.is === 'student'
  for (const step of [direction, -direction]) {
    for (let at = line; at >= 0 && at < lines.length; at += step) if (isStudent(at)) return at
  }
  return undefined
}

/** Where a key leads; undefined for a key that leads nowhere. Without a place the first key only shows where one is. */
export function placeAfter(
  from: Place | undefined,
  { key, ctrlKey }: { key: string; ctrlKey: boolean },
  { lines, columns }: { lines: readonly Line[]; columns: number },
): Place | undefined {
  const step = STEPS[key]
  if (!step || columns === 0) return undefined
  const isFar = ctrlKey && step[0] === 0
  const [down, right] = isFar && Math.abs(step[1]) === LAST ? [step[1], 0] : step
  const wanted = from ? within(from.line + down, lines.length) : 0
  const line = studentNear(lines, wanted, down < 0 ? -1 : 1)
  if (line === undefined) return undefined
  return { line, column: from ? within(from.column + right, columns) : 0 }
}
