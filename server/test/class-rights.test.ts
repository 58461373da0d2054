import { once } from 'node:events'
import { SUBPROTOCOL, type ClassStaffRole } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { cookieOf, eventually, startServer, temporaryFolder, type TestServer } from './harness.ts'

/** A member of staff, signed in. */
async function person(server: TestServer, name: string) {
  const { users, links } = server.app.directory
  const { id } = await users.create({ name, email: `${name}@x.org`, role: 'instructor' })
  return { id, cookie: cookieOf(await server.get('/api/v2/session', { body: { link: await links.create(id) } })) }
}

/** A socket of a member of staff. */
async function socketOf(server: TestServer, cookie: string) {
  const headers = { origin: server.url }
  const { ticket } = (await server.get('/api/v2/live/ticket', { method: 'POST', cookie, headers })).json
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v2/live`, SUBPROTOCOL, { headers })
  const heard: any[] = []
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString('utf8'))))
  const closed = new Promise<number>((settle) => socket.once('close', settle))
  await once(socket, 'open')
  const say = (message: object) => socket.send(JSON.stringify(message))
  say({ kind: 'hello', ticket })
  const hears = (kind: string) => eventually(() => heard.find((message) => message.kind === kind))
  return { say, hears, heard, closed }
}

describe('roles in a class', () => {
  it('AUT-20 holds for what is followed on sockets', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id } = await server.makeClass()
    const outcome = async (role: ClassStaffRole, message: object) => {
      const { id: user, cookie } = await person(server, `${role}-${Math.random()}`)
      await server.app.directory.classStaff.setRole({ class: id, user, role }, false)
      const socket = await socketOf(server, cookie)
      socket.say(message)
      const answer = await eventually(() => socket.heard.find(({ kind }) => kind !== 'welcome'))
      return answer.kind === 'error' ? answer.detail : answer.kind
    }
    const subscribe = { kind: 'subscribe', class: id }
    const help = { kind: 'watch', topic: 'help', class: id }
    expect(await outcome('assistant', subscribe)).toBe('snapshot')
    expect(await outcome('assistant', help)).toBe('helpQueue')
    expect(await outcome('observer', subscribe)).toBe('This needs the right: students.see.')
    expect(await outcome('researcher', help)).toBe('This needs the right: help.answer.')
    expect(await outcome('instructor', { kind: 'watch', topic: 'system' })).toBe('This needs the right: system.see.')
    expect(await outcome('instructor', { kind: 'events', events: [] })).toBe('This needs the right: own.append.')
  })

  it('AUT-21 end sockets that depended on them within a second, and no others', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id } = await server.makeClass()
    const other = await server.makeClass()
    const { id: user, cookie } = await person(server, 'ada')
    const setRole = (role: string, inClass = id) =>
      server.staff(`/api/v2/classes/${inClass}/staff/${user}`, { method: 'PUT', body: { role } })
    for (const one of [id, other.id]) expect((await setRole('instructor', one)).status).toBe(200)
    const [wall, queue, elsewhere] = [
      await socketOf(server, cookie),
      await socketOf(server, cookie),
      await socketOf(server, cookie),
    ]
    wall.say({ kind: 'subscribe', class: id })
    queue.say({ kind: 'watch', topic: 'help', class: id })
    elsewhere.say({ kind: 'subscribe', class: other.id })
    await Promise.all([wall.hears('snapshot'), queue.hears('helpQueue'), elsewhere.hears('snapshot')])
    // What the new role may as well goes on.
    await setRole('assistant')
    wall.say({ kind: 'ping' })
    await wall.hears('pong')
    expect((await server.get(`/api/v2/classes/${id}/codes`, { cookie, method: 'POST' })).status).toBe(403)

    const late = await socketOf(server, cookie)
    await late.hears('welcome')
    await setRole('observer')
    expect(await Promise.all([wall.closed, queue.closed])).toEqual([4403, 4403])
    // Neither does what was opened before without following anything keep the old role.
    late.say({ kind: 'subscribe', class: id })
    expect(await late.closed).toBe(4403)
    expect(wall.heard.at(-1)).toMatchObject({
      kind: 'error',
      code: 'forbidden',
      detail: expect.stringMatching(/students\.see/),
    })
    elsewhere.say({ kind: 'ping' })
    await elsewhere.hears('pong')
    expect((await server.get(`/api/v2/classes/${id}/state`, { cookie })).status).toBe(403)
    await server.staff(`/api/v2/classes/${other.id}/staff/${user}`, { method: 'DELETE' })
    expect(await elsewhere.closed).toBe(4403)
    expect((await server.get('/api/v2/classes', { cookie })).json.classes).toMatchObject([{ id, role: 'observer' }])
  })

  it('AUT-22 are given by those who lead the class, to people named by id or whole address', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const [ada, bob] = [await person(server, 'ada'), await person(server, 'bob')]
    const headers = { origin: server.url }
    const { id } = (await server.get('/api/v2/classes', { cookie: ada.cookie, body: { name: 'K' }, headers })).json
    const path = `/api/v2/classes/${id}/staff`
    const put = (user: string, role: string, cookie = ada.cookie) =>
      server.get(`${path}/${encodeURIComponent(user)}`, { method: 'PUT', cookie, body: { role }, headers })
    const drop = (user: string, cookie = ada.cookie) =>
      server.get(`${path}/${user}`, { method: 'DELETE', cookie, headers })

    expect((await put('BOB@x.org', 'assistant')).json).toEqual({
      id: bob.id,
      name: 'bob',
      email: 'bob@x.org',
      role: 'assistant',
    })
    const { staff } = (await server.get(path, { cookie: ada.cookie })).json
    expect(staff.map(({ name, role }: { name: string; role: string }) => [name, role])).toEqual([
      ['ada', 'instructor'],
      ['bob', 'assistant'],
    ])
    expect((await server.get(path, { cookie: bob.cookie })).json.detail).toBe('This needs the right: staff.manage.')
    for (const part of ['bo', '@x.org', 'bob', 'b%@x.org', '%25', 'u_none']) {
      expect((await put(part, 'observer')).json.code, part).toBe('not_found')
    }
    expect((await put(bob.id, 'owner')).json.code).toBe('bad_request')

    expect((await drop(ada.id)).json.code).toBe('conflict')
    expect((await put(ada.id, 'observer')).json.code).toBe('conflict')
    await put(bob.id, 'instructor')
    expect((await drop(ada.id, bob.cookie)).status).toBe(204)
    expect((await drop(ada.id, bob.cookie)).json.code).toBe('not_found')
    expect((await server.get(path, { cookie: ada.cookie })).status).toBe(403)
    expect((await server.staff(`${path}/${bob.id}`, { method: 'DELETE' })).status).toBe(204)

    const { entries } = (await server.staff(`/api/v2/system/audit?class=${id}`)).json
    const roles = entries.filter(({ action }: { action: string }) => action.startsWith('role_'))
    expect(roles.map(({ action, target, details }: any) => [action, target, details])).toEqual([
      ['role_removed', bob.id, {}],
      ['role_removed', ada.id, {}],
      ['role_granted', bob.id, { role: 'instructor', before: 'assistant' }],
      ['role_granted', bob.id, { role: 'assistant' }],
    ])
    expect(JSON.stringify(entries)).not.toMatch(/x\.org|bob@/i)
  })

  it('AUT-20 make no classes: that goes with the account', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { users, links } = server.app.directory
    const { id } = await users.create({ name: 'M', email: 'm@x.org', role: 'member' })
    const cookie = cookieOf(await server.get('/api/v2/session', { body: { link: await links.create(id) } }))
    const answer = await server.get('/api/v2/classes', { cookie, body: { name: 'K' }, headers: { origin: server.url } })
    expect([answer.status, answer.json.detail]).toEqual([403, 'This needs the right: classes.make.'])
  })
})
