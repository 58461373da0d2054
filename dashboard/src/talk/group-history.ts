import type { ClassState, ErrorGroup } from '@lectern/protocol'

/** How far back sizes of groups are kept, ms. */
export const HISTORY_MS = 10 * 60_000
/** How long a group that is empty now is still shown as solved, ms. */
const SOLVED_MS = 3 * 60_000

/** After so long without a look it is not known when a group emptied, ms. */
const LOOK_MS = 30_000

/** So many students had the mistake from `at` (ms, the server's clock) on. */
export interface Size {
  readonly at: number
  readonly count: number
}

/** A group that nobody is in any more. */
export interface Solved {
  readonly key: string
  readonly group: ErrorGroup
  /** Students who had it at most. */
  readonly most: number
}

/** How the groups of a class grew and shrank, from what the page saw. */
export interface GroupHistory {
  /** Takes in a state; one of an earlier time, as of a replay, begins anew. */
  see(errors: ClassState['errors'], now: number): void
  /** Sizes over the last minutes, the oldest first. */
  sizes(key: string): readonly Size[]
  /** Groups of at least two that emptied lately, the last first. */
  solved(now: number): readonly Solved[]
}

/** Before it was looked at, a group was at least those who are in it now: each from their first such error on. */
function derived({ students }: ErrorGroup): Size[] {
  const times = Object.values(students).map(({ since }) => since)
  return times.sort((a, b) => a - b).map((at, index) => ({ at, count: index + 1 }))
}

/** Makes an empty history. */
export function createGroupHistory(): GroupHistory {
  const kept = new Map<string, { group: ErrorGroup; sizes: Size[]; goneAt?: number }>()
  let last = Number.NEGATIVE_INFINITY

  function forgetOld(now: number): void {
    for (const [key, entry] of kept) {
      if (entry.goneAt !== undefined && entry.goneAt < now - HISTORY_MS) kept.delete(key)
      // The last one before the window says how it begins.
      const first = entry.sizes.findLastIndex(({ at }) => at <= now - HISTORY_MS)
      if (first > 0) entry.sizes.splice(0, first)
    }
  }

  return {
    see(errors, now) {
      if (now < last) kept.clear()
      const seenAt = now - last > LOOK_MS ? last : now
      last = now
      for (const [key, group] of Object.entries(errors)) {
        const count = Object.keys(group.students).length
        const known = kept.get(key)
        const sizes = known?.sizes ?? derived(group)
        if (sizes.at(-1)?.count !== count) sizes.push({ at: now, count })
        kept.set(key, { group, sizes })
      }
      for (const [key, entry] of kept) {
        if (Object.hasOwn(errors, key) || entry.goneAt !== undefined) continue
        entry.goneAt = seenAt
        entry.sizes.push({ at: seenAt, count: 0 })
      }
      forgetOld(now)
    },
    sizes: (key) => kept.get(key)?.sizes ?? [],
    solved: (now) =>
      [...kept]
        .filter(([, { goneAt }]) => goneAt !== undefined && goneAt >= now - SOLVED_MS)
        .sort(([, a], [, b]) => (b.goneAt ?? 0) - (a.goneAt ?? 0))
        .map(([key, { group, sizes }]) => ({ key, group, most: Math.max(...sizes.map(({ count }) => count)) }))
        .filter(({ most }) => most > 1),
  }
}

const histories = new Map<string, GroupHistory>()

/** The history of a class, which lasts as long as the page, whatever view one is in. */
export function historyOf(classId: string): GroupHistory {
  let history = histories.get(classId)
  if (!history) histories.set(classId, (history = createGroupHistory()))
  return history
}
