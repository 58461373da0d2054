import { request } from 'node:http'
import {
  applyChanges,
  emptyState,
  stateHash,
  SUBPROTOCOL,
  type ClassState,
  type ServerMessage,
} from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { cookieOf, eventually, startServer, temporaryFolder, type TestServer } from './harness.ts'
import { openSocket as open, staffTicket, ticketOf } from './socket.ts'

/** A dashboard: follows a class and keeps its state as a browser would. */
async function dashboard(server: TestServer, id: string, held?: { state: ClassState; offset: number }) {
  const connection = await open(server, await staffTicket(server))
  await connection.next('welcome')
  connection.say({ kind: 'subscribe', class: id, ...(held ? { since: held.offset } : {}) })
  const view = { state: held?.state ?? emptyState(), offset: held?.offset ?? 0, snapshots: 0, connection }
  const take = (frame: ServerMessage) => {
    if (frame.kind === 'snapshot') {
      view.state = frame.state
      view.offset = frame.offset
      view.snapshots += 1
    } else if (frame.kind === 'changes') {
      if (frame.from > view.offset) throw new Error(`gap: ${frame.from} after ${view.offset}`)
      view.state = applyChanges(view.state, frame.changes)
      view.offset = frame.to
    }
  }
  for (const frame of connection.frames) take(frame)
  connection.socket.on('message', (data: Buffer) => take(JSON.parse(data.toString())))
  return view
}

const reached = (view: { offset: number }, offset: number) =>
  eventually(() => (view.offset >= offset ? true : undefined))

describe('sockets of the whole server', () => {
  it('SUB-2 SUB-4 a dashboard sees what students send, and equals the state by hash', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const bob = await server.join(code)
    const view = await dashboard(server, id)
    for (let round = 0; round < 5; round += 1) await bob.store([bob.event(), bob.event()])
    await reached(view, 10)
    expect(stateHash(view.state)).toBe((await server.state(id)).hash)
    view.connection.socket.close()
  })

  it('SUB-7 dashboards that come back after a restart end in the same state by hash', async () => {
    using folder = temporaryFolder()
    const { id, token, held, install } = await (async () => {
      await using server = await startServer(folder.path)
      const made = await server.makeClass()
      const student = await server.join(made.code)
      const view = await dashboard(server, made.id)
      await student.store(
        Array.from({ length: 30 }, () => student.event({ data: { status: 'error', errorName: 'E' } })),
      )
      await reached(view, 30)
      return { id: made.id, token: student.token, install: student.install, held: { ...view } }
    })()
    await using server = await startServer(folder.path)
    const events = Array.from({ length: 20 }, (_, index) => ({
      id: `0190f0a0-0000-7000-8000-${String(index).padStart(12, '0')}`,
      install,
      seq: 31 + index,
      type: 'presence',
      at: new Date().toISOString(),
      data: { focus: index % 2 === 0 },
    }))
    expect((await server.get('/api/v2/events', { token, body: { events } })).json.ackedThrough).toBe(50)
    const resumed = await dashboard(server, id, held)
    const fresh = await dashboard(server, id)
    await reached(resumed, 50)
    await reached(fresh, 50)
    const { hash } = await server.state(id)
    expect([stateHash(resumed.state), stateHash(fresh.state)]).toEqual([hash, hash])
    for (const { connection } of [resumed, fresh]) connection.socket.close()
  })

  it('SUB-7 a dashboard that was away for an hour of class ends in the same state by hash as one that stayed', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const students = await Promise.all(
      Array.from({ length: 8 }, (_, index) => server.join(code, { name: `Student ${index}` })),
    )
    const stayed = await dashboard(server, id)
    const away = await dashboard(server, id)
    const minutesAgo = (minutes: number) => ({ at: new Date(Date.now() - minutes * 60_000).toISOString() })
    await students[0]!.store([students[0]!.event(minutesAgo(61))])
    await reached(away, 1)
    const held = { state: away.state, offset: away.offset }
    away.connection.socket.close()
    await away.connection.closed

    let sent = 1
    for (let minute = 60; minute >= 0; minute -= 1) {
      const student = students[minute % students.length]!
      const cell = { id: `cell-${minute % 7}`, index: minute % 7, type: 'code' }
      const failed = { status: 'error', errorName: minute % 3 ? 'NameError' : 'TypeError' }
      const events = [student.event({ ...minutesAgo(minute), cell, data: minute % 2 ? failed : { status: 'ok' } })]
      const asks = minute % 5 === 0 ? ['help_requested'] : minute % 5 === 1 ? ['help_withdrawn'] : []
      for (const type of asks) events.push(student.event({ ...minutesAgo(minute), type, data: {} }))
      await student.store(events)
      sent += events.length
    }
    await reached(stayed, sent)
    const back = await dashboard(server, id, held)
    await reached(back, sent)
    const { hash, offset } = await server.state(id)
    expect(offset).toBe(sent)
    expect([stateHash(stayed.state), stateHash(back.state)]).toEqual([hash, hash])
    expect(stateHash(held.state)).not.toBe(hash)
    expect(stayed.snapshots).toBe(1)
    for (const { connection } of [stayed, back]) connection.socket.close()
  })

  it('SUB-6 ING-1 a student sends events by socket, is answered, and hears of the help request', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const bob = await server.join(code)
    const connection = await open(server, await ticketOf(server, bob.token))
    expect(await connection.next('welcome')).toMatchObject({ role: 'student', protocol: 2 })
    const help = bob.event({ type: 'help_requested', notebook: undefined, cell: undefined, data: {} })
    connection.say({ kind: 'events', ref: 7, events: [help] })
    expect(await connection.next('ack')).toMatchObject({ ref: 7, ackedThrough: 1, results: [{ status: 'stored' }] })
    await eventually(() => (connection.frames.some((frame) => frame.kind === 'help' && frame.open) ? true : undefined))
    await server.staff(`/api/v2/classes/${id}/help/${bob.student}/resolve`, { method: 'POST' })
    await eventually(() => {
      const last = connection.frames.findLast((frame) => frame.kind === 'help')
      return last?.kind === 'help' && !last.open ? true : undefined
    })
    connection.socket.close()
  })

  it('SUB-1 a ticket opens one socket, once', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const ticket = await staffTicket(server)
    const first = await open(server, ticket)
    await first.next('welcome')
    const second = await open(server, ticket)
    expect(await second.closed).toBe(4401)
    const forged = await open(server, 'x'.repeat(43))
    expect(await forged.closed).toBe(4401)
    first.socket.close()
  })

  it('AUT-5 a revoked token and an ended session close their sockets within a second', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const [bob, eve] = [await server.join(code), await server.join(code)]
    const [first, other] = [
      await open(server, await ticketOf(server, bob.token)),
      await open(server, await ticketOf(server, eve.token)),
    ]
    await first.next('welcome')
    await other.next('welcome')
    const unused = await ticketOf(server, bob.token)
    const began = performance.now()
    await server.staff(`/api/v2/classes/${id}/students/${bob.student}/tokens`, { method: 'DELETE' })
    expect(await first.closed).toBe(4401)
    expect(performance.now() - began).toBeLessThan(1000)
    expect(await (await open(server, unused)).closed).toBe(4401)
    expect(other.socket.readyState).toBe(WebSocket.OPEN)

    const { users, links } = server.app.directory
    const user = await users.create({ name: 'Grace', email: 'g@x.org', role: 'instructor' })
    const cookie = cookieOf(await server.get('/api/v2/session', { body: { link: await links.create(user.id) } }))
    const { ticket } = (await server.get('/api/v2/live/ticket', { method: 'POST', cookie })).json
    const staff = await open(server, ticket)
    await staff.next('welcome')
    await server.get('/api/v2/session', { method: 'DELETE', cookie })
    expect(await staff.closed).toBe(4401)
    other.socket.close()
  })

  it('AUT-1 lets staff watch only the classes they have a right to', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id } = await server.makeClass()
    const { users, links } = server.app.directory
    const user = await users.create({ name: 'Eve', email: 'eve@x.org', role: 'instructor' })
    const cookie = cookieOf(await server.get('/api/v2/session', { body: { link: await links.create(user.id) } }))
    const { ticket } = (await server.get('/api/v2/live/ticket', { method: 'POST', cookie })).json
    const eve = await open(server, ticket)
    await eve.next('welcome')
    eve.say({ kind: 'subscribe', class: id })
    expect(await eve.next('error')).toMatchObject({ code: 'forbidden' })
    expect(await eve.closed).toBe(4403)
  })

  it('VER-2 refuses a socket without the subprotocol before it opens', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const upgrade = (headers: Record<string, string>) =>
      new Promise<number>((settle, fail) => {
        const call = request(`${server.url}/api/v2/live`, {
          headers: {
            connection: 'Upgrade',
            upgrade: 'websocket',
            'sec-websocket-version': '13',
            'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
            ...headers,
          },
        })
        call.on('response', (answer) => {
          answer.resume()
          settle(answer.statusCode ?? 0)
        })
        call.on('upgrade', (_answer, socket) => {
          socket.destroy()
          settle(101)
        })
        call.on('error', fail)
        call.end()
      })
    expect(await upgrade({})).toBe(400)
    expect(await upgrade({ 'sec-websocket-protocol': 'lectern.v1' })).toBe(400)
    expect(await upgrade({ 'sec-websocket-protocol': SUBPROTOCOL })).toBe(101)
  })

  it('CLS-5 a stopping server acknowledges what it took and closes its sockets with 1012', async () => {
    using folder = temporaryFolder()
    const server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const bob = await server.join(code)
    const connection = await open(server, await ticketOf(server, bob.token))
    await connection.next('welcome')
    const view = await dashboard(server, id)
    connection.say({ kind: 'events', ref: 1, events: Array.from({ length: 100 }, () => bob.event()) })
    await connection.next('ack')
    const report = await server.app.stop()
    expect(report.services.filter(({ outcome }) => outcome !== 'stopped')).toEqual([])
    expect([await connection.closed, await view.connection.closed]).toEqual([1012, 1012])
  })
})
