const MINUTE_MS = 60_000

/** A time in ms cut to whole minutes: what shows only minutes need not be rendered more often. */
export function wholeMinute(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS
}
