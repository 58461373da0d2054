import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ADMIN_TOKEN, ask, eventually, temporaryFolder } from './harness.ts'
import { command, lectern } from './process.ts'

interface Service {
  name: string
  ok: boolean
  needs: string[]
  within?: string
  at: number
  ms: number
  restarts: number
}

it('restarts a service with all that need it while the server runs, and answers at the same address', async () => {
  using folder = temporaryFolder()
  await using server = lectern(folder.path, ['serve'])
  const url = await server.url()
  const services = async () => (await ask(`${url}/api/v2/system/services`, { token: ADMIN_TOKEN })).json
  const made = await ask(`${url}/api/v2/classes`, { token: ADMIN_TOKEN, body: { name: 'Kept' } })
  const restart = (name: string) =>
    ask(`${url}/api/v2/system/services/${name}/restart`, { method: 'POST', token: ADMIN_TOKEN })
  expect((await restart('nothing')).json.code).toBe('not_found')
  expect((await restart('data')).json.code).toBe('conflict')
  // A part of the log's thread goes with the whole of it.
  for (const [name, restarts] of [
    ['hub', 1],
    ['log', 1],
    ['live', 2],
  ] as const) {
    expect((await restart(name)).status).toBe(202)
    const found = await eventually(async () => {
      const all = (await services().catch(() => undefined))?.services as Service[] | undefined
      const again = all?.find((one) => one.name === name && one.restarts === restarts)
      return all?.every(({ ok }) => ok) ? again : undefined
    }, 15_000)
    expect(found).toMatchObject({ name, ok: true })
  }
  expect((await ask(`${url}/api/v2/classes`, { token: ADMIN_TOKEN })).json.classes).toMatchObject([
    { id: made.json.id },
  ])
})

it("shows the services of the log's thread with their own needs, and when they began within its start", async () => {
  using folder = temporaryFolder()
  await using server = lectern(folder.path, ['serve'])
  const shown = await ask(`${await server.url()}/api/v2/system/services`, { token: ADMIN_TOKEN })
  const all = new Map((shown.json.services as Service[]).map((one) => [one.name, one]))
  const inside = [...all.values()].filter(({ within }) => within === 'log')
  expect(Object.fromEntries(inside.map(({ name, needs }) => [name, needs]))).toEqual({
    store: ['data', 'keys'],
    bus: [],
    ingest: ['store'],
    live: ['store', 'bus'],
  })
  const log = all.get('log') as Service
  expect(log.needs).toEqual(['data', 'keys', 'store', 'bus', 'ingest', 'live'])
  const ROUNDING_MS = 1
  for (const { at, ms } of inside) {
    expect(at).toBeGreaterThan(log.at)
    expect(at + ms).toBeLessThan(log.at + log.ms + ROUNDING_MS)
  }
  for (const name of ['ingest', 'live']) {
    const store = all.get('store') as Service
    expect((all.get(name) as Service).at).toBeGreaterThanOrEqual(store.at + store.ms - ROUNDING_MS)
  }
  const { parallel } = JSON.parse(readFileSync(join(folder.path, 'starts.json'), 'utf8'))
  expect(parallel.services.map(({ name }: Service) => name)).toEqual(expect.arrayContaining(['store', 'log', 'hub']))
})

it('lets administrators alone restart services', async () => {
  using folder = temporaryFolder()
  await using server = lectern(folder.path, ['serve'])
  const url = await server.url()
  expect((await ask(`${url}/api/v2/system/services/hub/restart`, { method: 'POST' })).status).toBe(401)
  const shown = await ask(`${url}/api/v2/system/services`, { token: ADMIN_TOKEN })
  expect((shown.json.services as Service[]).every(({ restarts }) => restarts === 0)).toBe(true)
})

it('shows what is declared, what runs, and what starting one after the other took', async () => {
  using folder = temporaryFolder()
  const declared = await command(folder.path, ['services'], { LECTERN_PORT: '9' })
  expect(declared).toMatchObject({ code: 0 })
  expect(declared.out).toContain('No server answers')
  expect(declared.out).toMatch(/^hub\tneeds .*log/m)
  expect(declared.out).toMatch(/^live\tneeds store, bus$/m)
  {
    await using server = lectern(folder.path, ['serve', '--sequential-start'])
    const port = new URL(await server.url()).port
    const running = await command(folder.path, ['services'], { LECTERN_PORT: port })
    expect(running.out).toMatch(/^listener\trunning\tfrom \d+ ms for \d+ ms/m)
    expect(running.out).toContain('one after the other')
    server.child.kill('SIGTERM')
    await server.exit
  }
  await using server = lectern(folder.path, ['serve'])
  const shown = await ask(`${await server.url()}/api/v2/system/services`, { token: ADMIN_TOKEN })
  expect(shown.json).toMatchObject({ sequential: false })
  expect(shown.json.sequentialMs).toBeGreaterThan(0)
  expect(await command(folder.path, ['serve', '--wrong'])).toMatchObject({ code: 2 })
})
