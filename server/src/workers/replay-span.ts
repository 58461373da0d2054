import type { LogOutline } from '../store/store.ts'
import { createSpanFinder, type Span } from './lesson-span.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
/** Steps of class time, from the finest. */
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 300, 900, 3600].map((seconds) => seconds * SECOND_MS)
/** Students told of in all steps together: what a page can hold of them, about 40 MB. */
const MOST_PATCHES = 120_000

/** Reads the outline of a class in parts, in the order of its offsets. */
export type ReadOutline = (after: number, limit?: number) => readonly LogOutline[]

/** All of it from `after` to `top`. */
export function* outlines(read: ReadOutline, after: number, top: number): Generator<LogOutline> {
  for (let offset = after; offset < top;) {
    const part = read(offset)
    if (part.length === 0) return
    for (const one of part) {
      offset = one.offset
      if (offset <= top) yield one
    }
  }
}

/** The last lesson, or what was asked for, by the times at which events were received: these never go back within a class. */
export function replaySpan(read: ReadOutline, top: number, asked: Partial<Span>): Span {
  if (asked.from !== undefined && asked.to !== undefined) return { from: asked.from, to: asked.to }
  const finder = createSpanFinder(asked)
  for (const { type, received } of outlines(read, 0, top)) finder.addOne(type, received)
  const begin = asked.from ?? asked.to ?? 0
  return finder.found() ?? { from: begin, to: asked.to ?? begin + MINUTE_MS }
}

/** The last offset that was received before `time`; 0 if none was. */
export function offsetBefore(read: ReadOutline, top: number, time: number): number {
  let [low, high] = [0, top]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const [one] = read(middle - 1, 1)
    if (one && one.received < time) low = middle
    else high = middle - 1
  }
  return low
}

/** The finest step in which a replay stays as small as a page can hold: counted exactly, student by student and step by step. */
export function replayStep(read: ReadOutline, offsets: Span, from: number): number {
  const counts = STEPS_MS.map(() => ({ patches: 0, seen: new Map<string, number>() }))
  for (const { student, received } of outlines(read, offsets.from, offsets.to)) {
    for (const [index, step] of STEPS_MS.entries()) {
      const count = counts[index]
      const at = Math.floor((received - from) / step)
      if (!count || count.seen.get(student) === at) continue
      count.seen.set(student, at)
      count.patches += 1
    }
  }
  const found = counts.findIndex(({ patches }) => patches <= MOST_PATCHES)
  return STEPS_MS.at(found) ?? MINUTE_MS
}
