import { createSign, generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startServer, temporaryFolder, type TestServer } from './harness.ts'
import { startProvider, type TestProvider } from './oidc-provider.ts'

const ORIGIN = 'https://lectern.example.org'
const START = '/api/v2/session/oidc'
const CALLBACK = `${START}/callback`

interface Beds {
  server: TestServer
  provider: TestProvider
}

/** Both, and what ends them. */
async function open(folder: string, domains: string[] = []): Promise<Beds & AsyncDisposable> {
  const provider = await startProvider([`${ORIGIN}${CALLBACK}`])
  const { issuer, clientId, clientSecret } = provider
  const oidc = { issuer, clientId, clientSecret, name: 'School account', domains }
  const server = await startServer(folder, { publicUrl: ORIGIN, oidc })
  return {
    server,
    provider,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
    },
  }
}

/** One request of a browser that follows no redirect. */
async function visit(server: TestServer, path: string, cookie = '') {
  const answer = await fetch(`${server.url}${path}`, { redirect: 'manual', headers: cookie ? { cookie } : {} })
  await answer.arrayBuffer()
  const set = answer.headers.getSetCookie()
  const valueOf = (name: string) =>
    set.map((line) => line.split(';', 1)[0] ?? '').find((one) => one.startsWith(`${name}=`) && !one.endsWith('='))
  return {
    status: answer.status,
    to: answer.headers.get('location') ?? '',
    set,
    flow: valueOf('__Host-lectern-flow') ?? '',
    session: valueOf('__Host-lectern') ?? '',
  }
}

/** From the sign-in page to the provider: where it sends back to, and the cookie that belongs to it. */
async function depart({ server, provider }: Beds) {
  const { to, flow } = await visit(server, START)
  return { to, flow, back: (await provider.follow(to)).replace(ORIGIN, '') }
}

/** The whole way. */
async function signIn(beds: Beds) {
  const { flow, back } = await depart(beds)
  return visit(beds.server, back, flow)
}

const who = async (server: TestServer, cookie: string) => (await server.get('/api/v2/session', { cookie })).json.user

describe('OpenID Connect', () => {
  it('AUT-16 signs in who was invited, by verified address, and then by account, whatever the address', async () => {
    using folder = temporaryFolder()
    await using beds = await open(folder.path)
    const { server, provider } = beds
    const { users } = server.app.directory
    await users.create({ name: 'Grace', email: 'grace@school.example', role: 'instructor' })
    provider.account = { sub: 'g-1', email: 'Grace@school.example', email_verified: true, name: 'G. Hopper' }
    expect((await server.get('/api/v2/session/ways')).json.providers).toEqual([{ id: 'oidc', name: 'School account' }])
    const { to, flow } = await visit(server, START)
    const asked = new URL(to).searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)?.length).toBeGreaterThan(20)
    expect(asked.get('redirect_uri')).toBe(`${ORIGIN}${CALLBACK}`)
    expect(flow).toMatch(/^__Host-lectern-flow=[\w-]{43}$/)

    const back = await signIn(beds)
    expect([back.status, back.to]).toEqual([302, '/'])
    expect(back.set.find((line) => line.startsWith('__Host-lectern='))).toMatch(
      /Path=\/; HttpOnly; Secure; SameSite=Strict/,
    )
    expect(await who(server, back.session)).toMatchObject({ name: 'Grace', role: 'instructor' })
    provider.account = { sub: 'g-1', email: 'hopper@elsewhere.example', email_verified: false }
    expect(await who(server, (await signIn(beds)).session)).toMatchObject({ name: 'Grace' })
    // Somebody else who took over the address at the provider is another account, with which Grace's is not replaced.
    provider.account = { sub: 'g-2', email: 'nobody@school.example', email_verified: true }
    expect((await signIn(beds)).to).toBe('/#/refused/sign_in_refused')
    const audit = (await server.staff('/api/v2/system/audit?limit=2')).json.entries
    expect(audit).toMatchObject([
      { action: 'sign_in_failed', details: { reason: 'sign_in_refused' } },
      { action: 'signed_in', details: { method: 'oidc' } },
    ])
  })

  it('AUT-16 refuses unverified addresses and disabled accounts, and makes accounts for allowed domains only', async () => {
    using folder = temporaryFolder()
    await using beds = await open(folder.path, ['school.example'])
    const { server, provider } = beds
    const { users } = server.app.directory
    const { id } = await users.create({ name: 'Ada', email: 'ada@school.example', role: 'admin' })
    const attempt = async (account: TestProvider['account']) => {
      provider.account = account
      return (await signIn(beds)).to
    }
    const refused = '/#/refused/sign_in_refused'
    expect(await attempt({ sub: 'evil', email: 'ada@school.example', email_verified: false })).toBe(refused)
    expect(await attempt({ sub: 'evil', email: 'ada@school.example' })).toBe(refused)
    expect(await attempt({ sub: 'x', email: 'x@school.example.evil.example', email_verified: true })).toBe(refused)
    expect(await attempt({ sub: 'x', email: 'x@evilschool.example', email_verified: true })).toBe(refused)
    expect(await attempt({ sub: 'n', email: 'new@school.example', email_verified: true, name: 'New' })).toBe('/')
    expect(await users.byEmail('new@school.example')).toMatchObject({ name: 'New', role: 'member' })
    await users.update(id, { disabled_at: 1 })
    expect(await attempt({ sub: 'a', email: 'ada@school.example', email_verified: true })).toBe(refused)
  })

  it('AUT-16 refuses a state, browser or code that does not belong to the sign-in', async () => {
    using folder = temporaryFolder()
    await using beds = await open(folder.path, ['school.example'])
    const { server, provider } = beds
    provider.account = { sub: 'n', email: 'new@school.example', email_verified: true }
    const failed = '/#/refused/provider_failed'
    const [mine, other] = [await depart(beds), await depart(beds)]
    const state = (path: string) => new URL(path, ORIGIN).searchParams.get('state') ?? ''
    expect((await visit(server, mine.back.replace(state(mine.back), 'x'.repeat(43)), mine.flow)).to).toBe(failed)
    // Used up by the failure.
    expect((await visit(server, mine.back, mine.flow)).to).toBe('/#/refused/flow_expired')
    // Another's answer in this browser (login CSRF), and no cookie at all.
    const third = await depart(beds)
    expect((await visit(server, other.back, third.flow)).to).toBe(failed)
    expect((await visit(server, other.back)).to).toBe('/#/refused/flow_expired')
    // A code that was used: its state is put on a sign-in of one's own.
    const used = await depart(beds)
    expect((await visit(server, used.back, used.flow)).to).toBe('/')
    const fresh = await depart(beds)
    const code = (path: string) => new URL(path, ORIGIN).searchParams.get('code') ?? ''
    expect((await visit(server, fresh.back.replace(code(fresh.back), code(used.back)), fresh.flow)).to).toBe(failed)
    const denied = await depart(beds)
    const answer = `${CALLBACK}?error=access_denied&state=${state(denied.back)}&iss=${encodeURIComponent(provider.issuer)}`
    expect((await visit(server, answer, denied.flow)).to).toBe('/#/refused/sign_in_refused')
  })

  it('AUT-16 refuses an ID token with another nonce, without signature, or signed by another key', async () => {
    using folder = temporaryFolder()
    await using beds = await open(folder.path, ['school.example'])
    const { server, provider } = beds
    provider.account = { sub: 'n', email: 'new@school.example', email_verified: true }
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const parts = (token: string) =>
      token
        .split('.')
        .slice(0, 2)
        .map((text) => JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>)
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const signed = (head: object, claims: object) => {
      const text = `${part(head)}.${part(claims)}`
      return `${text}.${createSign('sha256').update(text).sign(privateKey).toString('base64url')}`
    }
    const forged: Record<string, (token: string) => string> = {
      'alg none': (token) => `${part({ alg: 'none' })}.${part(parts(token)[1] ?? {})}.`,
      'no signature': (token) => `${token.split('.').slice(0, 2).join('.')}.`,
      'another key': (token) => signed(parts(token)[0] ?? {}, parts(token)[1] ?? {}),
      'another nonce': (token) => signed(parts(token)[0] ?? {}, { ...parts(token)[1], nonce: 'x' }),
      'other claims': (token) =>
        [token.split('.')[0], part({ ...parts(token)[1], sub: 'admin' }), token.split('.')[2]].join('.'),
      'another audience': (token) => signed(parts(token)[0] ?? {}, { ...parts(token)[1], aud: 'other' }),
    }
    for (const [name, forge] of Object.entries(forged)) {
      provider.forge = (body) => ({ ...body, id_token: forge(String(body['id_token'])) })
      expect((await signIn(beds)).to, name).toBe('/#/refused/provider_failed')
    }
    // A token of another sign-in, rightly signed: its nonce is another.
    const kept: string[] = []
    provider.forge = (body) => {
      kept.push(String(body['id_token']))
      return { ...body, id_token: kept[0] }
    }
    expect((await signIn(beds)).to).toBe('/')
    expect((await signIn(beds)).to).toBe('/#/refused/provider_failed')
    // Negative control.
    provider.forge = (body) => ({ ...body })
    expect((await signIn(beds)).to).toBe('/')
    expect((await server.app.directory.users.list()).map(({ email }) => email)).toEqual(['new@school.example'])
  })

  it('AUT-16 refuses a token of the provider that is over, or for another audience, issuer or sign-in', async () => {
    using folder = temporaryFolder()
    await using beds = await open(folder.path, ['school.example'])
    const { server, provider } = beds
    provider.account = { sub: 'n', email: 'new@school.example', email_verified: true }
    const now = Math.floor(Date.now() / 1000)
    const changed: Record<string, object> = {
      'over for an hour': { iat: now - 7200, exp: now - 3600 },
      'not yet begun': { nbf: now + 3600 },
      'without an end': { exp: undefined },
      'another audience': { aud: 'other' },
      'another audience besides': { aud: ['lectern', 'other'], azp: 'other' },
      'another issuer': { iss: 'https://evil.example' },
      'another sign-in': { nonce: 'x'.repeat(43) },
      nobody: { sub: undefined },
    }
    const claimsOf = (token: unknown) => {
      const claims = Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()
      return JSON.parse(claims) as Record<string, unknown>
    }
    const signInWith = async (change: object) => {
      provider.forge = (body) => ({ ...body, id_token: provider.sign({ ...claimsOf(body['id_token']), ...change }) })
      return (await signIn(beds)).to
    }
    for (const [name, change] of Object.entries(changed)) {
      expect(await signInWith(change), name).toBe('/#/refused/provider_failed')
    }
    // Negative control: signed in the same way, with nothing changed.
    expect(await signInWith({})).toBe('/')
    expect(await server.app.directory.users.list()).toHaveLength(1)
  })

  it('AUT-16 refuses a provider that calls itself by another name', async () => {
    using folder = temporaryFolder()
    await using beds = await open(folder.path, ['school.example'])
    const { server, provider } = beds
    for (const issuer of ['https://evil.example', `${provider.issuer}/other`]) {
      provider.describe = (said) => ({ ...said, issuer })
      expect((await visit(server, START)).to, issuer).toBe('/#/refused/provider_unavailable')
    }
    provider.describe = undefined
    expect(new URL((await visit(server, START)).to).origin).toBe(provider.issuer)
  })

  it('AUT-16 shows no token of the provider to a browser, the log or a file', async () => {
    using folder = temporaryFolder()
    await using beds = await open(folder.path, ['school.example'])
    const { server, provider } = beds
    provider.account = { sub: 'n', email: 'new@school.example', email_verified: true }
    const tokens: string[] = []
    provider.forge = (body) => {
      tokens.push(String(body['id_token']), String(body['access_token']))
      return body
    }
    const { back, flow } = await depart(beds)
    const answer = await visit(server, back, flow)
    expect([answer.to, tokens.length]).toEqual(['/', 2])
    const files = readdirSync(folder.path, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder.path, name))
      .filter((file) => statSync(file).isFile())
      .map((file) => readFileSync(file))
    for (const token of tokens) {
      expect(answer.to + answer.set.join('\n')).not.toContain(token)
      expect(server.lines.join('')).not.toContain(token)
      expect(files.filter((bytes) => bytes.includes(token))).toEqual([])
    }
  })

  it('AUT-8 AUT-16 sends nobody to another site, and ends the session that was there before', async () => {
    using folder = temporaryFolder()
    await using beds = await open(folder.path, ['school.example'])
    const { server, provider } = beds
    provider.account = { sub: 'n', email: 'new@school.example', email_verified: true }
    for (const query of ['?next=https://evil.example', '?redirect_uri=//evil.example', '?returnTo=/\\evil.example']) {
      const { to } = await visit(server, `${START}${query}`)
      expect(new URL(to).origin).toBe(provider.issuer)
      expect(new URL(to).searchParams.get('redirect_uri')).toBe(`${ORIGIN}${CALLBACK}`)
    }
    const { flow, back } = await depart(beds)
    expect((await visit(server, `${back}&next=https://evil.example`, flow)).to).toBe('/')
    const first = await signIn(beds)
    const again = await depart(beds)
    const second = await visit(server, again.back, `${again.flow}; ${first.session}`)
    expect(second.session).not.toBe(first.session)
    expect((await server.get('/api/v2/session', { cookie: first.session })).status).toBe(401)
  })

  it('AUT-16 says that the provider does not answer, and that none is configured', async () => {
    using folder = temporaryFolder()
    await using beds = await open(folder.path)
    await beds.provider[Symbol.asyncDispose]()
    expect((await visit(beds.server, START)).to).toBe('/#/refused/provider_unavailable')
    expect((await visit(beds.server, '/api/v2/session/jupyterhub')).to).toBe('/#/refused/not_found')
  })
})
