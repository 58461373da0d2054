import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Seeded randomness: equal seeds and labels give equal numbers. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** Whole number from `from` to `to`, both included. */
  int(from: number, to: number): number
  /** In [from, to). */
  between(from: number, to: number): number
  /** True with probability `p`. */
  chance(p: number): boolean
  pick<T>(list: readonly T[]): T
  /** Randomness of its own for a part, so that one part's use does not shift another's. */
  fork(label: string): Random
}

/** FNV-1a, 32 bits: spreads labels over seeds. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return value
}

/** Randomness from a whole number. */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  const next = (): number => uniformFloat64(generator)
  return {
    next,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    between: (from, to) => from + next() * (to - from),
    chance: (p) => next() < p,
    pick(list) {
      const picked = list[Math.floor(next() * list.length)]
      if (picked === undefined) throw new RangeError('Nothing to pick from.')
      return picked
    },
    fork: (label) => createRandom(hash(`${seed}/${label}`)),
  }
}
