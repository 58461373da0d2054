import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SessionList } from '@lectern/protocol'
import { Value } from 'typebox/value'
import { cookieOf, cookiesOf, eventually, startServer, temporaryFolder, type TestServer } from './harness.ts'

const PASSWORD = 'correct horse battery'
const SESSION = '/api/v2/session'
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const MINUTE_MS = 60_000

async function addUser(server: TestServer, email: string): Promise<string> {
  const { users, links } = server.app.directory
  const { id } = await users.create({ name: 'Somebody', email, role: 'instructor' })
  const cookie = cookieOf(await server.get(SESSION, { body: { link: await links.create(id) } }))
  await server.get(`${SESSION}/password`, { method: 'PUT', cookie, body: { password: PASSWORD } })
  return id
}

const signIn = (server: TestServer, email: string, { password = PASSWORD, cookie = '' } = {}) =>
  server.get(SESSION, { body: { email, password }, headers: { 'user-agent': FIREFOX }, ...(cookie ? { cookie } : {}) })

describe('sessions of the staff', () => {
  it('AUT-6 are listed to their owner and ended one by one or all others, with their sockets', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    await addUser(server, 'ada@x.org')
    await addUser(server, 'eve@x.org')
    const [one, two, three] = [0, 1, 2].map(() => signIn(server, 'ada@x.org')) as [any, any, any]
    const cookies = (await Promise.all([one, two, three])).map(cookieOf)
    const [mine = '', second = '', third = ''] = cookies
    const list = async (cookie = mine) => (await server.get(`${SESSION}/list`, { cookie })).json as SessionList
    const { sessions } = await list()
    expect(Value.Check(SessionList, { sessions })).toBe(true)
    // The one in which the password was set goes on.
    expect(sessions).toHaveLength(4)
    expect(sessions.filter(({ current }) => current)).toHaveLength(1)
    expect(sessions[0]?.began).toMatchObject({ address: '127.0.0.1', agent: 'Firefox, Linux' })
    const hash = createHash('sha256')
      .update(mine.split('=')[1] ?? '')
      .digest('base64url')
    expect(JSON.stringify(sessions)).not.toContain(hash)

    const { ticket } = (await server.get('/api/v2/live/ticket', { method: 'POST', cookie: second })).json
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v2/live`, 'lectern.v2')
    const frames: string[] = []
    let closed = 0
    socket.addEventListener('message', ({ data }) => frames.push(String(data)))
    socket.addEventListener('close', ({ code }) => (closed = code))
    await new Promise((settle) => socket.addEventListener('open', settle))
    socket.send(JSON.stringify({ kind: 'hello', ticket }))
    await eventually(() => frames.find((frame) => frame.includes('welcome')))
    const other = (await list(second)).sessions.find(({ current }) => current)
    const end = (id: string, cookie: string) => server.get(`${SESSION}/list/${id}`, { method: 'DELETE', cookie })
    const eve = cookieOf(await signIn(server, 'eve@x.org'))
    expect((await end(other?.id ?? '', eve)).json.code).toBe('not_found')
    expect((await end(other?.id ?? '', mine)).status).toBe(204)
    expect(await eventually(() => closed || undefined)).toBe(4401)
    expect((await server.get(SESSION, { cookie: second })).json.code).toBe('session_expired')

    expect((await server.get(`${SESSION}/others`, { method: 'DELETE', cookie: mine })).status).toBe(204)
    expect((await server.get(SESSION, { cookie: third })).status).toBe(401)
    expect((await list()).sessions).toHaveLength(1)
    expect((await server.get(SESSION, { cookie: eve })).status).toBe(200)
    expect((await server.staff(`${SESSION}/list`)).json.code).toBe('not_found')
    const audit = (await server.staff('/api/v2/system/audit?action=session_ended')).json.entries
    expect(audit).toMatchObject([{ details: { sessions: 2 } }, { target: other?.id }])
  })

  it('AUT-7 change their cookie with use; the old one replayed ends the session', async () => {
    using folder = temporaryFolder()
    const time = { now: Date.now() }
    await using server = await startServer(folder.path, {}, { clock: () => time.now })
    const user = await addUser(server, 'ada@x.org')
    const old = cookieOf(await signIn(server, 'ada@x.org'))
    time.now += 15 * MINUTE_MS
    const renewed = await server.get('/api/v2/classes', { cookie: old })
    const fresh = cookieOf(renewed)
    expect(renewed.headers.getSetCookie()[0]).toMatch(/; HttpOnly; SameSite=Strict$/)
    expect([fresh === '', fresh === old]).toEqual([false, false])
    expect((await server.get(SESSION, { cookie: fresh })).status).toBe(200)
    time.now += MINUTE_MS
    expect((await server.get(SESSION, { cookie: old })).json).toMatchObject({ code: 'session_expired' })
    expect((await server.get(SESSION, { cookie: fresh })).json).toMatchObject({ code: 'session_expired' })
    const entries = await eventually(async () => {
      const { entries: found } = (await server.staff('/api/v2/system/audit?action=session_ended')).json
      return found.length > 0 ? found : undefined
    })
    expect(entries).toMatchObject([{ actor: 'system', details: { reason: 'replayed', user } }])
  })

  it('AUT-8 a cookie that was planted before the sign-in is worth nothing after it', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    await addUser(server, 'ada@x.org')
    await addUser(server, 'eve@x.org')
    // Eve's own session, planted in Ada's browser, and a secret that Eve made up.
    const planted = cookieOf(await signIn(server, 'eve@x.org'))
    for (const cookie of [planted, `lectern=${'x'.repeat(43)}`]) {
      const signedIn = await signIn(server, 'ada@x.org', { cookie })
      expect(cookieOf(signedIn)).not.toBe(cookie)
      expect((await server.get(SESSION, { cookie })).json.code).toBe('session_expired')
      expect((await server.get(SESSION, { cookie: cookieOf(signedIn) })).json.user.email).toBe('ada@x.org')
    }
  })

  it('AUT-9 guessing slows guessing, not the owner in a browser where they were before', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    await addUser(server, 'ada@x.org')
    await addUser(server, 'eve@x.org')
    const device = cookiesOf(await signIn(server, 'ada@x.org')).find((one) => one.startsWith('lectern-device=')) ?? ''
    const foreign = cookiesOf(await signIn(server, 'eve@x.org')).find((one) => one.startsWith('lectern-device=')) ?? ''
    const guess = () => signIn(server, 'ada@x.org', { password: 'not the password' })
    for (let count = 0; count < 6; count += 1) expect((await guess()).json.code).toBe('wrong_credentials')
    const timed = async (cookie = '') => {
      const began = performance.now()
      const { status } = await signIn(server, 'ada@x.org', { cookie })
      return { status, ms: performance.now() - began }
    }
    // Another's known browser is no way around: it waits its turn, and then is taken.
    const [elsewhere, own] = await Promise.all([timed(foreign), timed(device)])
    expect([elsewhere.status, own.status]).toEqual([200, 200])
    expect(elsewhere.ms).toBeGreaterThan(400)
    expect(own.ms).toBeLessThan(elsewhere.ms)
  })

  it('AUT-9 guessing from one address is refused after a while, not the owner in a browser where they were before', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    await addUser(server, 'ada@x.org')
    const device = cookiesOf(await signIn(server, 'ada@x.org')).find((one) => one.startsWith('lectern-device=')) ?? ''
    const guess = (count: number) => server.get(SESSION, { body: { link: `no such link ${count}` } })
    for (let count = 0; count < 30; count += 1) expect((await guess(count)).json.code).toBe('link_invalid')
    const refused = await guess(30)
    expect([refused.status, refused.json.code]).toEqual([429, 'rate_limited'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await signIn(server, 'ada@x.org')).status).toBe(429)
    expect((await signIn(server, 'ada@x.org', { cookie: device })).status).toBe(200)
  })

  it('AUT-9 answers a wrong password and an unknown address alike, and as fast', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const rounds = 11
    const hash = (await server.app.directory.users.byId(await addUser(server, 'known0@x.org')))?.password ?? ''
    for (let round = 1; round < rounds; round += 1) {
      const { users } = server.app.directory
      const { id } = await users.create({ name: 'Somebody', email: `known${round}@x.org`, role: 'member' })
      await users.update(id, { password: hash })
    }
    const attempt = async (email: string) => {
      const began = performance.now()
      const answer = await signIn(server, email, { password: 'not the password' })
      return { ms: performance.now() - began, answer }
    }
    const times = { known: [] as number[], unknown: [] as number[], shortcut: [] as number[] }
    for (let round = 0; round < rounds; round += 1) {
      const known = await attempt(`known${round}@x.org`)
      const unknown = await attempt(`nobody${round}@x.org`)
      expect(known.answer.json.code).toBe('wrong_credentials')
      expect({ ...unknown.answer.json, instance: '' }).toEqual({ ...known.answer.json, instance: '' })
      times.known.push(known.ms)
      times.unknown.push(unknown.ms)
      // Negative control: an answer for which no password was hashed.
      times.shortcut.push((await attempt('no address')).ms)
    }
    const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
    const ratio = (one: number[], other: number[]) =>
      Math.max(median(one), median(other)) / Math.min(median(one), median(other))
    expect(ratio(times.known, times.unknown)).toBeLessThan(1.3)
    expect(ratio(times.known, times.shortcut)).toBeGreaterThan(1.5)
  })

  it('AUT-9 leave an entry in the audit when they begin, end or are refused', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const id = await addUser(server, 'ada@x.org')
    const cookie = cookieOf(await signIn(server, 'ada@x.org'))
    await signIn(server, 'ada@x.org', { password: 'not the password' })
    await server.get(SESSION, { method: 'DELETE', cookie })
    const { entries } = (await server.staff('/api/v2/system/audit?limit=3')).json
    expect(entries).toMatchObject([
      { actor: id, action: 'signed_out' },
      { actor: 'system', action: 'sign_in_failed', details: { reason: 'wrong_credentials', address: '127.0.0.1' } },
      { actor: id, action: 'signed_in', details: { method: 'password' } },
    ])
    expect(JSON.stringify(entries)).not.toContain('ada@x.org')
  })
})
