/** How a coded error is shown: HTTP status, socket close code where it ends a socket, a title, and what to do about it. */
export interface ErrorEntry {
  readonly status: number
  /** WebSocket close code when this error ends a socket (see `CLOSE_CODES`). */
  readonly close?: number
  readonly title: string
  /** What the reader of the error can do. */
  readonly action: string
}

const BAD_FRAME = 4400
const SIGN_IN_AGAIN = 4401
const NOT_ALLOWED = 4403
const TOO_BIG = 1009
const COME_BACK = 1013

/** The closed table of error codes (SPEC ERR-1). `docs/errors.md` is generated from it. */
export const ERRORS = {
  bad_json: { status: 400, close: BAD_FRAME, title: 'Not valid JSON', action: 'Send one JSON value in UTF-8.' },
  too_deep: {
    status: 400,
    close: BAD_FRAME,
    title: 'JSON nested too deeply',
    action: 'Keep arrays and objects within 32 levels.',
  },
  too_many_keys: {
    status: 400,
    close: BAD_FRAME,
    title: 'Too many object members',
    action: 'Send fewer members in one body.',
  },
  bad_request: {
    status: 400,
    close: BAD_FRAME,
    title: 'Request not as described',
    action: 'Compare the request with the message shapes of the specification; `detail` names the member.',
  },
  too_large: {
    status: 413,
    close: TOO_BIG,
    title: 'Body too large',
    action: 'Send less: at most 1 MiB after decompression, where `detail` names no other limit.',
  },
  too_many_events: { status: 413, title: 'Too many events in one batch', action: 'Send at most 1,000 events at once.' },
  unsupported_encoding: {
    status: 415,
    title: 'Content encoding not supported',
    action: 'Send the body plain or with gzip.',
  },
  unsupported_media: {
    status: 415,
    title: 'Content type not supported',
    action: 'Send application/json, or what `detail` asks for.',
  },
  invalid_event: {
    status: 422,
    title: 'Event not as described',
    action: 'Do not send this event again; compare it with the event schema.',
  },
  unknown_type: {
    status: 422,
    title: 'Event type not known',
    action: 'Do not send this event again; use a known type or `custom`.',
  },
  event_too_large: {
    status: 422,
    title: 'Event too large',
    action: 'Shorten outputs or source; one event may take 256 KiB.',
  },
  not_shared: {
    status: 403,
    title: 'Not shared',
    action: 'Do not send this event again; the student has not agreed that it is collected.',
  },
  id_conflict: {
    status: 409,
    title: 'Event id already used with other content',
    action: 'Nothing to do: the first event stays, this one is kept for inspection.',
  },
  unauthenticated: {
    status: 401,
    close: SIGN_IN_AGAIN,
    title: 'Not signed in',
    action: 'Sign in, or join the class again, and repeat the request.',
  },
  session_expired: { status: 401, close: SIGN_IN_AGAIN, title: 'Session ended', action: 'Sign in again.' },
  token_revoked: { status: 401, close: SIGN_IN_AGAIN, title: 'Token no longer valid', action: 'Join the class again.' },
  wrong_credentials: { status: 401, title: 'Address or password wrong', action: 'Check both and try again.' },
  wrong_code: {
    status: 401,
    title: 'Code wrong',
    action: 'Type the code that the app shows now; each works once. Or use a recovery code.',
  },
  wrong_passkey: {
    status: 401,
    title: 'Passkey not accepted',
    action: 'Use a passkey that was registered here, or sign in another way.',
  },
  flow_expired: {
    status: 401,
    title: 'Too much time has passed',
    action: 'Begin again; what was begun lasts a few minutes and works once.',
  },
  confirmation_needed: {
    status: 403,
    title: 'Confirm who you are',
    action: 'Confirm with your password or passkey, or sign in again, and repeat the request.',
  },
  second_factor_needed: {
    status: 403,
    title: 'A second factor is needed',
    action: 'Set up an authenticator app or a passkey on the page of your account, and repeat the request.',
  },
  sign_in_refused: {
    status: 403,
    title: 'Not invited',
    action: 'Ask the administrator for an invitation to the address that you signed in with.',
  },
  provider_failed: {
    status: 401,
    title: 'Sign-in elsewhere went wrong',
    action: 'Begin again on the sign-in page; if it stays, tell the administrator.',
  },
  provider_unavailable: {
    status: 503,
    title: 'The provider does not answer',
    action: 'Try again later, or sign in another way.',
  },
  link_invalid: {
    status: 401,
    title: 'Sign-in link not valid',
    action:
      'A link works once and for a limited time; ask the administrator for a new one, or restart the server for a new first link.',
  },
  weak_password: {
    status: 422,
    title: 'Password too weak',
    action: 'Choose at least 12 characters: no common password, and nothing made of your name or address.',
  },
  last_administrator: {
    status: 409,
    title: 'The last administrator',
    action: 'Make somebody else an administrator first, who can sign in.',
  },
  forbidden: {
    status: 403,
    close: NOT_ALLOWED,
    title: 'Not allowed',
    action: 'Ask an instructor of the class, or an administrator, for the right that `detail` names.',
  },
  wrong_origin: {
    status: 403,
    close: NOT_ALLOWED,
    title: 'Request from another site',
    action: 'Open the dashboard at the address the server was configured with.',
  },
  code_invalid: {
    status: 404,
    title: 'Join code not valid',
    action: 'Check the code with the instructor; it may have been replaced.',
  },
  class_ended: { status: 409, title: 'Class has ended', action: 'Ask the instructor to open the class again.' },
  class_archived: {
    status: 409,
    title: 'Class is archived',
    action: 'Bring the class back from the archive first.',
  },
  not_found: { status: 404, title: 'Not found', action: 'Check the address.' },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    action: 'Use one of the methods in the Allow header.',
  },
  conflict: { status: 409, title: 'Already taken', action: 'Choose another value for the member that `detail` names.' },
  timeout: { status: 408, close: 4408, title: 'Too slow', action: 'Send the request, or the hello frame, in time.' },
  rate_limited: {
    status: 429,
    close: COME_BACK,
    title: 'Too many requests',
    action: 'Wait as long as Retry-After says.',
  },
  overloaded: {
    status: 429,
    close: COME_BACK,
    title: 'The server has more than it can take',
    action: 'Send the same again after Retry-After; nothing was stored.',
  },
  slow_reader: {
    status: 408,
    close: 4409,
    title: 'Reading too slowly',
    action: 'Connect again and subscribe with the last offset.',
  },
  storage_unavailable: {
    status: 503,
    close: COME_BACK,
    title: 'Storage not available',
    action: 'Send the same again after Retry-After; nothing was acknowledged.',
  },
  load_shed: {
    status: 503,
    close: COME_BACK,
    title: 'Put off for now',
    action: 'Try again after Retry-After; the server is short of what `detail` names, and takes events first.',
  },
  not_ready: { status: 503, close: COME_BACK, title: 'Server not ready', action: 'Try again after Retry-After.' },
  shutting_down: {
    status: 503,
    close: 1012,
    title: 'Server restarting',
    action: 'Connect again after a short, random while.',
  },
  extension_unavailable: {
    status: 404,
    title: 'Extension not built on this server',
    action: 'Install Python with pip on the server and start it again, or run npm run build:extension.',
  },
  internal: {
    status: 500,
    close: 1011,
    title: 'Unexpected fault',
    action: 'Try again; if it stays, give the administrator the request id.',
  },
} as const satisfies Record<string, ErrorEntry>

/** A code of the closed table. */
export type ErrorCode = keyof typeof ERRORS

/** True if `value` is a code of the table (not an inherited member name). */
export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERRORS, value)
}
