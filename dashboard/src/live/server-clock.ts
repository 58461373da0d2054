const SAMPLES = 16

/** Estimates the server's clock from the times on its messages. */
export interface ServerClock {
  /** A message with the server's time `at` arrived now. */
  heard(at: number): void
  /** Milliseconds to add to this computer's clock. */
  skew(): number
  reset(): void
}

/**
 * Makes the estimate over `clock` (ms). A message can only be late, never early, so that the largest of the last
 * differences is the nearest to the truth.
 */
export function createServerClock(clock: () => number): ServerClock {
  let samples: number[] = []
  return {
    heard(at) {
      samples.push(at - clock())
      if (samples.length > SAMPLES) samples.shift()
    },
    skew: () => (samples.length === 0 ? 0 : Math.max(...samples)),
    reset() {
      samples = []
    },
  }
}
