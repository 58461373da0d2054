import { describe, expect, it } from 'vitest'
import { createRouteCost } from './route-cost.ts'

describe('the cost of a route', () => {
  it('is without times until it is called', () => {
    expect(createRouteCost().read()).toEqual({ calls: 0, errors: 0, limited: 0, totalMs: 0 })
  })

  it('counts answers, errors and refusals of the limit apart', () => {
    const cost = createRouteCost()
    for (const status of [200, 204, 304, 400, 404, 429, 500]) cost.add(2, status)
    expect(cost.read()).toMatchObject({ calls: 7, errors: 3, limited: 1, totalMs: 14 })
  })

  it('sums calls and time by the kind of status', () => {
    const cost = createRouteCost()
    expect([...cost.byStatus()]).toEqual([])
    for (const status of [200, 204, 302, 429, 404, 503]) cost.add(2, status)
    expect(Object.fromEntries(cost.byStatus())).toEqual({
      '2xx': { calls: 2, ms: 4 },
      '3xx': { calls: 1, ms: 2 },
      '4xx': { calls: 2, ms: 4 },
      '5xx': { calls: 1, ms: 2 },
    })
  })

  it('gives percentiles that are at most 7 % off, from microseconds to minutes', () => {
    for (const ms of [0.001, 0.005, 0.009, 0.05, 0.73, 1, 9.9, 150, 4_321, 60_000]) {
      const cost = createRouteCost()
      cost.add(ms, 200)
      const { p50 = 0, p99 = 0 } = cost.read()
      expect(p50).toBe(p99)
      expect(Math.abs(p50 - ms) / ms, `${ms} ms`).toBeLessThan(0.07)
    }
  })

  it('takes the middle and the tail of many', () => {
    const cost = createRouteCost()
    for (let ms = 1; ms <= 1000; ms += 1) cost.add(ms, 200)
    const { p50 = 0, p99 = 0 } = cost.read()
    expect(p50).toBeGreaterThan(465)
    expect(p50).toBeLessThan(535)
    expect(p99).toBeGreaterThan(920)
    expect(p99).toBeLessThan(1060)
  })

  it('holds what no clock should give', () => {
    const cost = createRouteCost()
    for (const ms of [0, 1e12]) cost.add(ms, 200)
    expect(cost.read()).toMatchObject({ calls: 2, p50: 0 })
  })
})
