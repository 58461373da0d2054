import { useEffect, useMemo, useSyncExternalStore } from 'react'

/** How long something can be undone before it is sent, in milliseconds. */
export const UNDO_MS = 6_000

/** Actions by key that wait a while, in the shape of `useSyncExternalStore`. */
export interface Delayed {
  get(): ReadonlySet<string>
  subscribe(listener: () => void): () => void
  begin(key: string): void
  undo(key: string): void
  /** Sends at once what still waits: the page is going away. */
  flush(): void
}

/** Makes them; `send` is told each key whose time is over. A key waits until what `send` gave is settled. */
export function createDelayed(send: (key: string) => Promise<unknown>): Delayed {
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const listeners = new Set<() => void>()
  let waiting: ReadonlySet<string> = new Set()

  function put(change: (keys: Set<string>) => void): void {
    const next = new Set(waiting)
    change(next)
    waiting = next
    for (const listener of listeners) listener()
  }
  function sendNow(key: string): void {
    clearTimeout(timers.get(key))
    timers.delete(key)
    const settled = () => put((keys) => keys.delete(key))
    send(key).then(settled, settled)
  }

  return {
    get: () => waiting,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    begin(key) {
      if (waiting.has(key)) return
      put((keys) => keys.add(key))
      timers.set(
        key,
        setTimeout(() => sendNow(key), UNDO_MS),
      )
    },
    undo(key) {
      if (!timers.has(key)) return
      clearTimeout(timers.get(key))
      timers.delete(key)
      put((keys) => keys.delete(key))
    },
    flush() {
      for (const key of timers.keys()) sendNow(key)
    },
  }
}

/** Actions of a part of the page; what still waits is sent when the part or the page goes away. */
export function useDelayed(send: (key: string) => Promise<unknown>): Delayed & { waiting: ReadonlySet<string> } {
  const delayed = useMemo(() => createDelayed(send), [send])
  useEffect(() => {
    window.addEventListener('pagehide', delayed.flush)
    return () => {
      window.removeEventListener('pagehide', delayed.flush)
      delayed.flush()
    }
  }, [delayed])
  return { ...delayed, waiting: useSyncExternalStore(delayed.subscribe, delayed.get) }
}
