import { isErrorCode } from '@lectern/protocol'
import { CodedError } from '../errors.ts'

/** How failures are met, for jobs and for followers of the log alike. Times in milliseconds. */
export interface ErrorPolicy {
  /** Waited after the first failure; doubled after each further one. */
  readonly firstMs: number
  readonly mostMs: number
}

/** The policy in force. */
export const POLICY: ErrorPolicy = { firstMs: 200, mostMs: 60_000 }

/** Errors that another attempt can not mend: what was asked for is wrong or gone. */
const FINAL = new Set(['bad_request', 'not_found', 'forbidden', 'conflict', 'class_ended'])

/** How long to wait before attempt `failures + 1`: doubled each time, with full jitter (`random` gives [0, 1)). */
export function backOff(policy: ErrorPolicy, failures: number, random: () => number): number {
  const most = Math.min(policy.mostMs, policy.firstMs * 2 ** Math.max(0, failures - 1))
  return Math.round(random() * most)
}

/** False when the same would only fail again. */
export function isRetried(error: unknown): boolean {
  if (error instanceof CodedError) return !FINAL.has(error.code)
  // An error that came out of a thread has lost its class and members, but not its cause.
  const cause = error instanceof Error ? error.cause : undefined
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  return !(isErrorCode(code) && FINAL.has(code))
}

const MOST_REASON_CHARS = 500

/** What an administrator is told of a failure. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.slice(0, MOST_REASON_CHARS)
}
