/** What a run came to, over all students. */
export interface Tally {
  /** Events made and put into an outbox. */
  sent: number
  /** Answers by status; resent events may be answered `duplicate`. */
  stored: number
  duplicate: number
  refused: number
  /** Requests or frames that failed or were put off, and were repeated. */
  retries: number
  /** Milliseconds from the first sending of a batch to its acknowledgement. */
  ackMs: number[]
}

/** A tally of nothing. */
export function emptyTally(): Tally {
  return { sent: 0, stored: 0, duplicate: 0, refused: 0, retries: 0, ackMs: [] }
}

/** The value below which a share `q` of the numbers lies; undefined for none. `sorted` ascends. */
export function quantile(sorted: readonly number[], q: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]
}
