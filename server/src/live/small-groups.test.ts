import { describe, expect, it } from 'vitest'
import { ATTENTION_GROUPS, CELL_GROUPS, isSmall, PAIR, tellGroups } from './small-groups.ts'

type Counts = Record<string, number>
type Tell = (counts: Counts, groupings: typeof PAIR) => Counts

/** Every way to part `total` among these. */
function partings(total: number, [part = '', ...rest]: readonly string[]): Counts[] {
  if (rest.length === 0) return [{ [part]: total }]
  return Array.from({ length: total + 1 }, (_, own) =>
    partings(total - own, rest).map((others) => ({ [part]: own, ...others })),
  ).flat()
}

/**
 * What somebody finds out who knows the method, the total and what is told: for each count, every number that it could be.
 * Gives the fewest numbers that a count which is small could be, over all classes of this size.
 */
function attack(total: number, groupings: typeof PAIR, tell: Tell): number {
  const parts = Object.keys(groupings[0] ?? {})
  const byTold = new Map<string, Counts[]>()
  for (const counts of partings(total, parts)) {
    const told = JSON.stringify(tell(counts, groupings))
    const same = byTold.get(told)
    if (same) same.push(counts)
    else byTold.set(told, [counts])
  }
  const candidates = [...byTold.values()].flatMap((all) =>
    parts.map((part) => new Set(all.map((counts) => counts[part] ?? 0))),
  )
  return Math.min(...candidates.filter((found) => [...found].some(isSmall)).map(({ size }) => size))
}

const sizes = (most: number) => Array.from({ length: most - 4 }, (_, index) => index + 5)
const CASES = [
  { name: 'what students need', groupings: ATTENTION_GROUPS, most: 17 },
  { name: 'how far they are with a cell', groupings: CELL_GROUPS, most: 36 },
  { name: 'a part and the rest', groupings: PAIR, most: 60 },
]

describe.each(CASES)('small groups: $name', ({ groupings, most }) => {
  it('AGG-1 can not be worked out: a small count could always be at least four numbers', () => {
    expect(Math.min(...sizes(most).map((total) => attack(total, groupings, tellGroups)))).toBeGreaterThanOrEqual(4)
  })

  it('AGG-1 could be worked out if only they themselves were left out', () => {
    const alone: Tell = (counts) => Object.fromEntries(Object.entries(counts).filter(([, count]) => !isSmall(count)))
    expect(Math.min(...sizes(17).map((total) => attack(total, groupings, alone)))).toBe(1)
  })
})

describe('small groups', () => {
  it('AGG-1 are told of together with others, as finely as can be', () => {
    const class30 = (counts: Counts) => tellGroups(counts, ATTENTION_GROUPS)
    expect(class30({ help: 0, stuck: 6, active: 24 })).toEqual({
      help: 0,
      stuck: 6,
      failing: 0,
      idle: 0,
      active: 24,
      away: 0,
    })
    expect(class30({ help: 1, stuck: 6, active: 23 })).toEqual({ needing: 7, idle: 0, active: 23, away: 0 })
    expect(class30({ help: 1, stuck: 6, active: 20, idle: 3 })).toEqual({ needing: 7, working: 23, away: 0 })
    expect(class30({ help: 1, stuck: 6, active: 20, away: 3 })).toEqual({ needing: 7, others: 23 })
    expect(class30({ help: 1, active: 23, away: 6 })).toEqual({ present: 24, away: 6 })
    expect(class30({ help: 1, active: 23, away: 2 })).toEqual({})
    expect(tellGroups({ some: 29, others: 1 }, PAIR)).toEqual({})
  })
})
