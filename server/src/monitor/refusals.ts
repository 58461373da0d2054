import type { ErrorCode } from '@lectern/protocol'
import type { Logger } from './logger.ts'

/** What may be an attempt to do or see what one has no right to. */
const NOTED: ReadonlySet<ErrorCode> = new Set(['forbidden', 'unauthenticated', 'wrong_origin', 'token_revoked'])
/** Lines a minute of each code; more are only counted, so that whoever asks for them can not fill the disk. */
const LINES = 60
const WINDOW_MS = 60_000

/** Who was refused what: ids, patterns and addresses only. */
export interface Refusal {
  /** Undefined where nobody has shown who they are. */
  readonly actor: string | undefined
  /** Method and pattern of a route, or `socket`. */
  readonly what: string
  readonly address?: string
}

interface RefusalsOptions {
  logger: Pick<Logger, 'warn'>
  /** Monotonic clock, ms. */
  now: () => number
}

/** Makes what writes refusals of rights into the log, a line for each, or for many. */
export function createRefusals({ logger, now }: RefusalsOptions) {
  const lines = new Map<ErrorCode, number>()
  let until = 0

  const endWindow = (): void => {
    for (const [code, count] of lines) {
      if (count > LINES) logger.warn({ code, count: count - LINES }, 'more were refused')
    }
    lines.clear()
    until = now() + WINDOW_MS
  }

  return (code: ErrorCode, refusal: Refusal): void => {
    if (!NOTED.has(code)) return
    if (now() >= until) endWindow()
    const count = (lines.get(code) ?? 0) + 1
    lines.set(code, count)
    if (count <= LINES) logger.warn({ code, ...refusal }, 'refused')
  }
}

/** See `createRefusals`. */
export type Refusals = ReturnType<typeof createRefusals>
