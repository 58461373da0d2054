import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createServices, ServiceError, startOrder, type Service } from './services.ts'

type Parts = Record<string, string>

interface Shape {
  needs: string[]
  start?: () => Promise<void> | void
  stop?: () => Promise<void> | void
  health?: () => Promise<void> | void
  limits?: { startWithinMs?: number; stopWithinMs?: number }
}

/** Services that note when they start and stop. */
function build(shapes: Record<string, Shape>) {
  const seen: string[] = []
  const services = Object.entries(shapes).map(
    ([name, { needs, start, stop, health, limits = {} }]): Service<Parts> => ({
      name,
      needs,
      ...limits,
      start: async (parts) => {
        expect(Object.keys(parts).toSorted()).toEqual([...new Set(needs)].toSorted())
        for (const need of needs) expect(parts[need]).toBe(`value of ${need}`)
        await start?.()
        seen.push(`+${name}`)
        return {
          value: `value of ${name}`,
          stop: async () => {
            await stop?.()
            seen.push(`-${name}`)
          },
          ...(health ? { health } : {}),
        }
      },
    }),
  )
  return { services: createServices(services), seen }
}

const nameOf = (index: number) => `s${index}`

/** A graph of up to 50 services, each needing some that were declared before it; declared in random order. */
const graphs = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 50 })
  .map((lists) =>
    lists.map(
      (needs, index) =>
        [nameOf(index), index === 0 ? [] : [...new Set(needs.map((need) => nameOf(need % index)))]] as const,
    ),
  )
  .chain((entries) => fc.shuffledSubarray([...entries], { minLength: entries.length, maxLength: entries.length }))

describe('services', () => {
  it('start after all they need and stop before it, in random graphs', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (entries) => {
        const shapes = Object.fromEntries(entries.map(([name, needs]) => [name, { needs }]))
        const { services, seen } = build(shapes)
        const report = await services.start()
        expect(report.services).toHaveLength(entries.length)
        const stopped = await services.stop(1000)
        expect(stopped.services.every(({ outcome }) => outcome === 'stopped')).toBe(true)
        for (const [name, needs] of entries) {
          for (const need of needs) {
            expect(seen.indexOf(`+${need}`)).toBeLessThan(seen.indexOf(`+${name}`))
            expect(seen.indexOf(`-${name}`)).toBeLessThan(seen.indexOf(`-${need}`))
          }
        }
        expect(seen).toHaveLength(entries.length * 2)
      }),
      { seed: 3, numRuns: 100 },
    )
  })

  it('start at the same time what does not need each other', async () => {
    const slow = () => wait(60).then(() => undefined)
    const { services } = build({
      a: { needs: [], start: slow },
      b: { needs: [], start: slow },
      c: { needs: [], start: slow },
      d: { needs: ['a', 'b', 'c'] },
    })
    const report = await services.start()
    expect(report.sumMs).toBeGreaterThan(170)
    expect(report.totalMs).toBeLessThan(report.sumMs * 0.65)
    await services.stop(1000)
  })

  it('are refused with the path when a name is missing, needed in a cycle, or given twice', () => {
    expect(() =>
      startOrder([
        { name: 'a', needs: ['b'] },
        { name: 'b', needs: ['x'] },
      ]),
    ).toThrow('No service has the name "x": a -> b -> x.')
    const cycle = [
      { name: 'a', needs: ['b'] },
      { name: 'b', needs: ['c'] },
      { name: 'c', needs: ['b'] },
    ]
    expect(() => startOrder(cycle)).toThrow('Services need each other in a cycle: b -> c -> b.')
    expect(() => startOrder([{ name: 'a', needs: ['a'] }])).toThrow('a -> a')
    expect(() =>
      startOrder([
        { name: 'a', needs: [] },
        { name: 'a', needs: [] },
      ]),
    ).toThrow('Two services')
    expect(() =>
      createServices([{ name: 'a', needs: ['b'], start: () => ({ value: '' }) }] as Service<Parts>[]),
    ).toThrow(ServiceError)
  })

  it('stop again, in order, when one does not start, and name it', async () => {
    const { services, seen } = build({
      a: { needs: [] },
      b: { needs: ['a'] },
      c: {
        needs: ['b'],
        start: () => {
          throw new Error('no such file')
        },
      },
      d: { needs: ['c'] },
    })
    await expect(services.start()).rejects.toThrow('The service "c" did not start: no such file')
    expect(seen).toEqual(['+a', '+b', '-b', '-a'])
  })

  it('fail when starting takes too long, and leave nothing behind that comes up late', async () => {
    const { services, seen } = build({
      a: { needs: [], start: () => wait(60).then(() => undefined), limits: { startWithinMs: 10 } },
    })
    await expect(services.start()).rejects.toThrow('The service "a" did not start: not running after 10 ms')
    await wait(80)
    expect(seen).toEqual(['+a', '-a'])
  })

  it('name what overran its stop or failed in it, and go on with the rest', async () => {
    const { services, seen } = build({
      a: { needs: [] },
      b: { needs: ['a'], stop: () => wait(500).then(() => undefined), limits: { stopWithinMs: 10 } },
      c: {
        needs: ['a'],
        stop: () => {
          throw new Error('broken')
        },
      },
    })
    await services.start()
    const report = await services.stop(1000)
    const outcomes = Object.fromEntries(report.services.map(({ name, outcome }) => [name, outcome]))
    expect(outcomes).toEqual({ a: 'stopped', b: 'overran', c: 'failed' })
    expect(seen.at(-1)).toBe('-a')
    expect(report.totalMs).toBeLessThan(400)
  })

  it('stop within the deadline of all together', async () => {
    const slow = () => wait(1000).then(() => undefined)
    const { services } = build({ a: { needs: [], stop: slow }, b: { needs: ['a'], stop: slow } })
    await services.start()
    const report = await services.stop(50)
    expect(report.totalMs).toBeLessThan(500)
    expect(report.services.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['b', 'overran'],
      ['a', 'overran'],
    ])
  })

  it('say how they are, with the reason', async () => {
    let sick = false
    const { services } = build({
      a: {
        needs: [],
        health: () => {
          if (sick) throw new Error('disk full')
        },
      },
      b: { needs: [] },
    })
    expect((await services.health()).map(({ ok, reason }) => [ok, reason])).toEqual([
      [false, 'is waiting'],
      [false, 'is waiting'],
    ])
    await services.start()
    expect((await services.health()).every(({ ok }) => ok)).toBe(true)
    sick = true
    expect(await services.health()).toEqual([
      { name: 'a', state: 'running', ok: false, reason: 'disk full' },
      { name: 'b', state: 'running', ok: true },
    ])
    await services.stop(100)
    expect((await services.health()).every(({ ok }) => !ok)).toBe(true)
  })
})
