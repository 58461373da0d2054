/** How often and how fast a failing service is started again. Times in milliseconds. */
export interface RestartPolicy {
  readonly firstMs: number
  readonly mostMs: number
  /** After so many restarts within `windowMs` it is given up. */
  readonly most: number
  readonly windowMs: number
}

/** Five times in ten minutes, from a quarter of a second to half a minute apart. */
export const RESTARTS: RestartPolicy = { firstMs: 250, mostMs: 30_000, most: 5, windowMs: 10 * 60_000 }

/** Counts the restarts of one service. */
export interface Backoff {
  /** How long to wait before the next restart, with jitter; undefined when it is to be given up. */
  next(): number | undefined
}

/** Makes the counting. `now` is monotonic, ms; `random` gives [0, 1). */
export function createBackoff(policy: RestartPolicy, now: () => number, random: () => number): Backoff {
  let past: number[] = []
  return {
    next() {
      const at = now()
      past = past.filter((time) => at - time < policy.windowMs)
      if (past.length >= policy.most) return undefined
      const wait = Math.min(policy.mostMs, policy.firstMs * 2 ** past.length)
      past.push(at)
      return wait * (0.5 + random() / 2)
    },
  }
}
