/** How fast the estimate may rise again: clocks drift apart, messages are only ever late. */
const DRIFT = 1e-4

/**
 * Turns the dates of a kernel's messages into ms of this page's clock. A message can be late by any time (a page in the
 * background, a connection that was gone) but never early: the smallest distance that was seen is the nearest to the truth.
 */
export function createKernelClock() {
  let distance: number | undefined
  let heardAt = 0
  return {
    /** A message that says it was written at `date` has arrived at `now`. Gives the date in ms, NaN if it is none. */
    heard(date: string | undefined, now: number): number {
      const written = date === undefined ? Number.NaN : Date.parse(date)
      if (Number.isNaN(written)) return written
      const drifted = distance === undefined ? Number.POSITIVE_INFINITY : distance + (now - heardAt) * DRIFT
      distance = Math.min(drifted, now - written)
      heardAt = now
      return written
    },
    /** ms of this page's clock for a date of the kernel; never after `now`. */
    here: (written: number, now: number): number => Math.min(now, written + (distance ?? 0)),
  }
}
