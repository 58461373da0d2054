import type { StoredEvent } from '@lectern/protocol'

/**
 * "Class C is at offset N". A hint: it may be lost or come twice, the log is the truth.
 * Inside one process the events themselves may come with it, so that they need not be read again.
 */
export interface Hint {
  class: string
  top: number
  /** Stored events in offset order, the last of them at `top`. */
  events?: readonly StoredEvent[]
}

/** Carries hints from who appends to who follows. Every implementation passes `bus.contract.ts`. */
export interface Bus {
  publish(hint: Hint): void
  /** Returns how to stop listening. */
  subscribe(listener: (hint: Hint) => void): () => void
  close(): Promise<void>
}
