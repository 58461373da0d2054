import type { HelpRequest } from '@lectern/protocol'

/** How long a resolve can be undone before it is sent, in milliseconds. */
export const UNDO_MS = 5_000

/** What became of a resolve. `event` is the request's, so that a new request of the same student is not taken for it. */
export type Resolve =
  | { readonly is: 'undoable'; readonly event: string }
  | { readonly is: 'sent'; readonly event: string }
  | { readonly is: 'failed'; readonly event: string; readonly error: unknown }

/** Resolves by student, in the shape of `useSyncExternalStore`. */
export interface PendingResolves {
  get(): ReadonlyMap<string, Resolve>
  subscribe(listener: () => void): () => void
  resolve(student: string, request: HelpRequest): void
  undo(student: string): void
  /** Sends at once what could still be undone: the page is going away. */
  flush(): void
}

/** Makes the resolves; `send` tells the server, and rejects when that did not work. */
export function createPendingResolves(send: (student: string) => Promise<void>): PendingResolves {
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const listeners = new Set<() => void>()
  let all: ReadonlyMap<string, Resolve> = new Map()

  function put(student: string, resolve: Resolve | undefined): void {
    const next = new Map(all)
    if (resolve) next.set(student, resolve)
    else next.delete(student)
    all = next
    for (const listener of listeners) listener()
  }

  function sendNow(student: string): void {
    clearTimeout(timers.get(student))
    timers.delete(student)
    const event = all.get(student)?.event
    if (event === undefined) return
    put(student, { is: 'sent', event })
    send(student).catch((error: unknown) => put(student, { is: 'failed', event, error }))
  }

  return {
    get: () => all,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    resolve(student, { event }) {
      clearTimeout(timers.get(student))
      put(student, { is: 'undoable', event })
      timers.set(
        student,
        setTimeout(() => sendNow(student), UNDO_MS),
      )
    },
    undo(student) {
      if (!timers.has(student)) return
      clearTimeout(timers.get(student))
      timers.delete(student)
      put(student, undefined)
    },
    flush() {
      for (const student of timers.keys()) sendNow(student)
    },
  }
}
