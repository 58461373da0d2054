import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import type { Config } from '../src/config.ts'
import { relyingPartyOf } from '../src/http/relying-party.ts'
import { createAuthenticator } from './authenticator.ts'
import { cookieOf, startServer, temporaryFolder, type TestServer } from './harness.ts'

const PASSWORD = 'correct horse battery'
const SESSION = '/api/v2/session'
const MINUTE_MS = 60_000

const ORIGIN = 'https://lectern.example.org'
const HOST = 'lectern.example.org'

/** A server at a time that the test moves, behind an address that may have passkeys. */
async function open(folder: string, over: Partial<Config> = {}) {
  const time = { now: Date.now() }
  const server = await startServer(folder, { publicUrl: ORIGIN, ...over }, { clock: () => time.now })
  const origin = ORIGIN
  const headers = { origin }
  const { users, links } = server.app.directory
  const { id } = await users.create({ name: 'Ada', email: 'ada@x.org', role: 'instructor' })
  const cookie = cookieOf(await server.get(SESSION, { body: { link: await links.create(id) } }))
  const set = await server.get(`${SESSION}/password`, { method: 'PUT', cookie, body: { password: PASSWORD } })
  return { server, time, origin, headers, id, cookie: cookieOf(set) }
}

const signIn = (server: TestServer) => server.get(SESSION, { body: { email: 'ada@x.org', password: PASSWORD } })
const second = (server: TestServer, pending: string, code: string) =>
  server.get(`${SESSION}/second`, { body: { pending, code } })

/** Sets an authenticator app up; gives what makes its codes. */
async function setUp({ server, cookie, time }: Awaited<ReturnType<typeof open>>) {
  const begun = await server.get(`${SESSION}/totp`, { method: 'POST', cookie })
  expect(begun.status).toBe(200)
  const totp = new TOTP({ secret: Secret.fromBase32(begun.json.secret) })
  const code = () => totp.generate({ timestamp: time.now })
  const confirmed = await server.get(`${SESSION}/totp`, { method: 'PUT', cookie, body: { code: code() } })
  expect(confirmed.status).toBe(200)
  return { begun: begun.json, code, codes: confirmed.json.codes as string[] }
}

describe('second factors', () => {
  it('AUT-13 are asked for after the password: a code of the app, each once, or a recovery code, each once', async () => {
    using folder = temporaryFolder()
    const bed = await open(folder.path)
    await using server = bed.server
    const { begun, code, codes } = await setUp(bed)
    expect(begun.uri).toMatch(/^otpauth:\/\/totp\/Lectern:ada%40x\.org\?issuer=Lectern&secret=[A-Z2-7]{32}&/)
    expect(begun.svg).toMatch(/^<svg [^>]*viewBox/)
    expect(new Set(codes).size).toBe(10)
    expect(codes[0]).toMatch(/^([B-DF-HJKMNP-RTV-Z2-46-9]{4}-){5}[B-DF-HJKMNP-RTV-Z2-46-9]{4}$/)

    const asked = await signIn(server)
    expect([asked.status, asked.json.ways, cookieOf(asked)]).toEqual([202, ['totp', 'recovery'], ''])
    // The code that set it up was used by that.
    const { pending } = asked.json
    expect((await second(server, pending, code())).json.code).toBe('wrong_code')
    bed.time.now += 30_000
    const now = code()
    const done = await second(server, pending, `${now.slice(0, 3)} ${now.slice(3)}`)
    expect(done.status).toBe(200)
    expect((await server.get(SESSION, { cookie: cookieOf(done) })).json.user.name).toBe('Ada')
    expect((await second(server, pending, now)).json.code).toBe('flow_expired')
    expect((await second(server, (await signIn(server)).json.pending, now)).json.code).toBe('wrong_code')

    const recovery = codes[3]?.toLowerCase().replaceAll('-', ' ') ?? ''
    expect((await second(server, (await signIn(server)).json.pending, recovery)).status).toBe(200)
    expect((await second(server, (await signIn(server)).json.pending, recovery)).json.code).toBe('wrong_code')
    expect((await server.get(`${SESSION}/factors`, { cookie: bed.cookie })).json).toMatchObject({ recoveryCodes: 9 })
  })

  it('AUT-13 are tried five times for one password, within five minutes', async () => {
    using folder = temporaryFolder()
    const bed = await open(folder.path)
    await using server = bed.server
    const { code } = await setUp(bed)
    bed.time.now += 30_000
    const { pending } = (await signIn(server)).json
    for (let count = 0; count < 5; count += 1) {
      expect((await second(server, pending, '000000')).json.code).toBe('wrong_code')
    }
    expect((await second(server, pending, code())).json.code).toBe('flow_expired')
    expect((await second(server, 'x'.repeat(43), code())).json.code).toBe('flow_expired')
  })

  it('AUT-13 stay through a recovery unless it takes them away, and end when their owner ends them', async () => {
    using folder = temporaryFolder()
    const bed = await open(folder.path)
    await using server = bed.server
    await setUp(bed)
    const recover = async (body: object) => {
      const { path } = (await server.staff(`/api/v2/people/${bed.id}/recovery`, { body })).json
      return server.get(SESSION, { body: { link: path.slice(path.indexOf('=') + 1) } })
    }
    expect((await recover({})).status).toBe(202)
    expect((await recover({ removeFactors: true })).status).toBe(200)
    await setUp(bed)
    expect((await signIn(server)).status).toBe(202)
    expect((await server.get(`${SESSION}/totp`, { method: 'DELETE', cookie: bed.cookie })).status).toBe(204)
    expect((await signIn(server)).status).toBe(200)
  })

  it('AUT-14 are changed only by who has lately shown who they are', async () => {
    using folder = temporaryFolder()
    const bed = await open(folder.path)
    await using server = bed.server
    const { cookie } = bed
    bed.time.now += 15 * MINUTE_MS - 1
    const begin = (own: string) => server.get(`${SESSION}/totp`, { method: 'POST', cookie: own })
    const begun = await begin(cookie)
    expect(begun.status).toBe(200)
    bed.time.now += 1
    const refused = await begin(cookie)
    expect([refused.status, refused.json.code]).toEqual([403, 'confirmation_needed'])
    const renewed = cookieOf(refused) || cookie
    const confirm = (password: string) => server.get(`${SESSION}/confirm`, { cookie: renewed, body: { password } })
    // A secret that is not in force yet proves nothing.
    const { json: unconfirmed } = begun
    const code = new TOTP({ secret: Secret.fromBase32(unconfirmed.secret) }).generate({ timestamp: bed.time.now })
    const byCode = await server.get(`${SESSION}/confirm`, { cookie: renewed, body: { code } })
    expect(byCode.json.code).toBe('wrong_code')
    expect((await confirm('not the password')).json.code).toBe('wrong_credentials')
    expect((await begin(renewed)).status).toBe(403)
    expect((await confirm(PASSWORD)).status).toBe(204)
    expect((await begin(renewed)).status).toBe(200)
  })

  it('AUT-14 so is the address, not the name', async () => {
    using folder = temporaryFolder()
    const bed = await open(folder.path)
    await using server = bed.server
    const edit = (body: object, own = bed.cookie) => server.get(SESSION, { method: 'PATCH', cookie: own, body })
    expect((await edit({ email: 'lovelace@x.org' })).json.user.email).toBe('lovelace@x.org')
    bed.time.now += 15 * MINUTE_MS
    const named = await edit({ name: ' Countess ', email: 'LOVELACE@x.org', role: 'admin' })
    expect(named.json.user).toMatchObject({ name: 'Countess', email: 'lovelace@x.org', role: 'instructor' })
    const refused = await edit({ email: 'ada@x.org' }, cookieOf(named))
    expect([refused.status, refused.json.code]).toEqual([403, 'confirmation_needed'])
    const { entries } = (await server.staff('/api/v2/system/audit?action=person_changed')).json
    expect(entries).toMatchObject([{ actor: bed.id, target: bed.id, details: { name: true, email: false } }, {}])
    expect(JSON.stringify(entries)).not.toContain('x.org')
  })

  it('AUT-13 are kept sealed or hashed: no file of the data folder holds a secret or code', async () => {
    using folder = temporaryFolder()
    const bed = await open(folder.path)
    await using server = bed.server
    const { begun, codes } = await setUp(bed)
    const secret = Buffer.from(Secret.fromBase32(begun.secret).bytes)
    const forms = [
      secret,
      Buffer.from(begun.secret),
      Buffer.from(secret.toString('hex')),
      ...codes.map((code) => Buffer.from(code.replaceAll('-', ''))),
    ]
    const files = readdirSync(folder.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const contents = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)))
    for (const form of forms) expect(contents.some((content) => content.includes(form))).toBe(false)
    // Negative control: the search finds what is kept in plain text.
    expect(contents.some((content) => content.includes('ada@x.org'))).toBe(true)
    expect(server.lines.join('')).not.toContain(begun.secret)
  })
})

describe('passkeys', () => {
  /** Registers a passkey for a session. */
  async function register({ server, headers, origin, cookie }: Awaited<ReturnType<typeof open>>, name = 'Laptop') {
    const key = createAuthenticator()
    const begun = await server.get(`${SESSION}/passkeys/options`, { method: 'POST', cookie, headers })
    expect(begun.status).toBe(200)
    const { flow, options } = begun.json
    const response = key.create({ challenge: options.challenge, origin, rpId: HOST })
    return { key, answer: await server.get(`${SESSION}/passkeys`, { cookie, headers, body: { flow, name, response } }) }
  }
  const challenge = async ({ server, headers }: Awaited<ReturnType<typeof open>>) =>
    (await server.get(`${SESSION}/passkey/options`, { method: 'POST', headers })).json

  it('AUT-15 are several, have names, and sign in alone', async () => {
    using folder = temporaryFolder()
    const bed = await open(folder.path)
    await using server = bed.server
    const { cookie, headers, origin } = bed
    const { key, answer } = await register(bed)
    expect([answer.status, answer.json.name]).toEqual([201, 'Laptop'])
    bed.time.now += 1
    await register(bed, 'Telephone')
    const path = `${SESSION}/passkeys/${key.id}`
    const renamed = await server.get(path, { method: 'PATCH', cookie, headers, body: { name: ' Desk ' } })
    expect(renamed.json.name).toBe('Desk')
    const { passkeys } = (await server.get(`${SESSION}/factors`, { cookie, headers })).json
    expect(passkeys.map(({ name }: { name: string }) => name)).toEqual(['Desk', 'Telephone'])
    const { flow, options } = await challenge(bed)
    expect(options).toMatchObject({ userVerification: 'required', rpId: HOST })
    const response = key.get({ challenge: options.challenge, origin, rpId: HOST })
    const signedIn = await server.get(SESSION, { headers, body: { passkey: { flow, response } } })
    expect(signedIn.json.user.name).toBe('Ada')
    const replayed = await server.get(SESSION, { headers, body: { passkey: { flow, response } } })
    expect(replayed.json.code).toBe('flow_expired')
    expect((await server.get(path, { method: 'DELETE', cookie, headers })).status).toBe(204)
    const next = await challenge(bed)
    const gone = key.get({ challenge: next.options.challenge, origin, rpId: HOST })
    const refused = await server.get(SESSION, { headers, body: { passkey: { flow: next.flow, response: gone } } })
    expect([refused.status, refused.json.code]).toEqual([401, 'wrong_passkey'])
  })

  it('AUT-15 are refused from another page, for another challenge, without the person, or from another key', async () => {
    using folder = temporaryFolder()
    const bed = await open(folder.path)
    await using server = bed.server
    const { headers, origin } = bed
    const { key } = await register(bed)
    const attempt = async (make: (challenge: string) => object) => {
      const { flow, options } = await challenge(bed)
      return (await server.get(SESSION, { headers, body: { passkey: { flow, response: make(options.challenge) } } }))
        .json
    }
    const good = { origin, rpId: HOST }
    const old = (await challenge(bed)).options.challenge
    const forged = { ...createAuthenticator().get({ challenge: old, ...good }), id: key.id, rawId: key.id }
    for (const make of [
      (one: string) => key.get({ challenge: one, ...good, origin: 'http://localhost:1' }),
      (one: string) => key.get({ challenge: one, ...good, rpId: 'evil.example' }),
      () => key.get({ challenge: old, ...good }),
      (one: string) => key.get({ challenge: one, ...good }, { verified: false }),
      () => forged,
    ]) {
      expect((await attempt(make)).code).toBe('wrong_passkey')
    }
    // Negative control.
    expect((await attempt((one) => key.get({ challenge: one, ...good }))).user.name).toBe('Ada')
  })

  it('AUT-15 serve as the second factor, their own account only', async () => {
    using folder = temporaryFolder()
    const bed = await open(folder.path)
    await using server = bed.server
    const { headers, origin, time } = bed
    const { key } = await register(bed)
    await setUp(bed)
    const { users, links } = server.app.directory
    const eve = await users.create({ name: 'Eve', email: 'eve@x.org', role: 'member' })
    const cookie = cookieOf(await server.get(SESSION, { body: { link: await links.create(eve.id) } }))
    const stranger = await register({ ...bed, cookie })
    time.now += 30_000
    const show = async (who: typeof key) => {
      const { pending, ways } = (await signIn(server)).json
      expect(ways).toContain('passkey')
      const { flow, options } = await challenge(bed)
      const response = who.get({ challenge: options.challenge, origin, rpId: HOST })
      return server.get(`${SESSION}/second`, { headers, body: { pending, passkey: { flow, response } } })
    }
    expect((await show(stranger.key)).json.code).toBe('wrong_passkey')
    expect((await show(key)).json.user.name).toBe('Ada')
  })

  it('AUT-18 are asked for before anything else where the server requires them, and for a passkey alone, too', async () => {
    using folder = temporaryFolder()
    const bed = await open(folder.path, { secondFactor: 'required' })
    await using server = bed.server
    const { cookie, headers } = bed
    const { id } = await server.makeClass()
    const paths = ['/api/v2/classes', `/api/v2/classes/${id}/students`, '/api/v2/system/audit', '/metrics']
    const refused = { status: 403, code: 'second_factor_needed' }
    for (const path of paths) expect((await server.get(path, { cookie })).json, path).toMatchObject(refused)
    const ticket = () => server.get('/api/v2/live/ticket', { cookie, headers, method: 'POST' })
    expect((await ticket()).json).toMatchObject(refused)
    const me = async () => (await server.get(SESSION, { cookie })).json
    expect(await me()).toMatchObject({ secondFactorNeeded: true })
    // Scripts have a secret of their own, and students tokens.
    expect((await server.staff('/api/v2/classes')).status).toBe(200)

    const { key } = await register(bed)
    expect(await me()).not.toHaveProperty('secondFactorNeeded')
    expect((await server.get('/api/v2/classes', { cookie })).status).toBe(200)
    expect((await ticket()).status).toBe(200)
    const asked = await signIn(server)
    expect([asked.status, asked.json.ways]).toEqual([202, ['passkey']])
    const { flow, options } = await challenge(bed)
    const response = key.get({ challenge: options.challenge, origin: ORIGIN, rpId: HOST })
    const body = { pending: asked.json.pending, passkey: { flow, response } }
    const shown = await server.get(`${SESSION}/second`, { headers, body })
    expect((await server.get('/api/v2/classes', { cookie: cookieOf(shown) })).status).toBe(200)
  })

  it("AUT-18 an authenticator app will do, and nothing is asked where it is each one's choice", async () => {
    using folder = temporaryFolder()
    {
      const bed = await open(folder.path)
      await using server = bed.server
      expect((await server.get('/api/v2/classes', { cookie: bed.cookie })).status).toBe(200)
      expect((await server.get(SESSION, { cookie: bed.cookie })).json).not.toHaveProperty('secondFactorNeeded')
    }
    using other = temporaryFolder()
    const bed = await open(other.path, { secondFactor: 'required' })
    await using server = bed.server
    expect((await server.get('/api/v2/classes', { cookie: bed.cookie })).status).toBe(403)
    await setUp(bed)
    expect((await server.get('/api/v2/classes', { cookie: bed.cookie })).status).toBe(200)
    expect((await signIn(server)).json.ways).toEqual(['totp', 'recovery'])
    await server.get(`${SESSION}/totp`, { method: 'DELETE', cookie: bed.cookie })
    expect((await server.get('/api/v2/classes', { cookie: bed.cookie })).json.code).toBe('second_factor_needed')
  })

  it('AUT-15 are offered only where browsers allow them', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    expect((await server.get(`${SESSION}/ways`)).json).toMatchObject({ passkeys: false })
    const none = await server.get(`${SESSION}/passkey/options`, { method: 'POST' })
    expect(none.json.code).toBe('bad_request')
    const party = (host: string, publicUrl?: string) => relyingPartyOf({ headers: { host } }, publicUrl)
    expect(party('localhost:8000')).toEqual({ id: 'localhost', origin: 'http://localhost:8000' })
    expect(party('x', 'https://lectern.example.org')).toEqual({ id: HOST, origin: ORIGIN })
    for (const host of ['127.0.0.1:8000', '[::1]:8000', 'lectern.local', '']) expect(party(host)).toBeUndefined()
    for (const url of ['http://lectern.example.org', 'https://192.0.2.1'])
      expect(party('localhost', url)).toBeUndefined()
  })
})
