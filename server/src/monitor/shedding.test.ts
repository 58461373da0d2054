import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import { createShedding, levelOf, SHED_ORDER, stepLevel } from './shedding.ts'
import { thresholdsOf, type Threshold } from './thresholds.ts'

const all = thresholdsOf(loadConfig({ env: {}, cwd: '/nowhere' }).config.monitor, 2 ** 40)
const named = (id: string) => all.find((threshold) => threshold.id === id) as Threshold
const QUIET = { refused: 0, now: false }

describe('shedding', () => {
  it('LIM-6 gives up more the further a value is beyond its limit', () => {
    const levels = [75, 80, 87.9, 88, 96, 100].map((value) => levelOf(named('cpu'), value))
    expect(levels).toEqual([2, 2, 2, 3, 4, 4])
    expect(levelOf(named('disk'), 0)).toBe(0)
    expect(levelOf(named('dead-jobs'), 1000)).toBe(0)
  })

  it('LIM-6 gives kinds up one by one in the order, and takes them back the other way', () => {
    const shedding = createShedding({ holdMs: 10_000 })
    const strain = [{ threshold: named('memory'), value: 100 * 2 ** 30 }]
    const seen: string[] = []
    for (let second = 0; second <= 40; second += 2) {
      shedding.consider(strain, second * 1000)
      seen.push(shedding.shed().join('+'))
    }
    expect([...new Set(seen)]).toEqual([
      'history',
      'history+exports',
      'history+exports+refresh',
      'history+exports+refresh+sockets',
    ])
    expect(shedding.info(QUIET)).toMatchObject({ because: ['memory'], order: [...SHED_ORDER, 'ingest'] })
    const back: number[] = []
    for (let second = 42; second <= 90; second += 2) {
      shedding.consider([], second * 1000)
      back.push(shedding.shed().length)
    }
    expect([...new Set(back)]).toEqual([3, 2, 1, 0])
    expect(shedding.info(QUIET).because).toEqual([])
  })

  it('LIM-6 moves one step in each holding time, in order, whatever is asked', () => {
    const target = fc.integer({ min: 0, max: SHED_ORDER.length })
    fc.assert(
      fc.property(fc.array(target), fc.integer({ min: 0, max: 10_000 }), (targets, holdMs) => {
        let state = { level: 0, at: Number.NEGATIVE_INFINITY }
        for (const [index, wanted] of targets.entries()) {
          const next = stepLevel(state, wanted, { at: index * 1000, holdMs })
          expect(Math.abs(next.level - state.level)).toBeLessThanOrEqual(1)
          const early = state.level > 0 && index * 1000 - state.at < holdMs
          expect(early && next !== state).toBe(false)
          state = next
        }
      }),
    )
  })

  it('LIM-6 refuses with a time to wait, counts it, and refuses only what is given up', () => {
    const shedding = createShedding({ holdMs: 0 })
    expect(() => shedding.check('history')).not.toThrow()
    shedding.consider([{ threshold: named('cpu'), value: 90 }], 0)
    expect(() => shedding.check('refresh')).not.toThrow()
    expect(() => shedding.check('history')).toThrow(expect.objectContaining({ code: 'load_shed', retryAfter: 10 }))
    expect(shedding.info({ refused: 7, now: true })).toMatchObject({
      shed: ['history', 'ingest'],
      refused: { history: 1, exports: 0, refresh: 0, sockets: 0, ingest: 7 },
    })
  })

  it('makes no exports while the disk is nearly full, and gives up nothing else', () => {
    const shedding = createShedding({ holdMs: 0 })
    shedding.consider([{ threshold: named('disk'), value: 1 }], 0)
    expect(shedding.shed()).toEqual(['exports'])
    shedding.consider([], 1)
    expect(shedding.shed()).toEqual([])
  })
})
