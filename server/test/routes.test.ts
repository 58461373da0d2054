import Fastify from 'fastify'
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { installDeclarations } from '../src/http/declare.ts'
import { cookieOf, startServer, temporaryFolder } from './harness.ts'

const filled = (url: string, id: string) =>
  url
    .replace(':class', id)
    .replace(':student', 's_x')
    .replace(':code', 'AAAA-BBBB')
    .replace(':wheel', 'x.whl')
    .replace('*', 'x')

describe('routes', () => {
  it('AUT-1 each declares rights, rate class, cost and schemas, or the server does not start', () => {
    const app = Fastify()
    installDeclarations(app)
    const whole = { rights: ['public'], rate: 'reads', cost: 'light' } as const
    const schema = { summary: 'Planted', response: { 200: Type.String() } }
    const plant = (config: object, given: object = schema) => app.get('/a', { config, schema: given }, () => '')
    expect(() => app.get('/a', () => '')).toThrow('The route GET /a declares no rights.')
    expect(() => plant({})).toThrow('declares no rights')
    expect(() => plant({ ...whole, rights: [] })).toThrow('declares no rights')
    expect(() => app.get('/a', { config: whole }, () => '')).toThrow('declares no schema')
    expect(() => plant({ ...whole, rate: undefined })).toThrow('declares no rate class')
    expect(() => plant({ ...whole, rate: 'toString' })).toThrow('declares no rate class')
    expect(() => plant({ ...whole, cost: undefined })).toThrow('declares no cost')
    expect(() => plant(whole, { response: {} })).toThrow('declares no summary')
    expect(() => plant(whole, { summary: 'Planted' })).toThrow('declares no response schema')
    const ofClass = (config: object) =>
      app.get('/api/v2/classes/:class/a', { config: { ...whole, rights: ['staff'], ...config }, schema }, () => '')
    expect(() => ofClass({})).toThrow('declares no right that it needs')
    expect(() => ofClass({ needs: 'toString' })).toThrow('declares no right that it needs')
    expect(() => ofClass({ needs: 'class.see', rights: ['public'] })).toThrow('no audience that can have a right')
    expect(app.routeTable).toEqual([])
    plant(whole)
    expect(app.routeTable.map(({ method, url }) => `${method} ${url}`).toSorted()).toEqual(['GET /a', 'HEAD /a'])
  })

  it('AUT-1 each answers 401 without credentials and 403 with the wrong ones', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const { token } = await server.join(code)
    const { users, links } = server.app.directory
    const { id: user } = await users.create({ name: 'Eve', email: 'eve@x.org', role: 'instructor' })
    const cookie = cookieOf(await server.get('/api/v2/session', { body: { link: await links.create(user) } }))

    const guarded = server.app.routes.filter(({ rights }) => !rights.includes('public'))
    expect(guarded.length).toBeGreaterThan(20)
    for (const { method, url, rights } of guarded) {
      const path = filled(url, id)
      const name = `${method} ${url}`
      // Behind a proxy even a request from this machine comes from elsewhere.
      const headers = { 'x-forwarded-for': '192.0.2.1' }
      const stranger = await server.get(path, { method, headers })
      expect(stranger.status, name).toBe(401)
      const forged = await server.get(path, { method, headers, token: 'x'.repeat(43) })
      expect(forged.status, name).toBe(401)
      const wrong = [
        ...(rights.includes('student') ? [] : [{ token }]),
        ...(rights.includes('staff') && !url.includes(':class') ? [] : [{ cookie }]),
      ]
      for (const credentials of wrong) {
        expect((await server.get(path, { method, headers, ...credentials })).status, name).toBe(403)
      }
    }
  })

  it('AUT-1 shows which routes are open to anybody', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const open = server.app.routes.filter(({ rights, method }) => rights.includes('public') && method !== 'HEAD')
    expect(open.map(({ method, url }) => `${method} ${url}`).toSorted()).toEqual([
      'GET /',
      'GET /*',
      'GET /api/v2/docs',
      'GET /api/v2/docs/page.css',
      'GET /api/v2/docs/page.js',
      'GET /api/v2/extension',
      'GET /api/v2/openapi.json',
      'GET /api/v2/session/jupyterhub',
      'GET /api/v2/session/jupyterhub/callback',
      'GET /api/v2/session/oidc',
      'GET /api/v2/session/oidc/callback',
      'GET /api/v2/session/ways',
      'GET /extension/:wheel',
      'GET /livez',
      'GET /readyz',
      'GET /startupz',
      'OPTIONS /api/v2/classes/:class/summary',
      'OPTIONS /api/v2/events',
      'OPTIONS /api/v2/extension',
      'OPTIONS /api/v2/join',
      'OPTIONS /api/v2/join/preview',
      'OPTIONS /api/v2/live/ticket',
      'OPTIONS /api/v2/me',
      'OPTIONS /api/v2/me/consent',
      'OPTIONS /api/v2/me/events',
      'OPTIONS /api/v2/me/export',
      'OPTIONS /api/v2/me/messages',
      'OPTIONS /api/v2/me/progress',
      'OPTIONS /api/v2/me/views',
      'POST /api/v2/join',
      'POST /api/v2/join/preview',
      'POST /api/v2/session',
      'POST /api/v2/session/passkey/options',
      'POST /api/v2/session/second',
    ])
  })

  it('ERR-1 answers what is not there, and methods that are not, with problems', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    for (const path of [
      '/api/v2/nothing',
      '/nothing',
      '/assets/../../package.json',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/.env',
    ]) {
      const answer = await server.get(path)
      expect([answer.status, answer.json?.code], path).toEqual([404, 'not_found'])
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
    }
    const { status, json, headers } = await server.get('/api/v2/join')
    expect([status, json.code, headers.get('allow')]).toEqual([405, 'method_not_allowed', 'OPTIONS, POST'])
    expect(json).toMatchObject({ type: 'urn:lectern:error:method_not_allowed', title: 'Method not allowed' })
    expect(json.action).toMatch(/Allow header/)
    expect(json.instance).toMatch(/^[0-9a-f]{8}-/)
    expect((await server.get('/%')).status).toBe(400)
    expect((await server.staff('/api/v2/classes/c_none')).json).toMatchObject({ status: 404, code: 'not_found' })
    expect((await server.staff(`/api/v2/classes/${'x'.repeat(300)}`)).status).toBe(404)
  })

  it('ERR-1 names the member that does not fit', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const attempt = async (body: unknown) => (await server.staff('/api/v2/classes', { body })).json
    expect(await attempt({})).toMatchObject({ code: 'bad_request', detail: expect.stringContaining('name') })
    expect(await attempt({ name: 'x', level: 9 })).toMatchObject({
      code: 'bad_request',
      detail: expect.stringMatching(/^level/),
    })
    expect(await attempt({ name: '  ' })).toMatchObject({ code: 'bad_request' })
    expect(await attempt([])).toMatchObject({ code: 'bad_request' })
    expect(await attempt('{"name":')).toMatchObject({ code: 'bad_json' })
    expect(await attempt('[[['.repeat(40))).toMatchObject({ code: 'too_deep' })
    expect((await server.staff('/api/v2/classes', { method: 'POST' })).json).toMatchObject({ code: 'bad_request' })
    expect(
      (await server.staff('/api/v2/classes', { body: 'x', headers: { 'content-type': 'text/plain' } })).status,
    ).toBe(415)
    const { id } = await server.makeClass()
    expect((await server.staff(`/api/v2/classes/${id}/events?limit=0`)).json.code).toBe('bad_request')
    expect((await server.staff(`/api/v2/classes/${id}/events?limit=10001`)).json.code).toBe('bad_request')
    expect((await server.staff(`/api/v2/classes/${id}/events?after=-1`)).json.code).toBe('bad_request')
  })

  it('LIM-4 takes __proto__ and constructor for data', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const body = '{"name":"K","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'
    expect((await server.staff('/api/v2/classes', { body })).status).toBe(201)
    expect(({} as any).polluted).toBeUndefined()
    for (const id of ['__proto__', 'constructor', 'toString']) {
      expect((await server.staff(`/api/v2/classes/${id}`)).status).toBe(404)
    }
  })

  it('AUT-3 opens what students need to pages of other origins, without cookies', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const open: string[] = []
    for (const { url, method } of server.app.routes) {
      if (method === 'OPTIONS' || method === 'HEAD') continue
      const answer = await server.get(filled(url, 'c'), { method, headers: { origin: 'https://hub.example' } })
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
      if (answer.headers.get('access-control-allow-origin') === '*') open.push(url)
    }
    expect([...new Set(open)].toSorted()).toEqual([
      '/api/v2/classes/:class/summary',
      '/api/v2/events',
      '/api/v2/extension',
      '/api/v2/join',
      '/api/v2/join/preview',
      '/api/v2/live/ticket',
      '/api/v2/me',
      '/api/v2/me/consent',
      '/api/v2/me/events',
      '/api/v2/me/export',
      '/api/v2/me/messages',
      '/api/v2/me/progress',
      '/api/v2/me/views',
    ])
    const asked = await server.get('/api/v2/events', {
      method: 'OPTIONS',
      headers: { origin: 'https://hub.example', 'access-control-request-method': 'POST' },
    })
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-headers')).toMatch(/Authorization/)
  })

  it('ERR-1 answers methods that nobody uses and parts that are too long with problems', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    for (const [method, path, status] of [
      ['QUERY', '/api/v2/classes', 415],
      ['QUERY', '/nothing', 415],
      ['PROPFIND', '/api/v2/classes', 405],
      ['GET', `/api/v2/classes/${'x'.repeat(500)}`, 404],
      ['GET', '/api/v2/classes/%zz', 400],
    ] as const) {
      const answer = await server.staff(path, { method })
      expect([method, answer.status, answer.json?.status], path).toEqual([method, status, status])
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
    }
  })

  it('ERR-1 says how the server is', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    expect((await server.get('/livez')).json).toEqual({ status: 'live' })
    expect((await server.get('/startupz')).json).toEqual({ status: 'started' })
    const { status, json } = await server.get('/readyz')
    expect([status, json.status]).toEqual([200, 'ready'])
    expect(json.services.map(({ name }: { name: string }) => name)).toContain('log')
    const metrics = await server.get('/metrics')
    expect(metrics.text).toMatch(/^lectern_events_received_total 0$/m)
    expect(metrics.text).toMatch(/^lectern_events_unaccounted 0$/m)
    expect((await server.get('/metrics', { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(401)
  })
})
