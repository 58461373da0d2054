import { stateHash } from '@lectern/protocol'
import type { Hint } from '../bus/bus.ts'
import type { LogStore } from '../store/store.ts'
import { createClassFold, FOLD_VERSION, restoreFold } from './class-fold.ts'
import type { Changes, ClassFold, Notices } from './live.ts'

const READ_AT_ONCE = 5_000
/** A fold's state is kept again after so many events and so much time; what comes after is folded again at start. */
const CHECKPOINT_EVENTS = 20_000
const CHECKPOINT_MS = 15_000

/** Changes of one class since the last flush, for all its readers. */
export interface FlushedClass extends Changes, Notices {
  class: string
}

/** The folds of all classes that anybody asked for or that have events, following the log. */
export interface Followers {
  /** Follows a hint: with the events it brings when they fit, else by reading the log. */
  follow(hint: Hint): Promise<void>
  /** The fold of a class, brought up to the log's top when it was not at hand. */
  fold(classId: string): Promise<ClassFold>
  /** True if a fold has something to flush. */
  dirty(): boolean
  /** Flushes every fold that changed. */
  flush(): FlushedClass[]
  /** Hash of the flushed state (SPEC STA-4). */
  hash(classId: string): Promise<string>
  /**
   * Keeps the state of folds that moved far since they were kept last, or of all. Call after `flush`. Gives how many events
   * the new checkpoints spare the next start.
   */
  checkpoint(all?: boolean): Promise<number>
  /** Events of all classes that no checkpoint covers. */
  unkept(): Promise<number>
  /** Throws a fold away after a fault; it is made again from the log when it is next asked for. */
  forget(classId: string): void
}

interface Follower {
  fold: ClassFold
  /** Offset of the last flush and of the last checkpoint. */
  flushed: number
  kept: number
  /** Monotonic time of the last checkpoint, ms. */
  keptAt: number
}

async function catchUp(store: LogStore, classId: string, fold: ClassFold): Promise<void> {
  for (;;) {
    const events = await store.read(classId, fold.offset, READ_AT_ONCE)
    if (events.length === 0) return
    fold.apply(events)
  }
}

async function openFold(store: LogStore, classId: string): Promise<Follower> {
  const checkpoint = await store.loadCheckpoint(classId, FOLD_VERSION)
  // A checkpoint ahead of the log is of another history: a restored backup. The log is the truth.
  const usable = checkpoint && checkpoint.offset <= (await store.top(classId))
  const fold = usable ? restoreFold(checkpoint.state) : createClassFold()
  const kept = fold.offset
  await catchUp(store, classId, fold)
  fold.flush()
  // Folded from the first event, it may know less than before: a student was erased. Such changes take nothing away.
  if (!usable) fold.forgetRecent()
  return { fold, flushed: fold.offset, kept, keptAt: performance.now() }
}

/** Makes followers over a store; nothing is folded before it is asked for. */
export function createFollowers(store: LogStore): Followers {
  const followers = new Map<string, Promise<Follower>>()
  const open = new Map<string, Follower>()

  async function followerOf(classId: string): Promise<Follower> {
    let opening = followers.get(classId)
    if (!opening) {
      opening = openFold(store, classId).then((follower) => {
        open.set(classId, follower)
        return follower
      })
      followers.set(classId, opening)
      opening.catch(() => followers.delete(classId))
    }
    return opening
  }

  return {
    async follow({ class: classId, top, events }) {
      const { fold } = await followerOf(classId)
      if (top <= fold.offset) return
      if (events?.[0] && events[0].offset === fold.offset + 1) fold.apply(events)
      else await catchUp(store, classId, fold)
    },
    forget(classId) {
      followers.delete(classId)
      open.delete(classId)
    },
    fold: async (classId) => (await followerOf(classId)).fold,
    dirty: () => [...open.values()].some(({ fold, flushed }) => fold.offset > flushed),
    flush() {
      return [...open].flatMap(([classId, follower]) => {
        const changes = follower.fold.flush()
        if (!changes) return []
        follower.flushed = changes.to
        return [{ class: classId, ...changes }]
      })
    },
    hash: async (classId) => stateHash((await followerOf(classId)).fold.snapshot().state),
    async unkept() {
      const kept = await store.checkpoints(FOLD_VERSION)
      let events = 0
      for (const classId of await store.classes()) {
        const top = await store.top(classId)
        const offset = kept.get(classId) ?? 0
        // One that is ahead of the log is of another history and covers nothing.
        events += offset > top ? top : top - offset
      }
      return events
    },
    async checkpoint(all = false) {
      let events = 0
      for (const [classId, follower] of open) {
        const moved = follower.fold.offset - follower.kept
        const due = moved >= CHECKPOINT_EVENTS && performance.now() - follower.keptAt >= CHECKPOINT_MS
        if (moved === 0 || !(due || all) || follower.fold.offset !== follower.flushed) continue
        await store.saveCheckpoint(classId, FOLD_VERSION, follower.fold.checkpoint())
        follower.kept = follower.fold.offset
        follower.keptAt = performance.now()
        events += moved
      }
      return events
    },
  }
}
