import { SMALLEST_GROUP } from '@lectern/protocol'

/** A way to part a whole: its groups by name, each with the finest parts that it holds. */
type Grouping = Readonly<Record<string, readonly string[]>>

/** True for a group that is there and too small to be told. */
export const isSmall = (count: number): boolean => count > 0 && count < SMALLEST_GROUP

/**
 * Counts of the groups of the first grouping in which none is small; nothing where there is none (SPEC AGG-1). Leaving out
 * single counts would not do: the total is known, and which others are left out with a small one says something of it. A
 * coarser grouping says nothing of how a group is made up: whoever knows the method finds at least four numbers that a count
 * which is not told could be. The tests try every class of up to a few dozen students.
 */
export function tellGroups(
  counts: Readonly<Record<string, number>>,
  groupings: readonly Grouping[],
): Record<string, number> {
  for (const grouping of groupings) {
    const groups = Object.entries(grouping).map(
      ([name, parts]) => [name, parts.reduce((sum, part) => sum + (counts[part] ?? 0), 0)] as const,
    )
    if (!groups.some(([, count]) => isSmall(count))) return Object.fromEntries(groups)
  }
  return {}
}

const each = (...parts: readonly string[]): Grouping => Object.fromEntries(parts.map((part) => [part, [part]]))

const NEEDING = { needing: ['help', 'stuck', 'failing'] }
const WORKING = ['idle', 'active']

/** What students need, from the finest to the coarsest. */
export const ATTENTION_GROUPS: readonly Grouping[] = [
  each('help', 'stuck', 'failing', 'idle', 'active', 'away'),
  { ...NEEDING, ...each('idle', 'active', 'away') },
  { ...NEEDING, working: WORKING, ...each('away') },
  { ...NEEDING, others: [...WORKING, 'away'] },
  { present: [...NEEDING.needing, ...WORKING], ...each('away') },
]

/** How far students are with a cell. */
export const CELL_GROUPS: readonly Grouping[] = [
  each('done', 'tried', 'open'),
  { done: ['done'], undone: ['tried', 'open'] },
  { reached: ['done', 'tried'], open: ['open'] },
]

/** Those of whom something is so, and the others. */
export const PAIR: readonly Grouping[] = [each('some', 'others')]
