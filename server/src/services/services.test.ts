import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBackoff } from './backoff.ts'
import { ServiceError, startOrder, withDependants } from './graph.ts'
import type { Service } from './part.ts'
import { createServices } from './services.ts'

type Parts = Record<string, string>

interface Shape {
  needs: string[]
  start?: () => Promise<void> | void
  stop?: () => Promise<void> | void
  health?: () => Promise<void> | void
  failed?: () => Promise<unknown>
  limits?: { startWithinMs?: number; stopWithinMs?: number; restartable?: boolean }
}

type Options = Parameters<typeof createServices>[1]

/** Services that note when they start and stop. */
function build(shapes: Record<string, Shape>, options: Options = {}) {
  const seen: string[] = []
  const services = Object.entries(shapes).map(
    ([name, { needs, start, stop, health, failed, limits = {} }]): Service<Parts> => ({
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
          ...(failed ? { failed: failed() } : {}),
        }
      },
    }),
  )
  return { services: createServices(services, options), seen }
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

  it('start one after the other when told to, in an order that fits', async () => {
    const slow = () => wait(20).then(() => undefined)
    const shapes = {
      c: { needs: ['a', 'b'], start: slow },
      a: { needs: [], start: slow },
      b: { needs: [], start: slow },
    }
    const { services, seen } = build(shapes, { sequential: true })
    const report = await services.start()
    expect(seen).toEqual(['+a', '+b', '+c'])
    expect(report.sequential).toBe(true)
    const ends = report.services.map(({ at, ms }) => at + ms)
    for (const [index, { at }] of report.services.entries()) expect(at).toBeGreaterThanOrEqual(ends[index - 1] ?? 0)
    await services.stop(1000)
  })

  it('are restarted with all that need them, in order, and nothing else', async () => {
    const { services, seen } = build({
      a: { needs: [] },
      b: { needs: ['a'] },
      c: { needs: ['b'] },
      d: { needs: ['a'] },
      e: { needs: [], limits: { restartable: false } },
    })
    await services.start()
    seen.length = 0
    await services.restart('b')
    expect(seen).toEqual(['-c', '-b', '+b', '+c'])
    const views = await services.describe()
    expect(views.map(({ name, ok, restarts }) => [name, ok, restarts])).toEqual([
      ['a', true, 0],
      ['b', true, 1],
      ['c', true, 0],
      ['d', true, 0],
      ['e', true, 0],
    ])
    await expect(services.restart('e')).rejects.toThrow('can not be started again')
    await expect(services.restart('x')).rejects.toThrow('No service has the name "x"')
    await services.stop(1000)
  })

  it('are restarted in random graphs so that what runs always has what it needs', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.array(fc.nat(), { maxLength: 4 }), async (entries, picks) => {
        const { services, seen } = build(Object.fromEntries(entries.map(([name, needs]) => [name, { needs }])))
        await services.start()
        for (const pick of picks) await services.restart(nameOf(pick % entries.length))
        await services.stop(1000)
        const running = new Set<string>()
        const wrong: string[] = []
        for (const step of seen) {
          const name = step.slice(1)
          const needs = entries.find(([other]) => other === name)?.[1] ?? []
          if (step.startsWith('+')) {
            if (!needs.every((need) => running.has(need))) wrong.push(step)
            running.add(name)
          } else {
            running.delete(name)
            if (entries.some(([other, its]) => running.has(other) && its.includes(name))) wrong.push(step)
          }
        }
        expect(wrong).toEqual([])
        expect(running.size).toBe(0)
      }),
      { seed: 5, numRuns: 40 },
    )
  })

  it('that fail later are started again, with the reason told, and given up after the cap', async () => {
    let fail: ((reason: unknown) => void) | undefined
    const told: string[] = []
    const policy = { firstMs: 2, mostMs: 4, most: 2, windowMs: 60_000 }
    const { promise: given, resolve: onGiveUp } = Promise.withResolvers<ServiceError>()
    const { services, seen } = build(
      {
        a: { needs: [], failed: () => new Promise((resolve) => (fail = resolve)) },
        b: { needs: ['a'] },
      },
      { restarts: policy, random: () => 0, onGiveUp, onRestart: (name, reason) => told.push(`${name}: ${reason}`) },
    )
    await services.start()
    for (let round = 1; round <= 2; round += 1) {
      seen.length = 0
      fail?.(new Error(`gone ${round}`))
      await expect.poll(() => seen.join(' ')).toBe('-b -a +a +b')
    }
    fail?.(new Error('gone 3'))
    expect((await given).message).toContain('"a" failed and is not started again: gone 3')
    expect(told).toEqual(['a: gone 1', 'a: gone 2'])
    expect((await services.health())[0]).toMatchObject({ name: 'a', state: 'failed', ok: false, reason: 'gone 3' })
    await services.stop(1000)
  })

  it('are tried again when the restart itself fails, and not after the stop', async () => {
    let broken = false
    const { services, seen } = build(
      {
        a: {
          needs: [],
          start: () => {
            if (broken) throw new Error('not yet')
          },
        },
      },
      { restarts: { firstMs: 5, mostMs: 5, most: 50, windowMs: 60_000 } },
    )
    await services.start()
    broken = true
    await expect(services.restart('a')).rejects.toThrow('not yet')
    broken = false
    await expect.poll(() => seen).toEqual(['+a', '-a', '+a'])
    broken = true
    await expect(services.restart('a')).rejects.toThrow('not yet')
    await services.stop(1000)
    broken = false
    await wait(30)
    expect(seen).toEqual(['+a', '-a', '+a', '-a'])
  })

  it('wait longer from restart to restart, with jitter, and forget what is long past', () => {
    let now = 0
    const policy = { firstMs: 100, mostMs: 300, most: 3, windowMs: 1000 }
    const most = createBackoff(
      policy,
      () => now,
      () => 0.999_999,
    )
    const least = createBackoff(
      policy,
      () => now,
      () => 0,
    )
    expect([most.next(), most.next(), most.next()].map((ms) => Math.round(ms ?? 0))).toEqual([100, 200, 300])
    expect([least.next(), least.next()]).toEqual([50, 100])
    expect(most.next()).toBeUndefined()
    now = 1000
    expect(Math.round(most.next() ?? 0)).toBe(100)
  })

  it('know who needs them, directly and through others', () => {
    const nodes = [
      { name: 'c', needs: ['b'] },
      { name: 'a', needs: [] },
      { name: 'b', needs: ['a'] },
      { name: 'd', needs: [] },
    ]
    expect(withDependants(nodes, 'a')).toEqual(['a', 'b', 'c'])
    expect(withDependants(nodes, 'd')).toEqual(['d'])
  })
})
