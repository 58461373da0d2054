import { describe, expect, it } from 'vitest'
import { ADMIN_TOKEN, cookieOf, startServer, temporaryFolder, type TestServer } from './harness.ts'

const PASSWORD = 'correct horse battery'
const SESSION = '/api/v2/session'

const firstLink = (server: TestServer) => server.app.directory.links.create(null)

/** Signs the first administrator in and sets the password. */
async function administrator(server: TestServer) {
  const signedIn = await server.get(SESSION, { body: { link: await firstLink(server) } })
  const cookie = cookieOf(signedIn)
  const body = { password: PASSWORD, email: 'Ada@Example.org', name: 'Ada' }
  const set = await server.get(`${SESSION}/password`, { method: 'PUT', cookie, body })
  return { signedIn, set, cookie: cookieOf(set), before: cookie }
}

async function instructor(server: TestServer, email: string) {
  const { users, links } = server.app.directory
  const user = await users.create({ name: 'Grace', email, role: 'instructor' })
  return cookieOf(await server.get(SESSION, { body: { link: await links.create(user.id) } }))
}

describe('staff', () => {
  it('AUT-2 sign in by a link once, set a password, and sign in with it', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const link = await firstLink(server)
    const first = await server.get(SESSION, { body: { link } })
    expect(first.status).toBe(200)
    expect(first.json.user).toMatchObject({ role: 'admin', passwordSet: false, email: '' })
    expect(first.headers.getSetCookie()[0]).toMatch(
      /^lectern=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    const again = await server.get(SESSION, { body: { link } })
    expect([again.status, again.json.code]).toEqual([401, 'link_invalid'])

    const body = { password: PASSWORD, email: 'ada@example.org', name: 'Ada' }
    const set = await server.get(`${SESSION}/password`, { method: 'PUT', cookie: cookieOf(first), body })
    expect(set.json.user).toMatchObject({ name: 'Ada', email: 'ada@example.org', passwordSet: true })
    const byPassword = await server.get(SESSION, { body: { email: 'ADA@example.org', password: PASSWORD } })
    expect(byPassword.status).toBe(200)
    expect((await server.get(SESSION, { cookie: cookieOf(byPassword) })).json.user.name).toBe('Ada')
  })

  it('AUT-2 a new first link ends the one before, and there is one administrator however often it is used', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const old = await firstLink(server)
    const link = await firstLink(server)
    expect((await server.get(SESSION, { body: { link: old } })).status).toBe(401)
    expect((await server.get(SESSION, { body: { link } })).status).toBe(200)
    expect((await server.get(SESSION, { body: { link: await firstLink(server) } })).status).toBe(200)
    expect(await server.app.directory.users.list()).toHaveLength(1)
    expect(await server.app.directory.users.hasAdministrator()).toBe(false)
  })

  it('AUT-1 a session ends at sign-out, at the next sign-in, and when the password changes', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { cookie, before } = await administrator(server)
    const expired = await server.get(SESSION, { cookie: before })
    expect([expired.status, expired.json.code]).toEqual([401, 'session_expired'])

    const next = await server.get(SESSION, { cookie, body: { email: 'ada@example.org', password: PASSWORD } })
    expect((await server.get(SESSION, { cookie })).status).toBe(401)
    const out = await server.get(SESSION, { method: 'DELETE', cookie: cookieOf(next) })
    expect(out.status).toBe(204)
    expect((await server.get(SESSION, { cookie: cookieOf(next) })).status).toBe(401)
  })

  it('AUT-1 a password is asked for again to be changed, and must not be short', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { cookie } = await administrator(server)
    const change = (body: object) => server.get(`${SESSION}/password`, { method: 'PUT', cookie, body })
    expect((await change({ password: 'another long password' })).json.code).toBe('wrong_credentials')
    expect((await change({ password: 'short', current: PASSWORD })).json.code).toBe('weak_password')
    expect((await change({ password: 'aaaaaaaaaaaaaaa', current: PASSWORD })).json.code).toBe('weak_password')
    expect((await change({ password: 'another long password', current: PASSWORD })).status).toBe(200)
  })

  it('AUT-4 changes by cookie only for its own pages', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { cookie } = await administrator(server)
    const attempt = (headers: Record<string, string>) =>
      server.get('/api/v2/classes', { cookie, body: { name: 'K' }, headers })
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'cross-site', origin: server.url },
      { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' },
    ]) {
      const answer = await attempt(headers)
      expect([answer.status, answer.json.code], JSON.stringify(headers)).toEqual([403, 'wrong_origin'])
    }
    expect((await attempt({ origin: server.url })).status).toBe(201)
    expect((await attempt({ 'sec-fetch-site': 'same-origin' })).status).toBe(201)
    const reading = await server.get('/api/v2/classes', { cookie, headers: { origin: 'http://evil.example' } })
    expect(reading.headers.get('access-control-allow-origin')).toBeNull()
    const signIn = { body: { link: 'x' }, headers: { origin: 'http://evil.example' } }
    expect((await server.get(SESSION, signIn)).json.code).toBe('wrong_origin')
  })

  it('AUT-1 binds the cookie to https where that is the public address', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path, { publicUrl: 'https://lectern.example.org' })
    const signedIn = await server.get(SESSION, { body: { link: await firstLink(server) } })
    expect(signedIn.headers.getSetCookie()[0]).toMatch(
      /^__Host-lectern=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    const headers = { origin: 'https://lectern.example.org', 'sec-fetch-site': 'same-origin' }
    const made = await server.get('/api/v2/classes', { cookie: cookieOf(signedIn), body: { name: 'K' }, headers })
    expect(made.status).toBe(201)
  })

  it('AUT-1 see the classes they made, and no others', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const [grace, alan] = [await instructor(server, 'grace@x.org'), await instructor(server, 'alan@x.org')]
    const { id } = (await server.get('/api/v2/classes', { cookie: grace, body: { name: 'Compilers', level: 3 } })).json
    expect((await server.get('/api/v2/classes', { cookie: grace })).json.classes).toMatchObject([{ id, level: 3 }])
    expect((await server.get('/api/v2/classes', { cookie: alan })).json.classes).toEqual([])
    expect((await server.staff('/api/v2/classes')).json.classes).toHaveLength(1)
    for (const path of ['', '/codes', '/students', '/state', '/events']) {
      const answer = await server.get(`/api/v2/classes/${id}${path}`, { cookie: alan })
      expect([answer.status, answer.json.code], path).toEqual([403, 'forbidden'])
      expect(answer.json.detail).toMatch(
        /^This needs the right: (class\.see|codes\.see|roster\.see|students\.see|code\.see|log\.read)\.$/,
      )
      expect((await server.get(`/api/v2/classes/${id}${path}`, { cookie: grace })).status, path).toBe(200)
    }
  })

  it("AUT-1 takes the administrator's token for scripts, and nothing near it", async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    expect((await server.staff('/api/v2/classes')).status).toBe(200)
    for (const token of [ADMIN_TOKEN.slice(1), `${ADMIN_TOKEN}x`, '', 'null', 'undefined']) {
      expect((await server.get('/api/v2/classes', { token })).status, token).toBe(401)
    }
  })
})
