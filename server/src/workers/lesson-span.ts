import { SERVER_EVENT_TYPES, type StoredEvent } from '@lectern/protocol'

const MINUTE_MS = 60_000
/** A longer pause parts two lessons. */
const PAUSE_MINUTES = 180

/** From the first to the last millisecond, both included. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Finds when a lesson was, from events in any order. */
export interface SpanFinder {
  add(events: readonly StoredEvent[]): void
  addOne(type: StoredEvent['type'], time: number): void
  /** The last lesson of all that was asked for; undefined when nothing was done then. */
  found(): Span | undefined
}

/** Looks for the last run of events without a pause over three hours; where `from` is given it begins there, whatever came after. */
export function createSpanFinder({ from, to }: Partial<Span>): SpanFinder {
  const minutes = new Map<number, Span>()
  function addOne(type: StoredEvent['type'], time: number): void {
    if (SERVER_EVENT_TYPES.has(type) || time < (from ?? time) || time > (to ?? time)) return
    const minute = Math.floor(time / MINUTE_MS)
    const known = minutes.get(minute)
    if (!known) minutes.set(minute, { from: time, to: time })
    else minutes.set(minute, { from: Math.min(known.from, time), to: Math.max(known.to, time) })
  }
  return {
    addOne,
    add(events) {
      for (const { type, time } of events) addOne(type, time)
    },
    found() {
      const all = [...minutes.keys()].toSorted((a, b) => a - b)
      const last = all.at(-1)
      if (last === undefined) return undefined
      const pause = all.findLastIndex((minute, index) => minute - (all[index - 1] ?? minute) > PAUSE_MINUTES)
      const first = all[Math.max(0, pause)] ?? last
      const begin = from ?? minutes.get(first)?.from ?? 0
      return { from: begin, to: to ?? minutes.get(last)?.to ?? begin }
    },
  }
}
