/** At most one `presence` in this time. */
export const PRESENCE_MS = 60_000

/** What a `presence` event says. */
export interface PresenceData {
  readonly focus: boolean
  /** ms since the last key, click or scroll. */
  readonly idleMs: number
}

/**
 * Decides when a `presence` is due: after focus changed or somebody was active, never twice in a minute. Who is idle
 * costs nothing; absence is the news.
 */
export function createPresence(begin: number, focusAtBegin: boolean) {
  let active = begin
  let said = { at: begin, focus: focusAtBegin }
  return {
    /** A key, a click or a scroll at `now`. */
    touched(now: number): void {
      active = now
    },
    /** What to send at `now`, if anything. */
    due(now: number, focus: boolean): PresenceData | undefined {
      if (now - said.at < PRESENCE_MS) return undefined
      if (focus === said.focus && active <= said.at) return undefined
      said = { at: now, focus }
      return { focus, idleMs: Math.max(0, now - active) }
    },
  }
}
