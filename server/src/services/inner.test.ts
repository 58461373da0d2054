import { describe, expect, it } from 'vitest'
import { nodesOf, type Inner } from './inner.ts'
import type { Service } from './part.ts'
import { createServices } from './services.ts'

interface InnerShape {
  name: string
  needs: string[]
  ill?: () => string | undefined
}

/** Services inside another, each begun 1 ms after the last and up for 2 ms. */
function innerOf(all: readonly InnerShape[]): Inner {
  const now = performance.timeOrigin + performance.now()
  return {
    starts: all.map(({ name }, index) => ({ name, at: now + index, ms: 2 })),
    health: async () =>
      all.map(({ name, ill }) => {
        const reason = ill?.()
        return { name, state: 'running', ok: reason === undefined, ...(reason === undefined ? {} : { reason }) }
      }),
  }
}

function build(shapes: Record<string, { needs: string[]; inner?: InnerShape[] }>) {
  const seen: string[] = []
  const all = Object.entries(shapes).map(([name, { needs, inner }]): Service<Record<string, string>> => ({
    name,
    needs,
    ...(inner ? { inner } : {}),
    start: () => {
      seen.push(`+${name}`)
      return { value: name, stop: () => void seen.push(`-${name}`), ...(inner ? { inner: innerOf(inner) } : {}) }
    },
  }))
  return { services: createServices(all), seen }
}

describe('services inside another', () => {
  const shapes = (ill: () => string | undefined) => ({
    disk: { needs: [] },
    host: {
      needs: ['disk'],
      inner: [
        { name: 'store', needs: ['disk'] },
        { name: 'live', needs: ['store'], ill },
      ],
    },
    user: { needs: ['host'] },
  })

  it('are shown with their own needs, times and health, and count once in the sum', async () => {
    let reason: string | undefined
    const { services } = build(shapes(() => reason))
    const report = await services.start()
    expect(report.services.map(({ name }) => name).toSorted()).toEqual(['disk', 'host', 'live', 'store', 'user'])
    const own = report.services.filter(({ name }) => name !== 'store' && name !== 'live')
    expect(report.sumMs).toBeLessThan(own.reduce((sum, { ms }) => sum + ms, 4.5))
    const find = async (name: string) => (await services.describe()).find((one) => one.name === name)
    expect(await find('live')).toMatchObject({ within: 'host', needs: ['store'], ok: true, ms: 2 })
    expect(await find('host')).toMatchObject({ needs: ['disk', 'store', 'live'], ok: true })
    expect(await find('host')).not.toHaveProperty('within')
    reason = 'behind'
    expect(await find('live')).toMatchObject({ ok: false, reason: 'behind' })
    expect(await find('host')).toMatchObject({ ok: false, reason: 'live: behind' })
    await services.stop(1000)
    expect(await find('store')).toMatchObject({ state: 'stopped', ok: false, reason: '"host" holds it: is stopped' })
  })

  it('are started again with the one they are in', async () => {
    const { services, seen } = build(shapes(() => undefined))
    await services.start()
    await services.restart('live')
    expect(seen.slice(3)).toEqual(['-user', '-host', '+host', '+user'])
    const restarts = (await services.describe()).map(({ name, restarts: times }) => [name, times])
    expect(Object.fromEntries(restarts)).toEqual({ disk: 0, store: 1, live: 1, host: 1, user: 0 })
    await services.stop(1000)
  })

  it('must have names of their own and needs that exist', () => {
    const host = (inner: { name: string; needs: string[] }) => () => build({ a: { needs: [], inner: [inner] } })
    expect(host({ name: 'a', needs: [] })).toThrow('Two services have the name "a".')
    expect(host({ name: 'b', needs: ['c'] })).toThrow('No service has the name "c": b -> c.')
    expect(host({ name: 'b', needs: ['a'] })).toThrow('cycle')
    expect(nodesOf([{ name: 'a', needs: [], inner: [{ name: 'b', needs: [] }] }])).toEqual([
      { name: 'b', needs: [] },
      { name: 'a', needs: ['b'] },
    ])
  })
})
