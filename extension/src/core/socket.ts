import { afterClose, type AfterClose } from '../../../protocol/src/close-codes.ts'
import type { ConsentNow } from '../../../protocol/src/consent.ts'
import type { LecternEvent } from '../../../protocol/src/events.ts'
import { SUBPROTOCOL, TIMES } from '../../../protocol/src/limits.ts'
import { helpWordOf, type HelpWord } from './help-word.ts'
import { talkNewsOf, type TalkNews } from './own-messages.ts'
import { acknowledgedBy, consentOf, type Acknowledged, type Answer } from './server.ts'

const ACK_TIMEOUT_MS = 20_000

interface Waiting {
  readonly events: readonly LecternEvent[]
  readonly settle: (answer: Answer<Acknowledged>) => void
}

interface Parts {
  readonly server: string
  readonly ticket: string
  readonly client: { readonly name: string; readonly version: string }
  readonly clock: () => number
  /** The server says how the student's request for help stands. */
  readonly onHelp: (word: HelpWord) => void
  /** The server says what staff said. */
  readonly onTalk: (news: TalkNews) => void
  /** The server says what the class asks, and what was answered. */
  readonly onConsent: (consent: ConsentNow) => void
  readonly ackTimeoutMs?: number
}

/** A student's socket that was welcomed. */
export interface LiveSocket {
  /** Sends a batch; the answer is the acknowledgement, or a problem when none came. */
  send(events: readonly LecternEvent[]): Promise<Answer<Acknowledged>>
  /** Resolves when the socket has closed, with what to do next (SPEC CLS-1). */
  readonly closed: Promise<AfterClose>
  readonly isOpen: boolean
  close(): void
}

function address(server: string): string {
  return `${server.replace(/^http/, 'ws')}/api/v2/live`
}

function parsed(data: unknown): Readonly<Record<string, unknown>> {
  try {
    const frame: unknown = JSON.parse(String(data))
    return typeof frame === 'object' && frame !== null ? (frame as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}

/** What is on its way over one socket, by `ref`. */
function createPending(timeoutMs: number, onTimeout: () => void) {
  const waiting = new Map<number, Waiting>()
  let ref = 0
  const take = (key: unknown) => {
    const found = typeof key === 'number' ? waiting.get(key) : undefined
    if (found) waiting.delete(key as number)
    return found
  }
  return {
    take,
    add(events: readonly LecternEvent[]): { ref: number; answer: Promise<Answer<Acknowledged>> } {
      ref += 1
      const key = ref
      const answer = new Promise<Answer<Acknowledged>>((resolve) => {
        const timer = setTimeout(onTimeout, timeoutMs)
        waiting.set(key, {
          events,
          settle: (value) => {
            clearTimeout(timer)
            resolve(value)
          },
        })
      })
      return { ref: key, answer }
    },
    /** Nothing more will come: what is not acknowledged stays in the outbox. */
    lose(): void {
      for (const { settle } of waiting.values()) settle({ ok: false, problem: { code: 'unreachable' } })
      waiting.clear()
    },
  }
}

/**
 * Opens a socket with a ticket and resolves when the server has said welcome (SPEC SUB-1), or with what to do when it
 * closed before.
 */
export function openLiveSocket(parts: Parts): Promise<LiveSocket | AfterClose> {
  const socket = new WebSocket(address(parts.server), [SUBPROTOCOL])
  const closed = Promise.withResolvers<AfterClose>()
  const opened = Promise.withResolvers<LiveSocket | AfterClose>()
  let silence: ReturnType<typeof setTimeout> | undefined
  const end = (after: AfterClose) => {
    clearTimeout(silence)
    pending.lose()
    closed.resolve(after)
    opened.resolve(after)
    socket.close()
  }
  const pending = createPending(parts.ackTimeoutMs ?? ACK_TIMEOUT_MS, () => end('reconnect'))
  // A dead line does not say so: closing it here does not wait for the other side (SPEC CLS-3).
  const heard = () => {
    clearTimeout(silence)
    silence = setTimeout(() => end('reconnect'), TIMES.silenceMs)
  }
  const live: LiveSocket = {
    send(events) {
      const { ref, answer } = pending.add(events)
      const sentAt = new Date(parts.clock()).toISOString()
      // `kind` stands first: the server tells batches from other frames by it (SPEC BAT-1).
      if (live.isOpen) socket.send(JSON.stringify({ kind: 'events', ref, sentAt, events }))
      else pending.lose()
      return answer
    },
    closed: closed.promise,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN
    },
    close: () => end('stay_away'),
  }
  socket.addEventListener('open', () => {
    socket.send(JSON.stringify({ kind: 'hello', ticket: parts.ticket, client: parts.client }))
  })
  socket.addEventListener('message', ({ data }) => {
    heard()
    const frame = parsed(data)
    if (frame['kind'] === 'welcome') opened.resolve(live)
    else if (frame['kind'] === 'help') parts.onHelp(helpWordOf(frame))
    else if (frame['kind'] === 'consent') tellConsent(frame, parts.onConsent)
    else if (frame['kind'] === 'ack') acknowledge(pending.take(frame['ref']), frame)
    else if (frame['kind'] === 'error') fail(pending.take(frame['ref']), frame)
    else tellTalk(frame, parts.onTalk)
  })
  socket.addEventListener('close', ({ code }) => end(afterClose(code)))
  heard()
  return opened.promise
}

function tellConsent(frame: Readonly<Record<string, unknown>>, tell: (consent: ConsentNow) => void): void {
  const consent = consentOf(frame)
  if (consent) tell(consent)
}

function tellTalk(frame: Readonly<Record<string, unknown>>, tell: (news: TalkNews) => void): void {
  const news = talkNewsOf(frame)
  if (news) tell(news)
}

function acknowledge(waiting: Waiting | undefined, frame: Readonly<Record<string, unknown>>): void {
  const value = waiting && acknowledgedBy(frame, waiting.events)
  waiting?.settle(value ? { ok: true, value } : { ok: false, problem: { code: 'not_lectern' } })
}

function fail(waiting: Waiting | undefined, frame: Readonly<Record<string, unknown>>): void {
  const { code, retryAfter } = frame
  const wait = typeof retryAfter === 'number' ? retryAfter * 1000 : undefined
  waiting?.settle({ ok: false, problem: { code: String(code), retryAfterMs: wait } })
}
