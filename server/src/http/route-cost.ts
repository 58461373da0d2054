/** Each power of two of microseconds is cut into eight: what is read from them is at most 7 % off. */
const PARTS = 8
const PART_BITS = 3
const POWERS = 31
const US = 1000
const MOST_US = 2 ** 31 - 1
const TOO_MANY = 429
const STATUSES_OF_A_KIND = 100

/** Number of the bucket of a duration: its highest bit, then the three bits after it. */
function bucketOf(us: number): number {
  if (us < PARTS) return us
  const power = POWERS - Math.clz32(us)
  return (power - PART_BITS + 1) * PARTS + ((us >> (power - PART_BITS)) & (PARTS - 1))
}

/** The middle of a bucket, in ms. */
function middleOf(bucket: number): number {
  if (bucket < PARTS) return bucket / US
  const shift = Math.floor(bucket / PARTS) - 1
  return ((PARTS + (bucket % PARTS) + 0.5) * 2 ** shift) / US
}

const BUCKETS = (POWERS - PART_BITS + 1) * PARTS

/** Counts what a route costs, since the start, in memory that does not grow. */
export function createRouteCost() {
  // Most routes of a server are never called.
  let counts: Uint32Array | undefined
  let calls = 0
  let errors = 0
  let limited = 0
  let totalMs = 0
  const statuses = new Map<string, { calls: number; ms: number }>()

  const quantile = (share: number): number => {
    let seen = 0
    let bucket = 0
    while (bucket < BUCKETS - 1 && (seen += counts?.[bucket] ?? 0) < share * calls) bucket += 1
    return Number(middleOf(bucket).toFixed(3))
  }

  return {
    /** A request was answered after `ms`. */
    add(ms: number, status: number): void {
      counts ??= new Uint32Array(BUCKETS)
      const bucket = bucketOf(Math.min(MOST_US, Math.round(ms * US)))
      counts[bucket] = (counts[bucket] ?? 0) + 1
      calls += 1
      totalMs += ms
      const kind = `${Math.floor(status / STATUSES_OF_A_KIND)}xx`
      const sum = statuses.get(kind)
      if (sum) {
        sum.calls += 1
        sum.ms += ms
      } else statuses.set(kind, { calls: 1, ms })
      if (status === TOO_MANY) limited += 1
      else if (status >= 400) errors += 1
    },
    /** Calls and their time in ms by the kind of their status, e.g. `2xx`. */
    byStatus: (): ReadonlyMap<string, { calls: number; ms: number }> => statuses,
    /** `limited` are refusals by 429; `errors` all other answers from 400 on. Times in ms; absent without calls. */
    read() {
      const times = calls === 0 ? {} : { p50: quantile(0.5), p99: quantile(0.99) }
      return { calls, errors, limited, ...times, totalMs: Number(totalMs.toFixed(3)) }
    },
  }
}

/** See `createRouteCost`. */
export type RouteCost = ReturnType<typeof createRouteCost>
