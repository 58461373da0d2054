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
      await server.app.directory.classes.setRole({ class: id, user, role }, false)
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
})
