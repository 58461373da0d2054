import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { SUBPROTOCOL } from '@lectern/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ADMIN_TOKEN, cookieOf, startServer, temporaryFolder, type TestServer } from './harness.ts'
import { openSocket, staffTicket } from './socket.ts'

const folder = temporaryFolder()
let server: TestServer
let cookie: string
let classId: string
let code: string

beforeAll(async () => {
  server = await startServer(folder.path)
  const link = await server.app.directory.links.create(null)
  cookie = cookieOf(await server.get('/api/v2/session', { body: { link } }))
  ;({ id: classId, code } = await server.makeClass())
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('stolen and made-up credentials', () => {
  it('AUT-1 takes no token that says of itself what it may do, and none of another server', async () => {
    using elsewhere = temporaryFolder()
    await using other = await startServer(elsewhere.path)
    const foreign = await other.join((await other.makeClass()).code)
    const claims = { sub: 'administrator', role: 'admin', exp: 4_102_444_800 }
    const tokens = [
      `${base64({ alg: 'none', typ: 'JWT' })}.${base64(claims)}.`,
      `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64(claims)}.${base64({})}`,
      foreign.token,
      ADMIN_TOKEN.toUpperCase(),
      `${ADMIN_TOKEN}x`,
      ADMIN_TOKEN.slice(0, -1),
    ]
    for (const token of tokens) {
      expect((await server.get('/api/v2/classes', { token })).json.code, token).toBe('unauthenticated')
      expect((await server.get('/api/v2/me', { token })).json.code, token).toBe('unauthenticated')
    }
    expect((await server.get('/api/v2/classes', { token: ADMIN_TOKEN })).status).toBe(200)
    expect((await other.get('/api/v2/me', { token: foreign.token })).status).toBe(200)
  })

  it('AUT-3 takes no token, ticket or session from an address', async () => {
    const { token } = await server.join(code)
    const secret = cookie.split('=')[1] ?? ''
    for (const query of [`token=${ADMIN_TOKEN}`, `access_token=${token}`, `lectern=${secret}`, `ticket=${token}`]) {
      expect((await server.get(`/api/v2/classes?${query}`)).status, query).toBe(401)
      expect((await server.get(`/api/v2/me?${query}`)).status, query).toBe(401)
    }
  })

  it('SUB-1 takes a ticket of staff from no page of another site, and from none of its own twice', async () => {
    const url = `${server.url.replace('http', 'ws')}/api/v2/live`
    const hello = async (origin: string | undefined, ticket: string) => {
      const socket = new WebSocket(url, SUBPROTOCOL, origin === undefined ? {} : { origin })
      await once(socket, 'open')
      socket.send(JSON.stringify({ kind: 'hello', ticket }))
      const [data] = (await once(socket, 'message')) as [Buffer]
      socket.terminate()
      return JSON.parse(data.toString())
    }
    const ticket = await staffTicket(server)
    expect(await hello('https://evil.example', ticket)).toMatchObject({ kind: 'error', code: 'wrong_origin' })
    // The ticket is used up, whoever showed it.
    expect(await hello(server.url, ticket)).toMatchObject({ kind: 'error', code: 'unauthenticated' })
    expect(await hello(server.url, await staffTicket(server))).toMatchObject({ kind: 'welcome' })
  })
})

describe('requests made by others', () => {
  it('AUT-4 changes nothing for a form or script of another site that sends the cookie along', async () => {
    const name = { name: 'Forged' }
    const before = (await server.staff('/api/v2/classes')).json.classes.length
    const attempts = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: server.url, 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'http://other.127.0.0.1' },
    ]
    for (const headers of attempts) {
      const answer = await server.get('/api/v2/classes', { cookie, headers, body: name })
      expect(answer.json.code, JSON.stringify(headers)).toBe('wrong_origin')
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const headers = { origin: server.url, 'content-type': type }
      expect((await server.get('/api/v2/classes', { cookie, headers, body: 'name=Forged' })).status, type).toBe(415)
    }
    expect((await server.staff('/api/v2/classes')).json.classes).toHaveLength(before)
    const own = await server.get('/api/v2/classes', { cookie, headers: { origin: server.url }, body: name })
    expect(own.status).toBe(201)
  })

  it('VER-1 takes of a body only what it names: nobody gives themselves a role, an id or a class', async () => {
    const extra = { id: 'c_mine', role: 'admin', createdBy: 'u_x', cleared_at: 1, endedAt: 1, students: 99, uses: -5 }
    const made = (await server.staff('/api/v2/classes', { body: { name: 'K', ...extra } })).json
    expect(made).toMatchObject({ name: 'K', students: 0, role: 'admin' })
    expect(made.id).not.toBe('c_mine')
    expect(made).not.toHaveProperty('clearedAt')
    expect(made).not.toHaveProperty('endedAt')
    const joined = await server.join(code, {
      student: 's_mine',
      token: 'x',
      level: 4,
      by_address: 0,
      role: 'instructor',
    })
    expect(joined.student).not.toBe('s_mine')
    expect(joined.level).toBe(2)
    expect((await server.get(`/api/v2/classes/${classId}`, { token: joined.token })).status).toBe(403)
    const event = joined.event({ student: 's_other', class: 'c_other', offset: 1, received: 5, time: 5 })
    await joined.store([event])
    const [stored] = (await server.staff(`/api/v2/classes/${classId}/events`)).json.events.slice(-1)
    expect(stored).toMatchObject({ student: joined.student })
    expect(stored.received).toBeGreaterThan(1_000_000)
  })
})

describe('bodies', () => {
  it('AUT-1 takes commands of a database, patterns and expressions for the text that they are', async () => {
    const texts = [
      "' OR '1'='1",
      "'; DROP TABLE classes; --",
      '" OR ""="',
      "x' UNION SELECT password FROM users --",
      '%',
      '_%',
      '.*',
      '(a+)+$',
      '[',
      '${7*7}',
      '{{7*7}}',
      '%s%n%d',
      '$(id)',
      '`id`',
      '| id',
    ]
    const before = (await server.staff('/api/v2/classes')).json.classes.length
    for (const text of texts) {
      const name = encodeURIComponent(text)
      for (const path of [
        `classes/${name}`,
        `classes/${classId}/students/${name}/events`,
        `classes/${classId}/staff/${name}`,
      ]) {
        const method = path.includes('/staff/') ? 'DELETE' : 'GET'
        expect((await server.staff(`/api/v2/${path}`, { method })).status, path).toBe(404)
      }
      const found = (await server.staff(`/api/v2/system/audit?actor=${name}&class=${name}`)).json
      expect(found.entries ?? [], text).toEqual([])
      const answer = await server.get('/api/v2/session', { body: { email: text, password: text } })
      expect(answer.json.code, text).toMatch(/^(wrong_credentials|bad_request|rate_limited)$/)
      expect((await server.get('/api/v2/me', { token: text })).status, text).toBe(401)
      const { id } = await server.makeClass({ name: text })
      expect((await server.staff(`/api/v2/classes/${id}`)).json.name).toBe(text)
    }
    expect((await server.staff('/api/v2/classes')).json.classes).toHaveLength(before + texts.length)
  })

  it('LIM-1 takes no archive, and unpacks nothing beyond the limit', async () => {
    const { token } = await server.join(code)
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '))
    const zip = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(2000)])
    const post = (path: string, body: Uint8Array, headers: Record<string, string>) =>
      server.get(path, { token: path.endsWith('/events') ? token : ADMIN_TOKEN, body, headers })
    const json = { 'content-type': 'application/json' }
    expect(bomb.byteLength).toBeLessThan(1024 * 1024)
    expect((await post('/api/v2/events', bomb, { ...json, 'content-encoding': 'gzip' })).status).toBe(413)
    for (const encoding of ['gzip', 'br', 'deflate', 'zstd']) {
      const answer = await post('/api/v2/classes', bomb, { ...json, 'content-encoding': encoding })
      expect(answer.json.code, encoding).toBe('unsupported_encoding')
    }
    for (const type of ['application/zip', 'application/x-tar', 'application/gzip', 'application/octet-stream']) {
      expect((await post('/api/v2/classes', zip, { 'content-type': type })).status, type).toBe(415)
      const events = await post('/api/v2/events', zip, { 'content-type': type })
      expect([400, 415], type).toContain(events.status)
      const path = `/api/v2/classes/${classId}/plan`
      const plan = await server.staff(path, { method: 'PUT', body: zip, headers: { 'content-type': type } })
      expect(plan.status, type).toBe(415)
    }
  })
})

describe('addresses and headers', () => {
  it('AUT-1 leads out of no folder, whatever a path is made of', async () => {
    const marks = ['..', '%2e%2e', '..%2f', '%2e%2e%2f', '..%5c', '%252e%252e', '....//', '%00', '..;', '%c0%ae%c0%ae']
    const targets = marks.flatMap((mark) => [
      `/${mark}/${mark}/${mark}/etc/passwd`,
      `/extension/${mark}/people.db`,
      `/extension/${mark}${mark}server.key`,
      `/assets/${mark}/${mark}/server.key`,
      `/api/v2/docs/${mark}/page.js`,
      `/api/v2/classes/${mark}/plan`,
      `/api/v2/system/jobs/${mark}/result`,
    ])
    for (const target of targets) {
      // A client that tidies addresses up would not send these.
      const { port } = new URL(server.url)
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(
        `GET ${target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ADMIN_TOKEN}\r\nconnection: close\r\n\r\n`,
      )
      let text = ''
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
      await once(socket, 'close')
      expect(text, target).toMatch(/^HTTP\/1\.1 (200|400|404|401|403) /)
      expect(text, target).not.toMatch(/root:|SQLite format|BEGIN|"name": ?"lectern/)
      // Whatever is no file of the page is the page itself or a problem.
      const isFile = text.startsWith('HTTP/1.1 200') && !text.includes('text/html')
      expect(isFile, target).toBe(false)
    }
  })

  it('ERR-1 takes no request whose length is told twice', async () => {
    const { port } = new URL(server.url)
    const body = 'GET /livez HTTP/1.1\r\nhost: smuggled\r\n\r\n'
    const shapes = [
      `content-length: ${body.length}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${body}`,
      `content-length: 4\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      `transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n${body}`,
      `transfer-encoding : chunked\r\n\r\n0\r\n\r\n${body}`,
    ]
    for (const shape of shapes) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(`POST /api/v2/join HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${shape}`)
      let text = ''
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
      await once(socket, 'close')
      expect(text.match(/^HTTP\/1\.1 /gm), shape).toHaveLength(1)
      expect(text).toMatch(/^HTTP\/1\.1 400 /)
    }
  })

  it('AUT-11 puts no host that a request names into a link', async () => {
    const invited = await server.staff('/api/v2/people', {
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
      body: { name: 'Ken', email: 'ken@x.org', role: 'member' },
    })
    expect(invited.status).toBe(201)
    expect(invited.text).not.toContain('evil.example')
    for (const path of ['/', '/api/v2/session/ways']) {
      const answer = await server.get(path, { headers: { 'x-forwarded-host': 'evil.example' } })
      expect(answer.text + JSON.stringify([...answer.headers])).not.toContain('evil.example')
    }
  })

  it('LIM-4 gives back hostile text as data alone, never as a page', async () => {
    const text = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    const { id } = await server.makeClass({ name: text })
    const made = (await server.staff(`/api/v2/classes/${id}/codes`, { method: 'POST' })).json
    const student = await server.join(made.code, { name: text, team: text })
    await student.store([student.event({ type: 'help_requested', data: { message: text } })])
    for (const path of ['', '/students', '/state', '/events']) {
      const answer = await server.staff(`/api/v2/classes/${id}${path}`)
      expect(answer.headers.get('content-type'), path).toContain('application/json')
      expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff')
    }
    const missing = await server.get(`/api/v2/${encodeURIComponent(text)}`)
    expect(missing.headers.get('content-type')).toContain('application/problem+json')
  })

  it('LIM-5 closes a socket whose frame is too large, and serves the others', async () => {
    const socket = await openSocket(server, await staffTicket(server))
    await socket.next('welcome')
    socket.socket.send('x'.repeat(9_000))
    expect([1009, 4400]).toContain(await socket.closed)
    expect((await server.staff('/api/v2/classes')).status).toBe(200)
  })
})
