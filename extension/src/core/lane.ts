import { LIMITS } from '../../../protocol/src/limits.ts'
import { pauseMs } from './backoff.ts'
import type { BatchSize, Join, Outbox } from './outbox.ts'
import { atLevel } from './recent.ts'
import type { Acknowledged, Answer, Problem, ServerApi } from './server.ts'
import type { SentLog } from './sent-log.ts'
import type { LiveSocket } from './socket.ts'

/** Times of sending, in ms. */
export interface SendTimes {
  /** Events of this long go together. */
  readonly batchMs: number
  readonly baseMs: number
  readonly capMs: number
  /** Between tries of what only a person can change: a wrong code, an ended class. */
  readonly blockedMs: number
}

export const SEND_TIMES: SendTimes = { batchMs: 200, baseMs: 500, capMs: 30_000, blockedMs: 60_000 }

const BATCH: BatchSize = { events: 200, bytes: LIMITS.bodyBytes / 4 }
const LOST_MEMBERSHIP = new Set(['unauthenticated', 'token_revoked', 'session_expired'])
const BLOCKED = new Set(['code_invalid', 'class_ended', 'forbidden', 'conflict', 'bad_request'])
const TOO_MUCH = new Set(['too_large', 'too_many_events', 'too_deep', 'too_many_keys'])

interface Parts {
  readonly install: string
  readonly outbox: Outbox
  readonly api: ServerApi
  /** Notes what leaves this browser, before it does. */
  readonly sentLog: SentLog
  readonly clock: () => number
  readonly random: () => number
  /** Resolves after `ms`, or as soon as the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly times: SendTimes
  /** The open socket of this install, if any. */
  readonly socket: () => LiveSocket | undefined
  readonly onSettled: (ids: ReadonlySet<string>) => void
  /** Something that the person may want to see has changed; `undefined`: the last try worked. */
  readonly onChange: (problem: Problem | undefined) => void
}

/** Delivers the events of one install, oldest first, one batch at a time. */
export interface Lane {
  /** There is something to send. */
  poke(): void
  /** The network or the person's settings have changed: ask where the server stands, and try at once. */
  retry(): void
  /** Resolves when the signal has ended it. */
  readonly ended: Promise<void>
}

/** A flag that can be waited for. */
function createBell() {
  let ring = Promise.withResolvers<void>()
  let rung = false
  return {
    ring() {
      rung = true
      ring.resolve()
    },
    async wait(): Promise<void> {
      if (!rung) await ring.promise
      rung = false
      ring = Promise.withResolvers()
    },
  }
}

/** Starts to deliver until `signal` is aborted. There is no limit to the tries: only an acknowledgement deletes an event. */
export function startLane(parts: Parts, signal: AbortSignal): Lane {
  const bell = createBell()
  let pause = new AbortController()
  let attempt = 0
  let batchEvents = BATCH.events
  /** Where the server stands is asked at the beginning and after every failure: it may have lost what it had. */
  let isInStep = false
  const { outbox, install, api } = parts

  /** Nobody joins before the student has answered what may be collected. */
  async function admit(join: Join): Promise<Problem | 'empty' | undefined> {
    if (!join.answer) return 'empty'
    const answer = await api.join(join)
    if (!answer.ok) return answer.problem
    await outbox.admit(install, answer.value)
    return undefined
  }

  async function deliver(join: Join): Promise<Problem | 'empty' | undefined> {
    const waiting = await outbox.oldest(install, { ...BATCH, events: batchEvents })
    if (waiting.length === 0 && isInStep) return 'empty'
    const events = isInStep ? waiting : []
    const limited = events.map((event) => atLevel(event, join.member?.level))
    const socket = parts.socket()
    const answer: Answer<Acknowledged> = await parts.sentLog.around(limited, () =>
      socket?.isOpen ? socket.send(limited) : api.send(join, limited),
    )
    if (!answer.ok) {
      if (LOST_MEMBERSHIP.has(answer.problem.code)) await outbox.admit(install, undefined)
      if (!TOO_MUCH.has(answer.problem.code)) return answer.problem
      batchEvents = Math.max(1, Math.floor(events.length / 2))
      const [only, ...others] = events
      if (!only || others.length > 0) return answer.problem
      // An event that is too much by itself never gets through: it is refused, and those behind it can go.
      await outbox.settle(install, [{ event: only, status: 'refused', code: answer.problem.code }], parts.clock())
      parts.onSettled(new Set([only.id]))
      return undefined
    }
    const { settled, through } = answer.value
    if (settled.length === 0 && events.length > 0) return { code: 'not_lectern' }
    await outbox.settle(install, settled, parts.clock())
    await outbox.resume(install, through)
    parts.onSettled(new Set(settled.map(({ event }) => event.id)))
    isInStep = true
    batchEvents = Math.min(BATCH.events, batchEvents * 2)
    return undefined
  }

  async function rest(problem: Problem): Promise<void> {
    attempt += 1
    isInStep = false
    const { baseMs, capMs, blockedMs } = parts.times
    const blocked = BLOCKED.has(problem.code)
    const { retryAfterMs } = problem
    const bounds = blocked ? { baseMs: blockedMs, capMs: blockedMs * 5 } : { baseMs, capMs }
    pause = new AbortController()
    const either = AbortSignal.any([signal, pause.signal])
    await parts.sleep(pauseMs({ attempt, ...bounds, random: parts.random, retryAfterMs }), either)
  }

  async function step(): Promise<void> {
    const join = await outbox.join(install)
    const outcome = join && (join.member ? await deliver(join) : await admit(join))
    if (outcome === 'empty' || !join) {
      attempt = 0
      await bell.wait()
      if (!signal.aborted) await parts.sleep(parts.times.batchMs, signal)
      return
    }
    parts.onChange(outcome)
    if (outcome) await rest(outcome)
    else attempt = 0
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await step()
      } catch {
        // Storage failed for a moment, or is closing.
        if (!signal.aborted) await rest({ code: 'storage_blocked' })
      }
    }
  }

  signal.addEventListener('abort', () => bell.ring())
  const retry = () => {
    attempt = 0
    isInStep = false
    pause.abort()
    bell.ring()
  }
  return { poke: () => bell.ring(), retry, ended: run() }
}
