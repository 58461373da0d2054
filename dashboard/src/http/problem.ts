import type { ErrorCode, Problem } from '@lectern/protocol'

/** A code of the closed table, or what the page itself found: no answer, or one that it does not understand. */
export type ProblemCode = ErrorCode | 'network' | 'unknown'

/** A request that failed, with what the server said about it (SPEC ERR-1). */
export class ApiProblem extends Error {
  readonly code: ProblemCode
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  readonly detail: string
  readonly action: string
  /** Id of the request in the server's log. */
  readonly instance: string
  /** Seconds after which to try again, when the server said so. */
  readonly retryAfter: number | undefined

  constructor(problem: Partial<Problem>, options: { retryAfter?: number | undefined; cause?: unknown } = {}) {
    super(problem.title ?? 'Request failed', { cause: options.cause })
    this.name = 'ApiProblem'
    this.status = problem.status ?? 0
    this.detail = problem.detail ?? ''
    this.action = problem.action ?? ''
    this.instance = problem.instance ?? ''
    this.retryAfter = options.retryAfter
    if (this.status === 0) this.code = 'network'
    // The whole table stays on the server: of a code that the page has no words for, it says the server's.
    else this.code = (problem.code ?? 'unknown') as ProblemCode
  }
}
