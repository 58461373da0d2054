import type { Principal } from '../auth/principal.ts'
import { CodedError } from '../errors.ts'

interface Rate {
  readonly requests: number
  readonly seconds: number
  /** Whose requests are counted together; without a principal it is the address. */
  readonly by: 'principal' | 'address'
  readonly what: string
}

/**
 * How many requests are taken in how many seconds. They stop a client that has run wild, not one that is fast: a whole
 * school may sit behind one address. What a request costs beyond its number is bounded elsewhere (queue bytes, shedding).
 */
export const RATES = {
  probes: { requests: 6_000, seconds: 60, by: 'address', what: 'Probes and metrics' },
  pages: { requests: 30_000, seconds: 60, by: 'address', what: 'Pages, files, preflights' },
  'sign-in': { requests: 600, seconds: 60, by: 'address', what: 'Passwords, whose check is made slow' },
  join: { requests: 30_000, seconds: 60, by: 'address', what: 'Joining; wrong codes are counted more strictly' },
  events: { requests: 3_000, seconds: 1, by: 'principal', what: 'Posts of events' },
  tickets: { requests: 6_000, seconds: 60, by: 'principal', what: 'Tickets for sockets' },
  reads: { requests: 6_000, seconds: 60, by: 'principal', what: 'Reading' },
  history: { requests: 3_000, seconds: 60, by: 'principal', what: 'Reading what is on disk' },
  writes: { requests: 3_000, seconds: 60, by: 'principal', what: 'Changing something' },
  messages: { requests: 120, seconds: 60, by: 'principal', what: 'Writing to students' },
  system: { requests: 1_200, seconds: 60, by: 'principal', what: 'The system, for administrators' },
} as const satisfies Readonly<Record<string, Rate>>

/** Name of a limit. */
export type RateName = keyof typeof RATES

/** Keys counted in one window, so that a flood of addresses stays small in memory. */
const MAX_KEYS = 100_000
const MS = 1000

const keyOf = (principal: Principal): string =>
  principal.kind === 'student' ? principal.student : (principal.user ?? 'administrator')

/** Counts requests of one rate class in fixed windows: one lookup and no allocation a request. `now`: monotonic, ms. */
function createWindow({ requests, seconds }: Rate, now: () => number) {
  const counts = new Map<string, number>()
  let ends = -Infinity

  return (key: string): void => {
    const at = now()
    if (at >= ends || counts.size >= MAX_KEYS) {
      counts.clear()
      ends = at + seconds * MS
    }
    const count = (counts.get(key) ?? 0) + 1
    if (count <= requests) return void counts.set(key, count)
    const detail = `At most ${requests} requests of this kind are taken in ${seconds} s.`
    throw new CodedError('rate_limited', detail, { retryAfter: Math.max(1, Math.ceil((ends - at) / MS)) })
  }
}

/** Who asks: a request. */
interface Asker {
  readonly ip: string
  readonly principal: Principal | undefined
}

/** Every limit of the table, counting. `now`: monotonic, ms. */
export function createRates(now: () => number) {
  const names = Object.keys(RATES) as RateName[]
  const windows = Object.fromEntries(names.map((name) => [name, createWindow(RATES[name], now)]))
  return {
    /** Counts one request; throws `rate_limited`, with the time to wait, when it is one too many. */
    take(name: RateName, asker: Asker): void {
      const { principal } = asker
      const own = principal !== undefined && RATES[name].by === 'principal'
      // The address is asked for only where it counts: behind proxies it is worked out each time.
      windows[name]?.(own ? keyOf(principal) : asker.ip)
    },
  }
}
