import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_TOKEN, cookieOf, startServer, temporaryFolder, type TestServer } from './harness.ts'
import { openSocket, staffTicket } from './socket.ts'

const PUBLIC_URL = 'https://lectern.school.example'
const PASSWORD = 'correct horse battery'
const SESSION = '/api/v2/session'
const MINUTE_MS = 60_000
/** 200 characters and more, of two and four bytes too. */
const LONG = Array.from({ length: 40 }, (_, at) => `Übung ${(at * 7919) % 97}`).join(' ') + ' 🚲'

const folder = temporaryFolder()
const time = { now: Date.now() }
let server: TestServer
let classId: string
let code: string

beforeAll(async () => {
  server = await startServer(folder.path, {}, { clock: () => time.now })
  ;({ id: classId, code } = await server.makeClass())
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** A member of staff with a password, and the cookie of a session. */
async function addUser(at: TestServer, email: string) {
  const { users, links } = at.app.directory
  const { id } = await users.create({ name: 'Somebody', email, role: 'instructor' })
  const cookie = cookieOf(await at.get(SESSION, { body: { link: await links.create(id) } }))
  const set = await at.get(`${SESSION}/password`, { method: 'PUT', cookie, body: { password: PASSWORD } })
  return { id, cookie: cookieOf(set) }
}

/** Sends bytes as they are, and gives what comes back. */
async function raw(text: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.write(text)
  let answer = ''
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
  await once(socket, 'close')
  return answer
}

/** The paths of all routes that are read, with ids that are there where there are some. */
const reads = (of: TestServer): string[] =>
  of.app.routes
    .filter(({ method, url }) => method === 'GET' && url.startsWith('/api/v2/'))
    .map(({ url }) => url.replace(':class', classId).replaceAll(/:\w+/g, 'none'))

describe('headers of answers', () => {
  it('DOC-1 every answer is typed, sniffed by no browser, framed nowhere and sends no referrer', async () => {
    const paths = ['/', '/nothing', '/%', '/livez', '/metrics', '/favicon.svg', ...reads(server)]
    const typed = /^application\/(jsonl|octet-stream)$|^(application|text)\/[a-z+]+;( version=[\d.]+;)? charset=utf-8$/i
    for (const path of paths) {
      const { headers, text } = await server.staff(path)
      const policy = headers.get('content-security-policy') ?? ''
      for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) {
        expect(policy, path).toContain(part)
      }
      expect(policy, path).not.toContain('unsafe')
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('referrer-policy'), path).toBe('no-referrer')
      const type = headers.get('content-type') ?? ''
      expect(text === '' || typed.test(type), `${path}: ${type}`).toBe(true)
      expect(/^[{[]/.test(text), `${path}: ${type}`).toBe(/json/.test(type) && text !== '')
    }
  })

  it('ERR-1 also the answer to what is no HTTP', async () => {
    const answer = await raw('nothing\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('x-content-type-options: nosniff\r\n')
    expect(answer).toContain("content-security-policy: default-src 'none'")
  })

  it('AUT-1 browsers are told to keep to https where that is the public address, and not elsewhere', async () => {
    using elsewhere = temporaryFolder()
    await using secure = await startServer(elsewhere.path, { publicUrl: PUBLIC_URL })
    for (const path of ['/', '/livez', '/api/v2/session/ways', '/api/v2/classes', '/nothing']) {
      const sent = (await secure.get(path)).headers.get('strict-transport-security')
      expect(sent, path).toBe('max-age=31536000; includeSubDomains')
      expect((await server.get(path)).headers.get('strict-transport-security')).toBeNull()
    }
  })

  it('AUT-3 nothing that speaks of people is kept by a browser or a proxy', async () => {
    const { token } = await server.join(code)
    const open = /^\/api\/v2\/(docs|openapi\.json)/
    for (const path of reads(server).filter((one) => !open.test(one))) {
      const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
      const answer = await fetch(`${server.url}${path}`, { headers, redirect: 'manual' })
      await answer.arrayBuffer()
      expect(answer.headers.get('cache-control'), path).toBe('no-store')
    }
    const own = await server.get('/api/v2/me/export', { token })
    expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(own.headers.get('content-disposition')).toBe('attachment; filename="my-lectern-data.jsonl"')
  })
})

describe('requests', () => {
  it('ERR-1 TRACE is not answered with what was sent', async () => {
    const answer = await raw('TRACE / HTTP/1.1\r\nhost: x\r\nx-secret: 4711\r\nconnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(answer).not.toContain('4711')
  })

  it('ERR-1 a parameter that comes twice is not chosen among, but refused', async () => {
    for (const query of ['limit=5&limit=6', 'after=0&after=1', 'limit=5&after=0&limit=5']) {
      const answer = await server.staff(`/api/v2/classes/${classId}/events?${query}`)
      expect([answer.status, answer.json.code], query).toEqual([400, 'bad_request'])
    }
    // What a body says is not taken from the address, nor the other way round.
    const named = await server.staff('/api/v2/classes?name=address', { body: { name: 'body' } })
    expect(named.json).toMatchObject({ name: 'body' })
    expect((await server.staff('/api/v2/classes?name=address', { body: {} })).status).toBe(400)
    const limited = { method: 'GET', headers: { limit: '0', after: '-1' } }
    expect((await server.staff(`/api/v2/classes/${classId}/events`, limited)).status).toBe(200)
  })

  it('AUT-1 no folder of version control or settings is served', async () => {
    for (const path of ['/.git/config', '/.git/HEAD', '/.env', '/package.json', '/lectern.json', '/server.key']) {
      const answer = await server.get(path)
      expect([answer.status, answer.json.code], path).toEqual([404, 'not_found'])
    }
  })

  it('AUT-9 who one is behind a proxy is taken from a proxy that was named, and from nobody else', async () => {
    const seen = async (at: TestServer, email: string) => {
      const headers = { 'x-forwarded-for': '198.51.100.7, 203.0.113.9' }
      await at.get(SESSION, { body: { email, password: 'not the password' }, headers })
      const { entries } = (await at.staff('/api/v2/system/audit?action=sign_in_failed&limit=1')).json
      return entries[0].details.address
    }
    expect(await seen(server, 'a@x.org')).toBe('127.0.0.1')
    using elsewhere = temporaryFolder()
    await using behind = await startServer(elsewhere.path, { trustedProxies: ['127.0.0.1'] })
    // The nearest address that is no proxy of ours: what the client itself wrote stands further left.
    expect(await seen(behind, 'a@x.org')).toBe('203.0.113.9')
  })

  it('AUT-16 no page of another site begins a sign-in elsewhere', async () => {
    const begin = async (site: string) => {
      const headers = { 'sec-fetch-site': site }
      const answer = await fetch(`${server.url}${SESSION}/oidc`, { headers, redirect: 'manual' })
      return [answer.status, answer.headers.get('location')]
    }
    // Nothing is configured here, which is told where somebody asked for it.
    for (const site of ['same-origin', 'none']) {
      expect(await begin(site), site).toEqual([302, '/#/refused/not_found'])
    }
    for (const site of ['cross-site', 'same-site']) expect(await begin(site), site).toEqual([302, '/'])
  })

  it('AUT-20 a refusal of a right is a line of the log that says who, what and why', async () => {
    const { token, student } = await server.join(code)
    const eve = await addUser(server, `eve${time.now}@x.org`)
    const before = server.lines.length
    expect((await server.get(`/api/v2/classes/${classId}/students`, { token })).status).toBe(403)
    expect((await server.get('/api/v2/system/audit', { cookie: eve.cookie })).status).toBe(403)
    expect((await server.get('/api/v2/me', { token: 'x'.repeat(43) })).status).toBe(401)
    const socket = await openSocket(server, await staffTicket(server))
    await socket.next('welcome')
    socket.say({ kind: 'events', events: [] })
    await socket.closed
    const lines = server.lines.slice(before).map((line) => JSON.parse(line))
    const refused = lines.filter(({ msg }) => msg === 'refused')
    expect(refused).toMatchObject([
      { code: 'forbidden', actor: student, what: 'GET /api/v2/classes/:class/students', address: '127.0.0.1' },
      { code: 'forbidden', actor: eve.id, what: 'GET /api/v2/system/audit' },
      { code: 'unauthenticated', what: 'GET /api/v2/me' },
      { code: 'forbidden', actor: 'script', what: 'socket' },
    ])
    for (const line of refused) expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(JSON.stringify(refused)).not.toContain(token)
  })
})

describe('sessions and passwords', () => {
  it('AUT-7 a change of a role in a class changes the cookie of who has it', async () => {
    const ada = await addUser(server, 'ada@x.org')
    const asked = () => server.get('/api/v2/classes', { cookie: ada.cookie })
    expect(cookieOf(await asked())).toBe('')
    await server.staff(`/api/v2/classes/${classId}/staff/${ada.id}`, { method: 'PUT', body: { role: 'observer' } })
    const renewed = cookieOf(await asked())
    expect(renewed).toMatch(/^lectern=.{43}$/)
    await server.get('/api/v2/classes', { cookie: renewed })
    time.now += 2 * MINUTE_MS
    expect((await asked()).json.code).toBe('session_expired')
  })

  it('AUT-14 a session elsewhere is ended by who has lately shown who they are', async () => {
    const { cookie } = await addUser(server, 'bea@x.org')
    const other = cookieOf(await server.get(SESSION, { body: { email: 'bea@x.org', password: PASSWORD } }))
    const { sessions } = (await server.get(`${SESSION}/list`, { cookie: other })).json
    const elsewhere = sessions.find(({ current }: { current: boolean }) => !current).id
    time.now += 14 * MINUTE_MS
    const fresh = (await server.get(SESSION, { cookie: other })).status
    expect(fresh).toBe(200)
    time.now += 2 * MINUTE_MS
    const late = await server.get(SESSION, { cookie: other })
    const mine = cookieOf(late)
    const end = (path: string) => server.get(`${SESSION}/${path}`, { method: 'DELETE', cookie: mine })
    expect((await end(`list/${elsewhere}`)).json.code).toBe('confirmation_needed')
    expect((await end('others')).json.code).toBe('confirmation_needed')
    expect((await server.get(SESSION, { cookie })).status).toBe(200)
    await server.get(`${SESSION}/confirm`, { cookie: mine, body: { password: PASSWORD } })
    expect((await end(`list/${elsewhere}`)).status).toBe(204)
    expect((await server.get(SESSION, { cookie })).status).toBe(401)
  })

  it('AUT-10 a password may be of any characters, 64 and more of them, and counts to the last one as it was typed', async () => {
    const { cookie } = await addUser(server, 'cid@x.org')
    const set = (password: string, current: string) =>
      server.get(`${SESSION}/password`, { method: 'PUT', cookie: cookies.at(-1) ?? '', body: { password, current } })
    const cookies = [cookie]
    let current = PASSWORD
    const kinds = ['moor lantern bicycle', '  leading and trailing  ', 'ランプと自転車と湖の歌を思い出す', LONG]
    for (const password of kinds) {
      const answer = await set(password, current)
      expect(answer.status, password).toBe(200)
      cookies.push(cookieOf(answer))
      current = password
    }
    const attempt = async (password: string) =>
      (await server.get(SESSION, { body: { email: 'cid@x.org', password } })).status
    expect(await attempt(current)).toBe(200)
    for (const near of [current.slice(0, -1), current.toUpperCase(), `${current} `, current.slice(0, 72)]) {
      expect(await attempt(near), near).not.toBe(200)
    }
  })

  it('AUT-10 is not made of what everybody guesses here, nor of common passwords', async () => {
    const { cookie } = await addUser(server, 'dora.quimby@x.org')
    const set = (password: string) =>
      server.get(`${SESSION}/password`, { method: 'PUT', cookie, body: { password, current: PASSWORD } })
    for (const weak of ['lecternlectern', 'JupyterHub2026!', 'password123456', 'dora.quimby@x.org', 'qwertyuiop12']) {
      expect((await set(weak)).json.code, weak).toBe('weak_password')
    }
  })

  it('AUT-10 never expires by itself', async () => {
    await addUser(server, 'eva@x.org')
    time.now += 3 * 365 * 24 * 60 * MINUTE_MS
    const answer = await server.get(SESSION, { body: { email: 'eva@x.org', password: PASSWORD } })
    expect([answer.status, cookieOf(answer) === '']).toEqual([200, false])
  })
})
