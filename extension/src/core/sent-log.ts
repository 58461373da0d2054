import type { LecternEvent } from '../../../protocol/src/events.ts'
import type { Settled } from './outbox.ts'
import type { Acknowledged, Answer } from './server.ts'

/** How much is remembered of what left this browser; the oldest goes first. */
export const SENT_LOG_LIMITS = { entries: 2_000, chars: 5_000_000 } as const

/** An event as it left this browser. */
export interface SentEntry {
  readonly install: string
  readonly id: string
  readonly type: string
  /** ms of this computer's clock when it left, the last time it did. */
  readonly at: number
  /** The event's JSON, letter by letter as it was sent. */
  readonly json: string
  /** `sent`: no acknowledgement has come yet. */
  readonly state: 'sent' | Settled['status']
  /** Why it was refused. */
  readonly code?: string
}

/** Where the entries stand. Every method is one transaction. */
export interface SentStorage {
  /** Adds entries, or takes the place of those of the same event; removes the oldest beyond the limits. */
  put(entries: readonly SentEntry[]): Promise<void>
  settle(settled: readonly Settled[]): Promise<void>
  /** The entries of an install that left last, newest first. */
  newest(install: string, limit: number): Promise<SentEntry[]>
  forget(install: string): Promise<void>
}

/** What left this browser, for its student to read. */
export interface SentLog extends Pick<SentStorage, 'newest' | 'forget'> {
  /** Notes that these events leave, sends them, and notes what became of each. */
  around(events: readonly LecternEvent[], send: () => Promise<Answer<Acknowledged>>): Promise<Answer<Acknowledged>>
  /** Notes events that leave with a page that ends: nothing is awaited, because nothing runs after it. */
  leaving(events: readonly LecternEvent[]): void
}

/** True if an entry was taken into account beyond the limits. */
export const isTooMuch = (entries: number, chars: number): boolean =>
  entries > SENT_LOG_LIMITS.entries || (chars > SENT_LOG_LIMITS.chars && entries > 1)

/** The entry once it is known what became of it. */
export function settledEntry(entry: SentEntry, { status, code }: Settled): SentEntry {
  const { code: _before, ...rest } = entry
  return { ...rest, state: status, ...(code === undefined ? {} : { code }) }
}

/** A log over its storage. A storage that fails costs entries, never the sending. */
export function createSentLog(storage: SentStorage, clock: () => number): SentLog {
  const put = (events: readonly LecternEvent[]) => {
    const at = clock()
    const entries = events.map((event): SentEntry => {
      const { install, id, type } = event
      return { install, id, type, at, json: JSON.stringify(event), state: 'sent' }
    })
    return storage.put(entries).catch(() => {})
  }
  return {
    async around(events, send) {
      if (events.length === 0) return send()
      await put(events)
      const answer = await send()
      if (answer.ok) await storage.settle(answer.value.settled).catch(() => {})
      return answer
    },
    leaving: (events) => void put(events),
    newest: (install, limit) => storage.newest(install, limit),
    forget: (install) => storage.forget(install),
  }
}
