/** A value that readers see change at most once a frame, in the shape of `useSyncExternalStore`. */
export interface FrameStore<T> {
  /** What readers see. */
  get(): T
  /** The newest value, which readers see with the next frame. */
  latest(): T
  set(value: T): void
  subscribe(listener: () => void): () => void
}

/** Makes a store; `schedule` runs its argument with the next frame. */
export function createFrameStore<T>(initial: T, schedule: (flush: () => void) => void): FrameStore<T> {
  const listeners = new Set<() => void>()
  let shown = initial
  let newest = initial
  let scheduled = false
  const flush = () => {
    scheduled = false
    if (shown === newest) return
    shown = newest
    for (const listener of listeners) listener()
  }
  return {
    get: () => shown,
    latest: () => newest,
    set(value) {
      newest = value
      if (scheduled) return
      scheduled = true
      schedule(flush)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
