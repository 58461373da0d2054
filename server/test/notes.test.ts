import { expect, it } from 'vitest'
import { startServer, temporaryFolder } from './harness.ts'
import { signIn } from './roles-bed.ts'

it('NTE-1 keeps what the staff note about a student, for them and for the student, and leaves entries', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id, code } = await server.makeClass()
  const bob = await server.join(code)
  const path = `/api/v2/classes/${id}/students/${bob.student}/notes`
  const { id: user, cookie } = await signIn(server, 'Ada', 'admin')
  const headers = { origin: server.url }
  const first = await server.get(path, { cookie, headers, body: { text: 'Asks good questions.' } })
  expect([first.status, first.json.by]).toEqual([201, user])
  const second = await server.staff(path, { body: { text: '<b>second</b>' } })
  expect(second.json).not.toHaveProperty('by')
  expect((await server.staff(path)).json.notes.map(({ text }: { text: string }) => text)).toEqual([
    '<b>second</b>',
    'Asks good questions.',
  ])
  for (const text of ['', ' ', 'x'.repeat(2001)]) {
    expect((await server.staff(path, { body: { text } })).json.code).toBe('bad_request')
  }
  const head = JSON.parse((await server.get('/api/v2/me/export', { token: bob.token })).text.split('\n')[0] ?? '')
  expect(head.notes).toMatchObject([
    { text: '<b>second</b>', by: '' },
    { text: 'Asks good questions.', by: 'Ada' },
  ])
  expect((await server.staff(`${path}/${second.json.id}`, { method: 'DELETE' })).status).toBe(204)
  expect((await server.staff(`${path}/${second.json.id}`, { method: 'DELETE' })).status).toBe(404)
  expect((await server.staff(path)).json.notes).toHaveLength(1)
  const entries = async (action: string) => (await server.staff(`/api/v2/system/audit?action=${action}`)).json.entries
  expect(await entries('note_added')).toMatchObject([{ target: bob.student }, { target: bob.student, actor: user }])
  expect(await entries('note_removed')).toMatchObject([{ target: bob.student, class: id }])
  expect((await server.staff(path.replace(bob.student, 's_nobody'))).status).toBe(404)
})

it('HND-1 keeps notebooks as they were handed out', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id } = await server.makeClass()
  const path = `/api/v2/classes/${id}/handout`
  const asked = `${path}?notebook=${encodeURIComponent('a b/c.ipynb')}`
  const cell = (source: string) => ({ id: 'c1', index: 0, type: 'code', source })
  const put = (source: string) =>
    server.staff(path, { method: 'PUT', body: { notebook: 'a b/c.ipynb', cells: [cell(source)] } })
  expect((await server.staff(asked)).status).toBe(404)
  expect((await put('x = ...')).status).toBe(204)
  expect((await put('y = ...')).status).toBe(204)
  expect((await server.staff(asked)).json).toMatchObject({ notebook: 'a b/c.ipynb', cells: [cell('y = ...')] })
  expect((await server.staff(path)).json.code).toBe('bad_request')
  expect((await server.staff(path, { method: 'PUT', body: { notebook: 'x', cells: [{}] } })).json.code).toBe(
    'bad_request',
  )
  expect((await server.staff(asked, { method: 'DELETE' })).status).toBe(204)
  expect((await server.staff(asked)).status).toBe(404)
})
