import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startServer, temporaryFolder } from './harness.ts'
import { openSqliteDatabase } from '../src/store/sqlite.ts'
import { command } from './process.ts'

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
    { action: 'level_changed', details: { levelBefore: 2, level: 4 } },
    { action: 'code_made' },
    { action: 'class_made', details: { level: 2 } },
  ])
  expect((await server.staff('/api/v2/system/audit/verify')).json).toMatchObject({
    ok: true,
    entries: all.entries[0].n,
  })
  expect((await server.staff('/api/v2/system/audit?action=nothing')).json.code).toBe('bad_request')
})

it('AUD-1 leaves an entry for flags, settings, rights, codes and what keeps the class how long', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id } = await server.makeClass()
  const { id: user } = await server.app.directory.users.create({ name: 'Ada', email: 'ada@x.org', role: 'member' })
  const put = (path: string, body: object) => server.staff(`/api/v2/${path}`, { method: 'PUT', body })
  const patch = (body: object) => server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body })
  await put('system/flags/attention-rules', { defaultVariant: 'patient' })
  await put(`classes/${id}/staff/${user}`, { role: 'assistant' })
  await put(`classes/${id}/staff/${user}`, { role: 'observer' })
  await server.staff(`/api/v2/classes/${id}/staff/${user}`, { method: 'DELETE' })
  await patch({ name: 'Other', retentionDays: 30 })
  await patch({ ended: true })
  const { entries } = (await server.staff('/api/v2/system/audit?limit=6')).json
  expect(entries).toMatchObject([
    { action: 'class_changed', class: id, details: { ended: true } },
    { action: 'class_changed', class: id, details: { retentionDays: 30 } },
    { action: 'role_removed', class: id, target: user },
    { action: 'role_granted', class: id, target: user, details: { role: 'observer', before: 'assistant' } },
    { action: 'role_granted', class: id, target: user, details: { role: 'assistant' } },
    { action: 'flag_changed', actor: 'script', target: 'attention-rules' },
  ])
  const found = async (query: string) => (await server.staff(`/api/v2/system/audit?${query}`)).json.entries.length
  const [, , { at }] = entries
  expect(await found(`class=${id}&action=role_granted&target=${user}&actor=script`)).toBe(2)
  expect(await found(`target=${user}&from=${at + 3_600_000}`)).toBe(0)
})

it('AUD-2 is verified by a command, which knows a chain that was cut off or changed', async () => {
  using folder = temporaryFolder()
  {
    await using server = await startServer(folder.path)
    await server.makeClass()
  }
  const verify = (...args: string[]) => command(folder.path, ['audit', 'verify', ...args])
  const { code, out } = await verify()
  const [, head = ''] = /was cut off: (\S{43})/.exec(out) ?? []
  expect([code, out]).toEqual([0, expect.stringContaining('The audit is whole: 2 entries.')])
  expect((await verify(head)).code).toBe(0)
  const tamper = (...statements: string[]) => {
    const database = openSqliteDatabase(join(folder.path, 'audit.db'))
    for (const statement of statements) database.prepare(statement).run([])
    database.close()
  }
  tamper('DROP TRIGGER entries_remain', 'DELETE FROM entries WHERE n = 2')
  expect(await verify()).toMatchObject({ code: 0 })
  expect(await verify(head)).toMatchObject({ code: 1, err: expect.stringContaining('it was cut off') })
  tamper('DROP TRIGGER entries_stay', "UPDATE entries SET actor = 'u_9'")
  expect(await verify()).toMatchObject({ code: 1, err: expect.stringContaining('Entry 1 is not as it was written') })
}, 60_000)

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
