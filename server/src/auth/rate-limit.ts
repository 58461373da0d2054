import { CodedError } from '../errors.ts'

interface RateLimitOptions {
  /** What may be used at once. */
  burst: number
  /** How much comes back, a second. */
  perSecond: number
  /** Monotonic clock, ms. */
  now: () => number
  /** Keys held; the longest unused are forgotten first. */
  maxKeys?: number
}

const MAX_KEYS = 20_000

/** Token buckets by key (an address, a user). Holds no timers. */
export function createRateLimit({ burst, perSecond, now, maxKeys = MAX_KEYS }: RateLimitOptions) {
  const buckets = new Map<string, { left: number; at: number }>()

  const bucket = (key: string) => {
    const at = now()
    const found = buckets.get(key)
    const left = found ? Math.min(burst, found.left + ((at - found.at) / 1000) * perSecond) : burst
    const fresh = { left, at }
    // Re-inserting keeps the map in the order of use.
    buckets.delete(key)
    buckets.set(key, fresh)
    const [oldest] = buckets.size > maxKeys ? buckets.keys() : []
    if (oldest !== undefined) buckets.delete(oldest)
    return fresh
  }

  return {
    /** Throws `rate_limited` with the time to wait when `key` has used up what it may. */
    check(key: string): void {
      const { left } = bucket(key)
      if (left >= 1) return
      const retryAfter = Math.max(1, Math.ceil((1 - left) / perSecond))
      throw new CodedError('rate_limited', 'Too many attempts from this address.', { retryAfter })
    },
    /** Uses one up. */
    take(key: string): void {
      bucket(key).left -= 1
    },
  }
}

/** See `createRateLimit`. */
export type RateLimit = ReturnType<typeof createRateLimit>
