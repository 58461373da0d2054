/** What a client does after a close (SPEC CLS-1). */
export type AfterClose = 'reconnect' | 'sign_in' | 'stay_away'

/** Every close code the server uses, and what it asks of the client (SPEC CLS-1). */
export const CLOSE_CODES = {
  1000: { reason: 'done', after: 'stay_away' },
  1001: { reason: 'going away', after: 'reconnect' },
  1009: { reason: 'frame too large', after: 'reconnect' },
  1011: { reason: 'unexpected fault', after: 'reconnect' },
  1012: { reason: 'server restarting', after: 'reconnect' },
  1013: { reason: 'try again later', after: 'reconnect' },
  4400: { reason: 'frame not understood', after: 'stay_away' },
  4401: { reason: 'sign in again', after: 'sign_in' },
  4403: { reason: 'not allowed', after: 'stay_away' },
  4408: { reason: 'nothing heard in time', after: 'reconnect' },
  4409: { reason: 'reading too slowly', after: 'reconnect' },
} as const satisfies Record<number, { reason: string; after: AfterClose }>

/** A close code the server uses. */
export type CloseCode = keyof typeof CLOSE_CODES

/** What to do after a close with `code`; a code that is not in the table (1006: the network) means to reconnect. */
export function afterClose(code: number): AfterClose {
  return Object.hasOwn(CLOSE_CODES, code) ? CLOSE_CODES[code as CloseCode].after : 'reconnect'
}
