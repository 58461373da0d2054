import { CodedError } from '../errors.ts'

interface GuessDelayOptions {
  /** Monotonic clock, ms. */
  now: () => number
  /** Waits so many milliseconds. */
  sleep: (ms: number) => Promise<void>
  /** Longest pause, ms. */
  mostMs?: number
  /** Keys held; the longest unused are forgotten first. */
  maxKeys?: number
}

/** Failures without any delay. */
const FREE = 5
const FIRST_MS = 500
const MOST_MS = 10_000
/** Longest that one attempt is held back; beyond it, it is turned away for now. */
const PATIENCE_MS = 15_000
/** One failure is forgotten in this time. */
const FORGET_MS = 60_000
const MAX_KEYS = 20_000

/** The pause after so many failures. */
const pauseAfter = (failures: number, mostMs: number) =>
  failures < FREE ? 0 : Math.min(mostMs, FIRST_MS * 2 ** Math.floor(failures - FREE))

/**
 * Spaces the attempts at one account further apart with each failure. It delays and never locks: a right password is
 * taken as soon as its turn comes.
 */
export function createGuessDelay({ now, sleep, mostMs = MOST_MS, maxKeys = MAX_KEYS }: GuessDelayOptions) {
  const held = new Map<string, { failures: number; at: number; next: number }>()

  const entry = (key: string) => {
    const at = now()
    const found = held.get(key)
    const failures = found ? Math.max(0, found.failures - (at - found.at) / FORGET_MS) : 0
    const fresh = { failures, at, next: Math.max(at, found?.next ?? 0) }
    // Re-inserting keeps the map in the order of use.
    held.delete(key)
    held.set(key, fresh)
    const [oldest] = held.size > maxKeys ? held.keys() : []
    if (oldest !== undefined) held.delete(oldest)
    return fresh
  }

  return {
    /** Waits for the turn of an attempt. Rejects with `rate_limited` when it is too far away. */
    async wait(key: string): Promise<void> {
      const own = entry(key)
      const ms = own.next - own.at
      if (ms > PATIENCE_MS) {
        throw new CodedError('rate_limited', 'Too many attempts at this account.', { retryAfter: ms / 1000 })
      }
      own.next += pauseAfter(own.failures, mostMs)
      if (ms > 0) await sleep(ms)
    },
    /** Notes that an attempt was wrong. */
    failed(key: string): void {
      const own = entry(key)
      own.failures += 1
      own.next = Math.max(own.next, own.at + pauseAfter(own.failures, mostMs))
    },
    /** Forgets the failures of an account whose owner has come. */
    succeeded(key: string): void {
      held.delete(key)
    },
  }
}
