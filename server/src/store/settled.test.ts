import fc from 'fast-check'
import { expect, it } from 'vitest'
import { missing, nothingSettled, settle } from './settled.ts'

it('ING-4 settles numbers in any order as a set would', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 })), (seqs) => {
      const settled = nothingSettled()
      const set = new Set<number>()
      for (const seq of seqs) {
        expect(settle(settled, seq)).toBe(!set.has(seq))
        set.add(seq)
        let through = 0
        while (set.has(through + 1)) through += 1
        expect(settled.through).toBe(through)
        expect(missing(settled)).toBe(Math.max(...set) - set.size)
        const held = settled.ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at))
        expect(held).toEqual([...set].filter((value) => value > through).toSorted((a, b) => a - b))
      }
    }),
    { seed: 4, numRuns: 1000 },
  )
})
