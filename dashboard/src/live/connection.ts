/** Where the live connection of one class is in its life; each state has only its own fields. */
export type Connection =
  /** A ticket is asked for, or the socket is opening. */
  | { readonly is: 'connecting' }
  /** The socket is open and the first difference or snapshot is on its way. */
  | { readonly is: 'catching_up' }
  /** Changes arrive as they happen. */
  | { readonly is: 'live' }
  /** Lost; the next attempt is at `until` (ms, this computer's clock). `online`: what the browser says of the network. */
  | { readonly is: 'waiting'; readonly until: number; readonly online: boolean }
  /** The session has ended; nothing more is tried. */
  | { readonly is: 'signed_out' }
  /** The server asked to stay away; `code` is an error code or a close code as text. */
  | { readonly is: 'stopped'; readonly code: string }

/** First and longest wait between attempts, in milliseconds. */
export const BACKOFF = { firstMs: 1_000, longestMs: 20_000 } as const

/** Full jitter: any time up to a bound that doubles with each attempt, so that a whole school does not return at once. */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(BACKOFF.longestMs, BACKOFF.firstMs * 2 ** Math.min(attempt, 16))
}
