import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, temporaryFolder, type TestServer } from './harness.ts'

/** What a Hub answers: each token is its user's name with a prefix, and perhaps a group. */
const hub = createServer((request, response) => {
  const [, name, group] = /^token token-of-([^@]*)@?(.*)$/.exec(request.headers.authorization ?? '') ?? []
  response.writeHead(name === undefined ? 403 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ kind: 'user', name, admin: false, groups: group ? [group] : [] }))
})
let jupyterhub: { url: string; signIn: undefined }

beforeAll(async () => {
  hub.listen(0, '127.0.0.1')
  await once(hub, 'listening')
  jupyterhub = { url: `http://127.0.0.1:${(hub.address() as AddressInfo).port}`, signIn: undefined }
})
afterAll(() => void hub.close())

const join = (server: TestServer, body: Record<string, unknown>) =>
  server.get('/api/v2/join', { body: { install: randomUUID(), name: 'Haruto', ...body } })
const from = (user: string) => ({ hub: { token: `token-of-${user}` } })

describe('joining from a JupyterHub', () => {
  it('JOI-20 is the same student from every computer, by the Hub alone, and needs the code once', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path, { jupyterhub })
    const { id, code } = await server.makeClass()
    const withoutCode = await join(server, { class: id, ...from('haruto') })
    expect([withoutCode.status, withoutCode.json.code]).toEqual([404, 'code_invalid'])
    const first = await join(server, { code, ...from('haruto') })
    expect(first.status).toBe(200)
    const again = await join(server, { class: id, ...from('haruto'), name: 'H.' })
    expect(again.json.student).toBe(first.json.student)
    const byCode = await join(server, { code, ...from('haruto') })
    expect(byCode.json.student).toBe(first.json.student)
    const other = await join(server, { code, ...from('mio') })
    expect(other.json.student).not.toBe(first.json.student)
    const { students } = (await server.staff(`/api/v2/classes/${id}/students`)).json
    expect(students).toHaveLength(2)
    const [{ uses }] = (await server.staff(`/api/v2/classes/${id}/codes`)).json.codes
    expect(uses).toBe(2)
    expect((await join(server, { class: 'c_none', ...from('haruto') })).json.code).toBe('code_invalid')
    await server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body: { ended: true } })
    expect((await join(server, { class: id, ...from('haruto') })).json.code).toBe('class_ended')
  })

  it('JOI-20 takes nobody for somebody else: not by address, not by install, not without the Hub', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path, { jupyterhub })
    const { id, code } = await server.makeClass()
    const [install, email] = [randomUUID(), 'haruto@school.example']
    const haruto = (await join(server, { code, install, email })).json.student
    // The address of a classmate, said by somebody else of the Hub.
    expect((await join(server, { code, email, ...from('eve') })).json.student).not.toBe(haruto)
    // The student's own install, from the Hub: bound from now on.
    expect((await join(server, { code, install, ...from('haruto') })).json.student).toBe(haruto)
    expect((await join(server, { class: id, ...from('haruto') })).json.student).toBe(haruto)
    expect((await join(server, { code, install, ...from('mio') })).json.code).toBe('conflict')
    for (const hubOf of [{ token: 'forged' }, { token: 'token-of' }]) {
      const refused = await join(server, { code, hub: hubOf })
      expect([refused.status, refused.json.code]).toEqual([401, 'unauthenticated'])
    }
    expect((await join(server, { class: id })).json.code).toBe('bad_request')
    await using bare = await startServer(`${folder.path}/bare`)
    const made = await bare.makeClass()
    expect((await join(bare, { code: made.code, ...from('haruto') })).json.code).toBe('bad_request')
    expect((await join(bare, { code: made.code })).status).toBe(200)
  })

  it('JOI-20 keeps no name of the Hub in the directory, and forgets with an erasure', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path, { jupyterhub })
    const { id, code } = await server.makeClass()
    const { student } = (await join(server, { code, name: 'Somebody', ...from('haruto-of-the-hub') })).json
    expect(server.lines.join('')).not.toContain('haruto-of-the-hub')
    await server.app.directory.students.erase(id, student)
    const back = await join(server, { class: id, ...from('haruto-of-the-hub') })
    expect(back.json.code).toBe('code_invalid')
  })

  it('JOI-21 opens a class to all users of the Hub, or to groups, and to nobody else', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path, { jupyterhub })
    const { id } = await server.makeClass()
    const preview = (body: object) => server.get('/api/v2/join/preview', { body })
    const open = async (hub: object) =>
      (await server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body: { hub } })).json
    expect(await open({ open: 'groups', groups: ['physics', 'physics'] })).toMatchObject({
      hub: { open: 'groups', groups: ['physics'] },
    })
    for (const user of ['mio', 'mio@history']) {
      expect((await preview({ class: id, ...from(user) })).json.code).toBe('code_invalid')
      expect((await join(server, { class: id, ...from(user) })).json.code).toBe('code_invalid')
    }
    expect((await preview({ class: id, ...from('haruto@physics') })).json).toMatchObject({ level: 2 })
    const haruto = await join(server, { class: id, ...from('haruto@physics') })
    expect([haruto.status, haruto.json.class?.id]).toEqual([200, id])
    expect(await open({ open: 'everyone', groups: [] })).toMatchObject({ hub: { open: 'everyone' } })
    const mio = await join(server, { class: id, ...from('mio') })
    expect(mio.json.student).not.toBe(haruto.json.student)
    expect((await open({ open: 'nobody', groups: [] })).hub).toEqual({ open: 'nobody', groups: [] })
    expect((await join(server, { class: id, ...from('mio') })).json.student).toBe(mio.json.student)
    expect((await preview({ class: id, ...from('mio') })).status).toBe(200)
    expect((await join(server, { class: id, ...from('ren') })).json.code).toBe('code_invalid')
  })

  it('JOI-21 tells whom the Hub does not know of no class', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path, { jupyterhub })
    const { id } = await server.makeClass()
    for (const found of [id, 'c_none']) {
      for (const path of ['/api/v2/join', '/api/v2/join/preview']) {
        const body = { install: randomUUID(), name: 'Eve', class: found, hub: { token: 'forged' } }
        expect((await server.get(path, { body })).json.code).toBe('unauthenticated')
        expect((await server.get(path, { body: { ...body, hub: undefined } })).json.code).toBe('bad_request')
      }
    }
  })
})
