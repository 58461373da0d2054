import type { StoredEvent } from '@lectern/protocol'
import type { Log } from '../log/log.ts'
import { rollUp } from './rollup.ts'
import type { Rollups } from './rollups.ts'

/** Read at once; a larger part would hold the main thread for longer than a request may wait. */
const EVENTS_AT_ONCE = 200
/** With more than this waiting to be stored, students come first; the sums are made later. */
const BUSY_QUEUE_BYTES = 64 * 1024

interface RollUpOptions {
  log: Pick<Log, 'tops' | 'events' | 'counts'>
  rollups: Rollups
}

/**
 * Makes the step of the roll-ups: it takes one part of one class that is behind. A thread of its own would cost more memory than
 * the whole of the log's, for a few events a second.
 */
export function createRollUpStep({ log, rollups }: RollUpOptions): () => Promise<{ handled: number; lag: number }> {
  let cursors: Map<string, number> | undefined
  let lastLag = 0

  async function behind(at: Map<string, number>): Promise<{ next: string | undefined; lag: number }> {
    let lag = 0
    let next: string | undefined
    for (const [classId, top] of await log.tops()) {
      let from = at.get(classId) ?? 0
      if (from > top) {
        // The log is of another history: an older copy was put in its place.
        await rollups.forget(classId)
        at.delete(classId)
        from = 0
      }
      if (top > from) next ??= classId
      lag += top - from
    }
    return { next, lag }
  }

  async function take(classId: string, from: number): Promise<number> {
    const bytes = await log.events(classId, from, EVENTS_AT_ONCE)
    const { events } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { events: StoredEvent[] }
    const to = events.at(-1)?.offset ?? from
    if (to > from) await rollups.add(rollUp(classId, { from, to }, events))
    return to
  }

  return async () => {
    if (log.counts().queueBytes > BUSY_QUEUE_BYTES) return { handled: 0, lag: lastLag }
    cursors ??= new Map(Object.entries(await rollups.cursors()))
    try {
      const { next, lag } = await behind(cursors)
      lastLag = lag
      if (next === undefined) return { handled: 0, lag: 0 }
      const from = cursors.get(next) ?? 0
      const to = await take(next, from)
      // Taken out and put in again, the class comes last in the next round.
      cursors.delete(next)
      cursors.set(next, to)
      return { handled: to - from, lag: lag - (to - from) }
    } catch (error) {
      cursors = undefined
      throw error
    }
  }
}
