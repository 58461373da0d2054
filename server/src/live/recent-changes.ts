import { addChange, type Patch } from '@lectern/protocol'
import type { Changes } from './live.ts'

/** Flushes kept: about a minute of a busy class. */
const MOST_FLUSHES = 600
/** Bytes of patches kept, as JSON text. */
const MOST_BYTES = 2 * 1024 * 1024

interface Kept extends Changes {
  bytes: number
}

/** The latest changes of a class, for readers who were away for a moment. Bounded in count and bytes. */
export interface RecentChanges {
  add(changes: Changes, bytes: number): void
  /** Changes from `offset` to the newest, merged; undefined when they do not reach back so far. */
  since(offset: number): { from: number; changes: Patch[] } | undefined
}

/** Makes an empty list of recent changes. */
export function createRecentChanges(): RecentChanges {
  const kept: Kept[] = []
  let total = 0
  return {
    add(changes, bytes) {
      kept.push({ ...changes, bytes })
      total += bytes
      while (kept.length > MOST_FLUSHES || (total > MOST_BYTES && kept.length > 1)) total -= kept.shift()?.bytes ?? 0
    },
    since(offset) {
      const first = kept.findIndex(({ to }) => to > offset)
      const start = kept[first]
      if (!start || start.from > offset) return undefined
      const changes: Patch[] = []
      for (const { changes: patches } of kept.slice(first)) for (const patch of patches) addChange(changes, patch)
      return { from: start.from, changes }
    },
  }
}
