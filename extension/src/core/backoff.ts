/** Pause before the next try. `attempt` counts failures in a row, from 1; times in ms; `random` gives [0, 1). */
export interface Backoff {
  readonly attempt: number
  readonly baseMs: number
  readonly capMs: number
  readonly random: () => number
  /** What the server asked for (Retry-After), in ms. */
  readonly retryAfterMs?: number | undefined
}

/**
 * Full jitter: anything between 0 and the doubled base, so that a class does not come back all at once.
 * Retry-After is never undercut; the jitter goes on top of it (SPEC ING-7).
 */
export function pauseMs({ attempt, baseMs, capMs, random, retryAfterMs }: Backoff): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 30))
  return Math.round((retryAfterMs ?? 0) + random() * ceiling)
}

const LONGEST_RETRY_AFTER_MS = 10 * 60_000

/** Retry-After of a response in ms: seconds or an HTTP date; undefined if there is none or it makes no sense. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const seconds = Number(header)
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now
  return Number.isFinite(wait) && wait >= 0 ? Math.min(wait, LONGEST_RETRY_AFTER_MS) : undefined
}
