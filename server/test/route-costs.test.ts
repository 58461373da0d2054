import { RoutesAnswer, type RouteInfo } from '@lectern/protocol'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { RATES } from '../src/http/rates.ts'
import { startServer, temporaryFolder, type TestServer } from './harness.ts'

async function routesOf(server: TestServer): Promise<RouteInfo[]> {
  const { status, json } = await server.staff('/api/v2/system/routes')
  expect(status).toBe(200)
  expect([...Value.Errors(RoutesAnswer, json)]).toEqual([])
  return json.routes
}

const find = (routes: readonly RouteInfo[], method: string, url: string) =>
  routes.find((route) => route.method === method && route.url === url)

describe('what routes cost', () => {
  it('AUT-1 is shown to administrators, the dearest first, every route once', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const student = await server.join(code)
    for (let count = 0; count < 5; count += 1) await student.store([student.event()])
    await student.post([], { token: 'x'.repeat(43) })
    await server.get('/livez', { method: 'HEAD' })
    await server.get('/livez')
    await server.staff('/api/v2/classes/c_none')
    await server.staff(`/api/v2/classes/${id}`)
    const routes = await routesOf(server)
    const names = routes.map(({ method, url }) => `${method} ${url}`)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toHaveLength(server.app.routes.filter(({ method }) => method !== 'HEAD').length)
    const totals = routes.map(({ totalMs }) => totalMs)
    expect(totals).toEqual(totals.toSorted((a, b) => b - a))
    const posts = find(routes, 'POST', '/api/v2/events')
    expect(posts).toMatchObject({
      domain: 'events',
      rate: 'events',
      rights: ['student'],
      needs: 'own.append',
      calls: 6,
      errors: 1,
      limited: 0,
    })
    expect(posts?.totalMs).toBeGreaterThan(0)
    expect(posts?.p99).toBeGreaterThanOrEqual(posts?.p50 ?? Infinity)
    expect(find(routes, 'GET', '/livez')).toMatchObject({ calls: 2, errors: 0 })
    expect(find(routes, 'GET', '/api/v2/classes/:class')).toMatchObject({ calls: 2, errors: 1 })
    const unused = find(routes, 'DELETE', '/api/v2/session')
    expect(unused).toMatchObject({ calls: 0, totalMs: 0 })
    expect(unused).not.toHaveProperty('p50')
  })

  it('LIM-7 one request too many is refused with 429 and Retry-After, and counted as such', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const url = '/api/v2/session'
    const attempt = () => server.get(url, { body: 'x', headers: { 'content-type': 'text/plain' } })
    const { requests, seconds } = RATES['sign-in']
    for (let count = 0; count < requests; count += 1) expect((await attempt()).status).toBe(415)
    const { status, json, headers } = await attempt()
    expect([status, json.code]).toEqual([429, 'rate_limited'])
    expect(headers.get('content-type')).toContain('application/problem+json')
    const wait = Number(headers.get('retry-after'))
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(seconds)
    expect((await server.get('/livez')).status).toBe(200)
    expect(find(await routesOf(server), 'POST', url)).toMatchObject({
      calls: requests + 1,
      errors: requests,
      limited: 1,
    })
  })
})
