const STORED = 0
const FOLDED = 1

/** Counts events that are committed and not yet folded; both threads see the same memory, so that asking costs no message. */
export interface FoldLag {
  readonly buffer: SharedArrayBuffer
  stored(events: number): void
  folded(events: number): void
  /** Events committed and not yet folded. */
  behind(): number
}

/** The counter over its shared memory, or a new one. */
export function createFoldLag(buffer = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)): FoldLag {
  const cells = new Int32Array(buffer)
  return {
    buffer,
    stored: (events) => void Atomics.add(cells, STORED, events),
    folded: (events) => void Atomics.add(cells, FOLDED, events),
    // Both wrap around at 32 bits; their difference stays right.
    behind: () => (Atomics.load(cells, STORED) - Atomics.load(cells, FOLDED)) | 0,
  }
}
