import { expect, it } from 'vitest'
import { startServer, temporaryFolder } from './harness.ts'

it('AUD-1 leaves an entry for what is changed and looked at, before the answer', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id } = await server.makeClass()
  await server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body: { level: 4 } })
  await server.staff(`/api/v2/classes/${id}/events`)
  await server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body: { level: 9 } })
  const all = (await server.staff(`/api/v2/system/audit?class=${id}`)).json
  expect(all.entries).toMatchObject([
    { actor: 'script', action: 'events_read', class: id, details: { after: 0, limit: 1000 } },
    { action: 'class_changed', details: { levelBefore: 2, level: 4 } },
    { action: 'code_made' },
    { action: 'class_made', details: { level: 2 } },
  ])
  expect((await server.staff('/api/v2/system/audit/verify')).json).toMatchObject({
    ok: true,
    entries: all.entries[0].n,
  })
  expect((await server.staff('/api/v2/system/audit?action=nothing')).json.code).toBe('bad_request')
})

it('AUD-1 lets no route of the staff change something without saying what it leaves', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { installAudits } = await import('../src/http/audits.ts')
  const { default: createFastify } = await import('fastify')
  const app = createFastify()
  installAudits(app, server.app.audit)
  const config = { rights: ['admin'] as const, rate: 'writes' as const, cost: 'light' as const }
  expect(() => app.post('/x', { config }, async () => '')).toThrow('The route POST /x declares no audit.')
  expect(() => app.post('/y', { config: { ...config, audits: false } }, async () => '')).not.toThrow()
})
