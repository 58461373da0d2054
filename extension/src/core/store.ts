/** A value that can be watched. */
export interface Store<T> {
  get(): T
  set(next: T): void
  /** Calls `listener` after each change; the answer ends that. */
  subscribe(listener: () => void): () => void
}

/** A store with its first value. */
export function createStore<T>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      value = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
