/** Which sequence numbers of one install are settled: all up to `through`, and those of `ranges` above it. */
export interface Settled {
  through: number
  /** Inclusive ranges in ascending order, each above `through + 1`, none touching another. */
  ranges: [from: number, to: number][]
}

/** Nothing settled. */
export function nothingSettled(): Settled {
  return { through: 0, ranges: [] }
}

/** Settles `seq` (from 1); a number settled before changes nothing. Returns true if something changed. */
export function settle(settled: Settled, seq: number): boolean {
  if (seq <= settled.through) return false
  const { ranges } = settled
  if (seq === settled.through + 1) {
    settled.through = seq
    const first = ranges[0]
    if (first && first[0] === seq + 1) {
      settled.through = first[1]
      ranges.shift()
    }
    return true
  }
  return insert(ranges, seq)
}

function insert(ranges: Settled['ranges'], seq: number): boolean {
  const next = ranges.findIndex((range) => range[1] >= seq - 1)
  const at = next === -1 ? ranges.length : next
  const range = ranges[at]
  if (!range || range[0] > seq + 1) {
    ranges.splice(at, 0, [seq, seq])
    return true
  }
  if (seq >= range[0] && seq <= range[1]) return false
  if (seq === range[0] - 1) range[0] = seq
  else range[1] = seq
  const after = ranges[at + 1]
  if (after && after[0] === range[1] + 1) {
    range[1] = after[1]
    ranges.splice(at + 1, 1)
  }
  return true
}

/** How many numbers below the highest settled one have not been settled yet. */
export function missing(settled: Settled): number {
  let count = 0
  let below = settled.through
  for (const [from, to] of settled.ranges) {
    count += from - below - 1
    below = to
  }
  return count
}
