import type { LecternEvent } from '../../../protocol/src/events.ts'
import { OutboxFullError, type Draft, type Outbox } from './outbox.ts'
import type { Problem } from './server.ts'

/** Events kept in memory while the storage takes none; more are counted, and said to be missing. */
const MOST_HELD_BACK = 500
const AGAIN_MS = 5_000

/** An event to be kept for an install; `run` if it is the end of a run that was noted. */
export interface ToKeep {
  readonly install: string
  readonly draft: Draft
  readonly run?: string | undefined
}

/** What the storage could not take. */
export interface Trouble {
  readonly problem: Problem
  /** Held in memory, and tried again. */
  readonly heldBack: number
  /** Given up. */
  readonly missed: number
}

interface Parts {
  readonly outbox: Outbox
  readonly onKept: (event: LecternEvent) => void
  readonly onTrouble: () => void
}

const problemOf = (error: unknown): Problem => ({
  code: error instanceof OutboxFullError ? 'storage_full' : 'storage_blocked',
})

/** Keeps events in order. What the storage refuses is held in memory and tried again, before anything newer. */
export function createKeeper({ outbox, onKept, onTrouble }: Parts) {
  const heldBack: ToKeep[] = []
  let trouble: Trouble | undefined
  let missed = 0
  let tail: Promise<unknown> = Promise.resolve()
  let timer: ReturnType<typeof setTimeout> | undefined

  /** In the order of asking, whatever the storage does. */
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work)
    tail = result.catch(() => {})
    return result
  }
  const store = async ({ install, draft, run }: ToKeep): Promise<LecternEvent | undefined> => {
    const event = run === undefined ? await outbox.keep(install, draft) : await outbox.end(run, draft)
    if (event) onKept(event)
    return event
  }
  const fail = (error: unknown) => {
    trouble = { problem: problemOf(error), heldBack: heldBack.length, missed }
    clearTimeout(timer)
    timer = setTimeout(again, AGAIN_MS)
    onTrouble()
  }
  const drain = async (): Promise<void> => {
    try {
      for (let next = heldBack[0]; next; next = heldBack[0]) {
        await store(next)
        heldBack.shift()
      }
    } catch (error) {
      fail(error)
      throw error
    }
    if (!trouble) return
    trouble = missed > 0 ? { ...trouble, heldBack: 0 } : undefined
    onTrouble()
  }

  const again = () => void inOrder(drain).catch(() => {})

  return {
    inOrder,
    /** Call within `inOrder`. Undefined if another page has told the end of this run. Rejects when the event is only held in memory. */
    async keep(item: ToKeep): Promise<LecternEvent | undefined> {
      try {
        if (heldBack.length > 0) await drain()
        return await store(item)
      } catch (error) {
        if (heldBack.length < MOST_HELD_BACK) heldBack.push(item)
        else missed += 1
        fail(error)
        throw error
      }
    },
    trouble: (): Trouble | undefined => trouble,
    idle: (): Promise<unknown> => tail,
  }
}
