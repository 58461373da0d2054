const SLICES = 6
const SLICE_MS = 10_000
/** Buckets grow by a twelfth each, from 10 µs: what is read from them is at most 8 % off. */
const GROWTH = Math.log(13 / 12)
const SMALLEST_MS = 0.01
const BUCKETS = 220

interface Slice {
  /** Number of the slice since time 0. */
  at: number
  counts: Uint32Array
  total: number
}

/** Durations of the last minute. */
export interface RecentTimes {
  add(ms: number): void
  /** The durations in ms that these shares (0 to 1) of all did not exceed; undefined without any. */
  quantiles(shares: readonly number[]): number[] | undefined
}

const bucketOf = (ms: number) =>
  ms <= SMALLEST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / SMALLEST_MS) / GROWTH))

/** Makes a window over the last minute that takes no memory but its buckets. `now`: monotonic, ms. */
export function createRecentTimes(now: () => number): RecentTimes {
  const slices: Slice[] = Array.from({ length: SLICES }, () => ({
    at: -1,
    counts: new Uint32Array(BUCKETS),
    total: 0,
  }))

  return {
    add(ms) {
      const at = Math.floor(now() / SLICE_MS)
      const slice = slices[at % SLICES] as Slice
      if (slice.at !== at) {
        slice.at = at
        slice.counts.fill(0)
        slice.total = 0
      }
      const bucket = bucketOf(ms)
      slice.counts[bucket] = (slice.counts[bucket] ?? 0) + 1
      slice.total += 1
    },
    quantiles(shares) {
      const oldest = Math.floor(now() / SLICE_MS) - SLICES
      const fresh = slices.filter(({ at, total }) => at > oldest && total > 0)
      const total = fresh.reduce((sum, slice) => sum + slice.total, 0)
      if (total === 0) return undefined
      return shares.map((share) => {
        let seen = 0
        let bucket = -1
        while (seen < share * total && bucket < BUCKETS - 1) {
          bucket += 1
          for (const { counts } of fresh) seen += counts[bucket] ?? 0
        }
        return SMALLEST_MS * Math.exp(Math.max(0, bucket) * GROWTH)
      })
    },
  }
}
