import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { eventually, startServer, temporaryFolder } from './harness.ts'

const EVENTS = '/api/v2/events'
const GZIP = { 'content-encoding': 'gzip' }

describe('joining', () => {
  it('JOI-1 gives a token, the class, the student and the level; a code is typed as people type', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass({ name: 'Python', level: 1 })
    const typed = ` ${code.toLowerCase().replace('-', ' ')}`
    const joined = await server.join(typed, { name: ' Bob ', team: 'A', email: 'Bob@x.org' })
    expect(joined).toMatchObject({ class: { id, name: 'Python' }, level: 1, consent: { version: 1, level: 1 } })
    expect(joined.token).toMatch(/^[\w-]{43}$/)
    const { students } = (await server.staff(`/api/v2/classes/${id}/students`)).json
    expect(students).toMatchObject([{ id: joined.student, name: 'Bob', email: 'bob@x.org', team: 'A' }])
    expect((await server.staff(`/api/v2/classes/${id}`)).json.students).toBe(1)
  })

  it('JOI-1 refuses codes that are wrong, withdrawn, or of a class that has ended, and slows guessing', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const attempt = (typed: string) =>
      server.get('/api/v2/join', { body: { code: typed, install: randomUUID(), name: 'x' } })
    expect((await attempt('WRNG-CODE')).json).toMatchObject({ status: 404, code: 'code_invalid' })
    expect(
      (await server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body: { ended: true } })).json.endedAt,
    ).toBeGreaterThan(0)
    expect((await attempt(code)).json.code).toBe('class_ended')
    await server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body: { ended: false } })
    expect((await attempt(code)).status).toBe(200)
    expect((await server.staff(`/api/v2/classes/${id}/codes/${code}`, { method: 'DELETE' })).status).toBe(204)
    expect((await attempt(code)).json.code).toBe('code_invalid')
    for (let guess = 0; guess < 28; guess += 1) await attempt('WRNG-CODE')
    expect((await attempt('WRNG-CODE')).json).toMatchObject({ status: 429, code: 'rate_limited' })
  })

  it('JOI-2 keeps a student the same by install and by address', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { code } = await server.makeClass()
    const first = await server.join(code, { email: 'bob@x.org' })
    const again = await server.join(code, { install: first.install, name: 'Robert' })
    const laptop = await server.join(code, { email: 'BOB@x.org' })
    expect([again.student, laptop.student]).toEqual([first.student, first.student])
    expect(new Set([first.token, again.token, laptop.token]).size).toBe(3)
    const eve = await server.join(code, { email: 'eve@x.org' })
    expect(eve.student).not.toBe(first.student)
    const body = { code, install: eve.install, name: 'Bob', email: 'bob@x.org' }
    expect((await server.get('/api/v2/join', { body })).json).toMatchObject({ status: 409, code: 'conflict' })
    const other = await server.makeClass()
    expect((await server.join(other.code, { email: 'bob@x.org' })).student).not.toBe(first.student)
  })
})

describe('ingest over HTTP', () => {
  it('ING-1 BAT-1 stores events, answers for each, and shows them in log and state', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const bob = await server.join(code)
    const [good, failed] = [bob.event(), bob.event({ data: { status: 'error', errorName: 'NameError' } })]
    const bad = bob.event({ type: 'no_such_type' })
    const { results, ackedThrough } = await bob.store([good, failed, bad, good])
    expect(results).toEqual([
      { id: good['id'], status: 'stored' },
      { id: failed['id'], status: 'stored' },
      { id: bad['id'], status: 'refused', code: 'unknown_type' },
      { id: good['id'], status: 'duplicate' },
    ])
    expect(ackedThrough).toBe(3)
    const { events, next } = (await server.staff(`/api/v2/classes/${id}/events`)).json
    expect(events.map((event: any) => [event.offset, event.id, event.student])).toEqual([
      [1, good['id'], bob.student],
      [2, failed['id'], bob.student],
    ])
    expect(next).toBe(2)
    const state = await eventually(async () => {
      const found = await server.state(id)
      return found.offset === 2 ? found : undefined
    })
    expect(state.students[bob.student]).toMatchObject({ executions: 2, failures: 1 })
    expect(state.hash).toMatch(/^[0-9a-f]{16}$/)
    expect((await server.staff(`/api/v2/classes/${id}`)).json.firstEventAt).toBeGreaterThan(0)
  })

  it('LOG-4 pages through the log', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const bob = await server.join(code)
    await bob.store(Array.from({ length: 25 }, () => bob.event()))
    const offsets: number[] = []
    for (let after = 0; ;) {
      const { events, next } = (await server.staff(`/api/v2/classes/${id}/events?after=${after}&limit=10`)).json
      if (events.length === 0) break
      offsets.push(...events.map(({ offset }: { offset: number }) => offset))
      after = next
    }
    expect(offsets).toEqual(Array.from({ length: 25 }, (_, index) => index + 1))
  })

  it('BAT-2 LIM-2 refuses a broken batch as a whole, with the same code as elsewhere', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { code } = await server.makeClass()
    const bob = await server.join(code)
    const attempt = async (body: unknown) => (await server.get(EVENTS, { token: bob.token, body })).json
    expect(await attempt('{"events":[')).toMatchObject({ status: 400, code: 'bad_json' })
    expect(await attempt('[]')).toMatchObject({ status: 400, code: 'bad_request' })
    expect(await attempt({ events: 1 })).toMatchObject({ status: 400, code: 'bad_request' })
    for (const depth of [100, 10_000, 400_000]) {
      expect(await attempt(`{"events":[${'['.repeat(depth)}${']'.repeat(depth)}]}`)).toMatchObject({ code: 'too_deep' })
    }
    const keys = Array.from({ length: 100_001 }, (_, index) => `"${index.toString(36)}":0`).join()
    expect(await attempt(`{"events":[{${keys}}]}`)).toMatchObject({ code: 'too_many_keys' })
    const many = Array.from({ length: 1001 }, () => 0)
    expect(await attempt({ events: many })).toMatchObject({ status: 413, code: 'too_many_events' })
    expect(await attempt({ events: [] })).toEqual({ results: [], ackedThrough: 0 })
  })

  it('LIM-1 stops a body at 1 MiB, announced or not', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { code } = await server.makeClass()
    const bob = await server.join(code)
    const large = await server.get(EVENTS, { token: bob.token, body: ' '.repeat(1024 * 1024 + 1) })
    expect([large.status, large.json.code]).toEqual([413, 'too_large'])

    // A gigabyte in chunks: the answer comes, and the connection ends, long before it is sent.
    let sent = 0
    const status = await new Promise((settle, fail) => {
      const call = request(`${server.url}${EVENTS}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bob.token}`, 'content-type': 'application/json' },
      })
      const chunk = Buffer.alloc(64 * 1024, 0x20)
      const push = () => {
        while (sent < 1024 ** 3 && !call.destroyed) {
          sent += chunk.length
          if (call.write(chunk)) continue
          call.once('drain', push)
          return
        }
      }
      call.on('response', (answer) => {
        settle(answer.statusCode)
        call.destroy()
      })
      call.on('error', fail)
      push()
    })
    expect(status).toBe(413)
    expect(sent).toBeLessThan(16 * 1024 * 1024)
  })

  it('BAT-4 takes gzip, stops a bomb at the limit, and refuses other encodings', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { code } = await server.makeClass()
    const bob = await server.join(code)
    const attempt = (body: Uint8Array, headers: Record<string, string> = GZIP) =>
      server.get(EVENTS, { token: bob.token, body, headers })
    const packed = await attempt(gzipSync(JSON.stringify({ events: [bob.event()] })))
    expect(packed.json.results[0].status).toBe('stored')
    const bomb = await attempt(gzipSync(Buffer.alloc(200 * 1024 * 1024)))
    expect([bomb.status, bomb.json.code]).toEqual([413, 'too_large'])
    expect((await attempt(Buffer.from('not gzip'))).json.code).toBe('bad_request')
    for (const encoding of ['br', 'deflate', 'zstd', 'gzip, gzip']) {
      const answer = await attempt(Buffer.from('{}'), { 'content-encoding': encoding })
      expect([answer.status, answer.json.code], encoding).toEqual([415, 'unsupported_encoding'])
    }
    const plain = await attempt(Buffer.from('{}'), { 'content-type': 'text/plain' })
    expect([plain.status, plain.json.code]).toEqual([415, 'unsupported_media'])
  })

  it('AUT-3 takes a token for its own student alone, before the body is read', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const [bob, eve] = [await server.join(code), await server.join(code)]
    await bob.store([{ ...bob.event(), student: eve.student }])
    const { events } = (await server.staff(`/api/v2/classes/${id}/events`)).json
    expect(events[0].student).toBe(bob.student)
    const large = { body: ' '.repeat(1024 * 1024 + 1) }
    for (const token of ['x', `${bob.token}x`, bob.token.slice(1), bob.token.toUpperCase()]) {
      expect((await server.get(EVENTS, { ...large, token })).json.code).toBe('unauthenticated')
    }
    expect((await server.get(EVENTS, large)).status).toBe(401)
    expect((await server.get(`${EVENTS}?token=${bob.token}`, { body: { events: [] } })).status).toBe(401)
    expect((await server.staff(EVENTS, { body: { events: [] } })).json.code).toBe('forbidden')
  })

  it('AUT-5 refuses a revoked token; joining again gives a new one for the same student', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const bob = await server.join(code)
    await bob.store([bob.event()])
    const path = `/api/v2/classes/${id}/students/${bob.student}/tokens`
    expect((await server.staff(path, { method: 'DELETE' })).status).toBe(204)
    expect((await bob.post([bob.event()])).json.code).toBe('token_revoked')
    const again = await server.join(code, { install: bob.install })
    expect(again.student).toBe(bob.student)
    expect((await again.post([])).json.ackedThrough).toBe(1)
  })

  it('LVL-1 keeps what the level of the class allows at the time', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass({ level: 0 })
    const bob = await server.join(code, { consent: { sharing: true, level: 4, version: 1 } })
    const data = { status: 'error', errorName: 'ValueError', errorMessage: 'secret', source: 'x = 1', durationMs: 3 }
    await bob.store([bob.event({ data })])
    await server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body: { level: 1 } })
    await bob.store([bob.event({ data })])
    const { events } = (await server.staff(`/api/v2/classes/${id}/events`)).json
    expect(events.map((event: any) => event.data)).toEqual([
      { durationMs: 3 },
      { durationMs: 3, status: 'error', errorName: 'ValueError' },
    ])
  })

  it('STA-6 staff close an open help request, once', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const bob = await server.join(code)
    const resolve = () => server.staff(`/api/v2/classes/${id}/help/${bob.student}/resolve`, { method: 'POST' })
    expect((await resolve()).status).toBe(404)
    await bob.store([
      bob.event({ type: 'help_requested', notebook: undefined, cell: undefined, data: { message: 'Why?' } }),
    ])
    await eventually(async () => ((await server.state(id)).help[bob.student] ? true : undefined))
    expect((await resolve()).status).toBe(204)
    await eventually(async () => ((await server.state(id)).help[bob.student] ? undefined : true))
    expect((await resolve()).status).toBe(404)
    const { events } = (await server.staff(`/api/v2/classes/${id}/events`)).json
    expect(events.map((event: any) => event.type)).toEqual(['help_requested', 'help_resolved'])
  })

  it('LOG-2 STA-2 a restart keeps log, state, people and tokens', async () => {
    using folder = temporaryFolder()
    let kept: { hash: string; offset: number }
    let id: string
    let token: string
    {
      await using server = await startServer(folder.path)
      const made = await server.makeClass()
      const bob = await server.join(made.code)
      id = made.id
      token = bob.token
      await bob.store(Array.from({ length: 50 }, () => bob.event()))
      kept = await eventually(async () => {
        const state = await server.state(id)
        return state.offset === 50 ? state : undefined
      })
    }
    await using server = await startServer(folder.path)
    const { hash, offset } = await server.state(id)
    expect([hash, offset]).toEqual([kept.hash, 50])
    expect((await server.get(EVENTS, { token, body: { events: [] } })).json.ackedThrough).toBe(50)
    expect((await server.staff(`/api/v2/classes/${id}`)).json.students).toBe(1)
  })

  it('ING-6 counts exactly, and shows it as a metric', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { code } = await server.makeClass()
    const bob = await server.join(code)
    const event = bob.event()
    await bob.store([event, event, { nothing: true }, bob.event()])
    await wait(50)
    const { text } = await server.get('/metrics')
    const value = (name: string) => Number(new RegExp(`^lectern_events_${name} (\\d+)$`, 'm').exec(text)?.[1])
    expect(['received_total', 'stored_total', 'duplicate_total', 'refused_total', 'unaccounted'].map(value)).toEqual([
      4, 2, 1, 1, 0,
    ])
  })
})
