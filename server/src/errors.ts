// Not from the whole protocol: its schemas take a while to load, and the log thread should start before they do.
import { ERRORS, type ErrorCode } from '@lectern/protocol/errors'

interface CodedErrorOptions {
  /** What failed underneath. */
  cause?: unknown
  /** Seconds after which the same may be tried again; becomes the Retry-After header. */
  retryAfter?: number
}

/** An error of the closed table (SPEC ERR-1): everything that is meant for a client is thrown as one of these. */
export class CodedError extends Error {
  override readonly name = 'CodedError'
  readonly code: ErrorCode
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, detail: string = ERRORS[code].title, options: CodedErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryAfter = options.retryAfter
  }
}
