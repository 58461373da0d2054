import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { stateHash, TIMES } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import {
  bed,
  Client,
  greet,
  INSTALL,
  nextNumber,
  serverState,
  STAFF,
  stateOf,
  store,
  student,
  useBed,
  watch,
} from '../../test/hub-bed.ts'

useBed()

describe('subscriptions', () => {
  it('SUB-2 SUB-3 SUB-4 gives a snapshot, then changes without a gap, at most one in 100 ms', async () => {
    await store(3)
    const client = await watch()
    const began = Date.now()
    while (Date.now() - began < 450) await store(1)
    const { offset } = await serverState()
    await client.until(({ to }) => to === offset)
    const held = stateOf(client.heard)
    expect(stateHash(held.state)).toBe((await serverState()).hash)
    const changes = client.heard.filter(({ kind }) => kind === 'changes')
    expect(changes.length).toBeGreaterThan(1)
    expect(changes.length).toBeLessThanOrEqual((Date.now() - began) / TIMES.changesEveryMs + 1)
  })

  it('SUB-2 SUB-3 answers since: the difference, nothing, or a snapshot when it is ahead', async () => {
    await store(2)
    await bed.log.state('k1')
    await (await watch()).until(({ kind }) => kind === 'snapshot')
    await store(2)
    const current = await watch(4)
    expect(current.heard.at(-1)).toMatchObject({ kind: 'changes', to: 4 })
    expect((await watch(99)).heard.at(-1)).toMatchObject({ kind: 'snapshot', offset: 4 })
  })

  it('SUB-5 merges for a reader that stopped reading, keeps others going, and closes it as slow', async () => {
    const slow = await watch()
    const quick = await watch()
    const raw = (slow.socket as unknown as { _socket: Socket })._socket
    raw.pause()
    const text = 'x'.repeat(1900)
    for (let round = 0; round < 60; round += 1) {
      await Promise.all(Array.from({ length: 200 }, (_, index) => store(1, `s${index}`, text + round)))
      await new Promise((resolve) => setTimeout(resolve, 105))
      if (bed.hub.totals().merges > 0) break
    }
    expect(bed.hub.totals().merges).toBeGreaterThan(0)
    expect(bed.hub.totals().queuedBytes).toBeLessThanOrEqual(512 * 1024)
    const { offset, hash } = await serverState()
    await quick.until(({ to }) => to === offset)
    expect(stateHash(stateOf(quick.heard).state)).toBe(hash)
    // The same reader, before it is given up: it reads again and gets what it missed in one frame.
    raw.resume()
    await slow.until(({ to, offset: at }) => to === offset || at === offset)
    expect(stateHash(stateOf(slow.heard).state)).toBe(hash)
  }, 30_000)

  it('SUB-5 closes a reader that does not read any more with 4409', async () => {
    const slow = await watch()
    const raw = (slow.socket as unknown as { _socket: Socket })._socket
    raw.pause()
    const text = 'y'.repeat(1900)
    for (let round = 0; round < 60 && bed.hub.totals().merges === 0; round += 1) {
      await Promise.all(Array.from({ length: 200 }, (_, index) => store(1, `s${index}`, text + round)))
      await new Promise((resolve) => setTimeout(resolve, 105))
    }
    bed.ahead += 11_000
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(bed.hub.totals().kinds['closing']).toBe(1)
    raw.resume()
    expect(await slow.closed).toBe(4409)
  }, 30_000)

  it('SUB-6 CLS-4 does not let a student subscribe, nor staff send events', async () => {
    const one = await greet(student('s1'))
    one.say({ kind: 'subscribe', class: 'k1' })
    expect(await one.closed).toBe(4403)
    expect(one.heard.at(-1)).toMatchObject({ kind: 'error', code: 'forbidden' })
    const other = await greet(STAFF)
    other.say({ kind: 'events', events: [] })
    expect(await other.closed).toBe(4403)
    const third = await greet(STAFF)
    third.say({ kind: 'subscribe', class: 'k2' })
    expect(await third.closed).toBe(4403)
  })
})

describe('students', () => {
  it('ING-1 SUB-6 acknowledges batches with their ref and tells of help', async () => {
    const client = await greet(student('s9'))
    await client.until(({ kind, open }) => kind === 'help' && open === false)
    const event = {
      id: `0192f0c1-7b1a-7000-8000-${String(nextNumber()).padStart(12, '0')}`,
      install: INSTALL,
      seq: 1,
      type: 'help_requested',
      at: 'now',
      data: {},
    }
    client.say({ kind: 'events', ref: 7, events: [event, 5] })
    const ack = await client.until(({ kind }) => kind === 'ack')
    expect(ack).toEqual({
      kind: 'ack',
      ref: 7,
      results: [
        { id: event.id, status: 'stored' },
        { id: null, status: 'refused', code: 'invalid_event' },
      ],
      ackedThrough: 1,
    })
    await client.until(({ kind, open }) => kind === 'help' && open === true)
    client.say({ kind: 'ping', ref: 3 })
    expect(await client.until(({ kind }) => kind === 'pong')).toMatchObject({ ref: 3 })
  })

  it('BAT-1 BAT-2 keeps the socket open for a batch that is too long, and closes it for one that is no batch', async () => {
    const client = await greet(student('s1'))
    client.say(`{"kind":"events","ref":1,"events":[${'1,'.repeat(1000)}1]}`)
    expect(await client.until(({ kind }) => kind === 'error')).toMatchObject({ code: 'too_many_events', ref: 1 })
    client.say('{"kind":"events","ref":2,"events":[}')
    expect(await client.closed).toBe(4400)
    expect(client.heard.at(-1)).toMatchObject({ code: 'bad_json', ref: 2 })
  })
})

describe('closing', () => {
  it('CLS-4 LIM-2 LIM-5 closes for frames it does not understand, that are too deep or too large', async () => {
    for (const [frame, code, close] of [
      ['{"kind":"dance"}', 'bad_request', 4400],
      ['{', 'bad_json', 4400],
      [`{"kind":"ping","x":${'['.repeat(40)}${']'.repeat(40)}}`, 'too_deep', 4400],
      [`{"kind":"ping","x":"${'x'.repeat(9000)}"}`, 'too_large', 1009],
      ['{"kind":"hello","ticket":"again"}', 'forbidden', 4403],
    ] as const) {
      const client = await greet(STAFF)
      client.say(frame)
      expect(await client.closed, frame.slice(0, 30)).toBe(close)
      expect(client.heard.at(-1)).toMatchObject({ kind: 'error', code })
    }
  })

  it('LIM-1 closes with 1009 for a frame above 1 MiB', async () => {
    const client = await greet(student('s1'))
    client.say('x'.repeat(1024 * 1024 + 1))
    expect(await client.closed).toBe(1009)
  })

  it('SUB-1 closes with 4401 for a ticket that is not valid, and 4403 for staff from another site', async () => {
    const client = new Client()
    await once(client.socket, 'open')
    client.say({ kind: 'hello', ticket: 'guess' })
    expect(await client.closed).toBe(4401)
    const foreign = await greet(STAFF, { origin: 'https://evil.example' })
    expect(await foreign.closed).toBe(4403)
    const lab = await greet(student('s1'), { origin: 'https://evil.example' })
    await lab.until(({ kind }) => kind === 'welcome')
    const early = new Client()
    await once(early.socket, 'open')
    early.say({ kind: 'ping' })
    expect(await early.closed).toBe(4400)
  })

  it('CLS-2 closes a socket that says no hello within 5 seconds with 4408', async () => {
    const client = new Client()
    await once(client.socket, 'open')
    bed.ahead += TIMES.helloWithinMs - 1000
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(client.socket.readyState).toBe(WebSocket.OPEN)
    bed.ahead += 1000
    expect(await client.closed).toBe(4408)
  })

  it('CLS-3 speaks after 15 s of silence, and closes a peer that has vanished after 33 s', async () => {
    const alive = await watch()
    const gone = await watch()
    const raw = (gone.socket as unknown as { _socket: Socket })._socket
    raw.pause()
    for (let second = 0; second < 40; second += 4) {
      bed.ahead += 4000
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    expect(alive.heard.filter(({ kind }) => kind === 'beat').length).toBeGreaterThanOrEqual(2)
    expect(alive.socket.readyState).toBe(WebSocket.OPEN)
    expect(bed.hub.totals().closes).not.toEqual([])
    raw.resume()
    expect([1006, 4408]).toContain(await gone.closed)
    expect(bed.hub.totals().kinds['admin']).toBe(1)
  }, 20_000)

  it('AUT-5 closes the sockets of whoever lost their rights with 4401, and no others', async () => {
    const one = await greet(student('s1'))
    const two = await greet(student('s2'))
    await Promise.all([one, two].map((client) => client.until(({ kind }) => kind === 'help')))
    bed.hub.closeWhere((principal) => principal.kind === 'student' && principal.token === 's1')
    expect(await one.closed).toBe(4401)
    expect(two.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('CLS-5 closes every socket with 1012 when it stops, after acknowledging what it took', async () => {
    const client = await greet(student('s1'))
    await client.until(({ kind }) => kind === 'help')
    client.say({ kind: 'events', ref: 1, events: [] })
    await client.until(({ kind }) => kind === 'ack')
    await bed.hub.stop(1000)
    expect(await client.closed).toBe(1012)
    const late = connect({ port: Number(new URL(bed.url).port), host: '127.0.0.1' })
    late.write(
      `GET /api/v2/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: lectern.v2\r\n\r\n`,
    )
    const [answer] = await once(late, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 503/)
    late.destroy()
  })
})
