import type { AttentionKind } from '@lectern/protocol'

/** Somebody to go to. `x` and `y`: per cent of the plan. */
export interface Stop {
  readonly id: string
  readonly kind: AttentionKind
  /** Since when, ms. */
  readonly since: number
  readonly x: number
  readonly y: number
}

/** Whom one walks to, the most urgent kind first. */
const WALKED_TO = ['help', 'stuck'] as const satisfies readonly AttentionKind[]

function nearest(stops: readonly Stop[], from: Stop, aspect: number): Stop | undefined {
  let best: Stop | undefined
  let least = Infinity
  for (const stop of stops) {
    const distance = Math.hypot((stop.x - from.x) * aspect, stop.y - from.y)
    if (distance < least || (distance === least && best && stop.since < best.since)) [best, least] = [stop, distance]
  }
  return best
}

/**
 * A way through the room: from whoever has waited longest for help to the nearest who also waits, and so on, then to those
 * who are stuck. `aspect`: width of the plan by its height.
 */
export function walkingOrder(stops: readonly Stop[], aspect: number): readonly Stop[] {
  const way: Stop[] = []
  for (const kind of WALKED_TO) {
    const left = stops.filter((stop) => stop.kind === kind).toSorted((a, b) => a.since - b.since)
    while (left.length > 0) {
      const from = way.at(-1)
      const next = (from && nearest(left, from, aspect)) ?? left[0]
      if (!next) break
      left.splice(left.indexOf(next), 1)
      way.push(next)
    }
  }
  return way
}
