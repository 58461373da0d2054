import type { RunnerInfo, StoredEvent } from '@lectern/protocol'
import type { Bus } from '../bus/bus.ts'
import type { ServerClock } from '../ingest/clock.ts'
import type { Followers } from '../live/followers.ts'
import { reasonOf } from '../services/part.ts'
import type { FromLog } from './wire.ts'

interface LiveFeedOptions {
  bus: Bus
  followers: Followers
  clock: ServerClock
  send: (message: FromLog) => void
  /** At most one frame a class in this time, ms (SPEC SUB-4). */
  everyMs: number
}

/** Follows what is stored and sends what changed. */
export interface LiveFeed {
  /** Folds newly stored events and flushes if it is time. */
  stored(events: Map<string, StoredEvent[]>): Promise<void>
  flush(): Promise<void>
  /** Folds a class anew and tells its readers that what they hold is of another history. */
  restart(classId: string): Promise<void>
  /** The keeping of what was folded, as a follower of the log. */
  keeping(): Promise<RunnerInfo>
  /** Throws the reason when what was folded can not be kept. */
  health(): Promise<void>
  /** Follows no more; hands out and keeps what there is. */
  stop(): Promise<void>
}

/** Makes the feed from the log to the readers: hints in, frames out. */
export function createLiveFeed({ bus, followers, clock, send, everyMs }: LiveFeedOptions): LiveFeed {
  let lastFlush = 0
  let timer: NodeJS.Timeout | undefined
  let following = Promise.resolve()
  let keeping: RunnerInfo = { name: 'checkpoints', state: 'waiting', lag: 0, handled: 0, failures: 0 }

  /** Throws when it can not be kept. */
  async function keep(all = false): Promise<void> {
    try {
      const handled = await followers.checkpoint(all)
      const { reason: _, ...rest } = keeping
      keeping = { ...rest, state: 'waiting' }
      if (handled > 0) keeping = { ...keeping, handled: keeping.handled + handled, at: clock.now() }
    } catch (error) {
      const reason = `No checkpoint could be kept: ${reasonOf(error)}`
      keeping = { ...keeping, state: 'failed', failures: keeping.failures + 1, reason }
      throw error
    }
  }

  const unsubscribe = bus.subscribe((hint) => {
    following = following.then(async () => {
      try {
        await followers.follow(hint)
      } catch (error) {
        followers.forget(hint.class)
        send({ kind: 'fault', detail: `The state of class ${hint.class} is folded anew: ${String(error)}` })
      }
    })
  })

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    lastFlush = performance.now()
    for (const { class: classId, from, to, changes, help, messages } of followers.flush()) {
      const head = `"class":${JSON.stringify(classId)},"at":${clock.now()},"from":${from},"to":${to}`
      const bytes = Buffer.from(`{"kind":"changes",${head},"changes":${JSON.stringify(changes)}}`)
      send({ kind: 'frame', frame: { class: classId, from, to, bytes, help, messages } })
    }
    await keep().catch(() => send({ kind: 'fault', detail: keeping.reason ?? '' }))
  }

  return {
    flush,
    async health() {
      // One class that can not be followed is no fault of the whole; what can not be kept is tried again.
      if (keeping.state === 'failed') await keep()
    },
    keeping: async () => ({ ...keeping, lag: await followers.unkept() }),
    async stop() {
      unsubscribe()
      await following
      await flush()
      await keep(true)
    },
    async restart(classId) {
      await flush()
      followers.forget(classId)
      const fold = await followers.fold(classId)
      const to = fold.offset
      // A frame that joins onto nothing: whoever holds an older offset asks and is given a snapshot.
      const head = `"class":${JSON.stringify(classId)},"at":${clock.now()},"from":${to},"to":${to}`
      const bytes = Buffer.from(`{"kind":"changes",${head},"changes":[]}`)
      send({ kind: 'frame', frame: { class: classId, from: to, to, bytes, help: fold.helpNotices(), messages: [] } })
    },
    async stored(events) {
      for (const [classId, list] of events) {
        const top = list.at(-1)?.offset
        if (top !== undefined) bus.publish({ class: classId, top, events: list })
      }
      await following
      if (!followers.dirty()) return
      // Timers starve in a busy thread, so the clock is looked at here as well.
      const wait = everyMs - (performance.now() - lastFlush)
      if (wait <= 0) await flush()
      else timer ??= setTimeout(() => void flush(), wait)
    },
  }
}
