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
}

/** Durations of the last minute. */
export interface RecentTimes {
  add(ms: number): void
  /** The duration in ms that this share (0 to 1) of all did not exceed; undefined without any. */
  quantile(share: number): number | undefined
}

const bucketOf = (ms: number) =>
  ms <= SMALLEST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / SMALLEST_MS) / GROWTH))

/** Makes a window over the last minute that takes no memory but its buckets. `now`: monotonic, ms. */
export function createRecentTimes(now: () => number): RecentTimes {
  const slices: Slice[] = Array.from({ length: SLICES }, () => ({ at: -1, counts: new Uint32Array(BUCKETS) }))

  return {
    add(ms) {
      const at = Math.floor(now() / SLICE_MS)
      const slice = slices[at % SLICES] as Slice
      if (slice.at !== at) {
        slice.at = at
        slice.counts.fill(0)
      }
      const bucket = bucketOf(ms)
      slice.counts[bucket] = (slice.counts[bucket] ?? 0) + 1
    },
    quantile(share) {
      const oldest = Math.floor(now() / SLICE_MS) - SLICES
      const sums = new Float64Array(BUCKETS)
      let total = 0
      for (const { at, counts } of slices) {
        if (at <= oldest) continue
        for (const [bucket, count] of counts.entries()) {
          sums[bucket] = (sums[bucket] ?? 0) + count
          total += count
        }
      }
      if (total === 0) return undefined
      let seen = 0
      const bucket = sums.findIndex((count) => (seen += count) >= share * total)
      return SMALLEST_MS * Math.exp(Math.max(0, bucket) * GROWTH)
    },
  }
}
