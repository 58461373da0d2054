const DAY_MS = 86_400_000
const OLDEST_MS = 30 * DAY_MS
const CLOCK_WRONG_MS = 5 * 60_000

/** How far the client's clock is from the server's, in ms, by the batch's `sentAt`; undefined when it did not say. */
export function clockSkew(sentAt: string | undefined, received: number): number | undefined {
  const sent = sentAt === undefined ? Number.NaN : Date.parse(sentAt)
  return Number.isFinite(sent) ? received - sent : undefined
}

/** When an event happened, by the server's clock, and whether the client's clock can not be believed (SPEC EVT-5). */
export function eventTime(at: string, received: number, skew: number | undefined): { time: number; clockOff: boolean } {
  const written = Date.parse(at)
  if (!Number.isFinite(written)) return { time: received, clockOff: true }
  const corrected = Math.round(written + (skew ?? 0))
  const wrong = skew !== undefined && Math.abs(skew) > CLOCK_WRONG_MS
  if (corrected < received - OLDEST_MS) return { time: received, clockOff: true }
  if (corrected <= received) return { time: corrected, clockOff: wrong }
  return { time: received, clockOff: wrong || corrected > received + CLOCK_WRONG_MS }
}
