import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import { AT_REST, judge, pressure, thresholdsOf, type Standing, type Threshold } from './thresholds.ts'

const GB = 2 ** 30
const { monitor: config } = loadConfig({ env: {}, cwd: '/nowhere' }).config
const all = thresholdsOf(config, 100 * GB)
const named = (id: string) => all.find((threshold) => threshold.id === id) as Threshold

interface Following {
  holdMs?: number
  from?: Standing
}

/** Standings after each value, one a second. */
function follow(threshold: Threshold, values: number[], { holdMs = 0, from = AT_REST }: Following = {}): Standing[] {
  let standing = from
  return values.map((value, second) => (standing = judge(threshold, standing, { value, at: second * 1000, holdMs })))
}
const turns = (standings: Standing[], raised = false) =>
  standings.filter((standing, index) => standing.raised !== (standings[index - 1]?.raised ?? raised)).length

const threshold = fc.constantFrom(...all)
/** A value strictly between where a threshold is raised and where it is cleared. */
const between =
  ({ limit, clearAt }: Threshold) =>
  (share: number) =>
    clearAt + (limit - clearAt) * share
const inside = fc.double({ min: 0.001, max: 0.999, noNaN: true })

describe('thresholds', () => {
  it('are those of the settings; the larger limit of the disk holds', () => {
    expect(named('cpu')).toMatchObject({ limit: 80, clearAt: 72 })
    expect(named('memory').limit).toBe(4 * GB)
    expect(named('disk')).toMatchObject({ limit: 5 * GB, sheds: 'exports' })
    expect(thresholdsOf(config, 10 * GB).find(({ id }) => id === 'disk')?.limit).toBe(GB)
  })

  it('are raised once the value was beyond the limit for the holding time, and not before', () => {
    const raised = follow(named('cpu'), [79, 80, 95, 90, 70], { holdMs: 3000 }).map((standing) => standing.raised)
    expect(raised).toEqual([false, false, false, false, false])
    const held = follow(named('cpu'), [80, 95, 90, 85, 85], { holdMs: 3000 })
    expect(held.map((standing) => standing.raised)).toEqual([false, false, false, true, true])
    expect(held.at(-1)?.since).toBe(3000)
  })

  it('of what must not run out are raised from below', () => {
    const disk = named('disk')
    expect(follow(disk, [6 * GB, 5 * GB, 1]).map(({ raised }) => raised)).toEqual([false, true, true])
    expect(follow(disk, [5.2 * GB, 6 * GB], { from: { raised: true, since: 0 } }).map(({ raised }) => raised)).toEqual([
      true,
      false,
    ])
    expect([pressure(disk, 5 * GB), pressure(disk, 2.5 * GB), pressure(disk, 0)]).toEqual([1, 2, Infinity])
    expect(pressure(named('cpu'), 100)).toBe(1.25)
  })

  it('never change while the value stays between where they are raised and where they are cleared', () => {
    fc.assert(
      fc.property(threshold, fc.array(inside), fc.boolean(), (one, shares, raised) => {
        const from: Standing = raised ? { raised, since: 0 } : AT_REST
        const standings = follow(one, shares.map(between(one)), { from })
        expect(standings.every((standing) => standing.raised === raised)).toBe(true)
      }),
    )
  })

  it('would flap about a limit without the distance: the control', () => {
    const cpu = named('cpu')
    const hovering = Array.from({ length: 20 }, (_, second) => (second % 2 ? 79.9 : 80))
    expect(turns(follow({ ...cpu, clearAt: 79.95 }, hovering))).toBe(20)
    expect(turns(follow(cpu, hovering))).toBe(1)
  })

  it('turn at most once in each holding time, whatever comes', () => {
    const value = fc.double({ min: 0, max: 2, noNaN: true })
    fc.assert(
      fc.property(
        threshold,
        fc.array(value, { maxLength: 200 }),
        fc.integer({ min: 1, max: 20 }),
        (one, values, hold) => {
          const standings = follow(
            one,
            values.map((share) => share * one.limit),
            { holdMs: hold * 1000 },
          )
          expect(turns(standings)).toBeLessThanOrEqual(Math.ceil(values.length / hold))
        },
      ),
    )
  })
})
