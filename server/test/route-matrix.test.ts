import { RIGHTS, SOCKET_NEEDS, type Right } from '@lectern/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RouteEntry } from '../src/http/declare.ts'
import { startServer, temporaryFolder, type Ask, type TestServer } from './harness.ts'
import {
  CLASSES,
  expected,
  makeRoles,
  type ClassName,
  type Declared,
  type Outcome,
  type Role,
  type RolesBed,
} from './roles-bed.ts'

/** Behind a proxy even a request from this machine comes from elsewhere. */
const ELSEWHERE = { 'x-forwarded-for': '192.0.2.1' }
/** Stops a request after its rights were checked and before it does anything. */
const HARMLESS = { body: 'x', headers: { ...ELSEWHERE, 'content-type': 'text/plain' } }

const filled = (url: string, id: string) =>
  url
    .replace(':class', id)
    .replace(':wheel', 'x.whl')
    .replace(':id', '999999')
    .replace('*', 'x')
    .replaceAll(/:\w+/g, 'x')

const folder = temporaryFolder()
let server: TestServer
let bed: RolesBed

/** Asks as this role of this class; says what came. */
async function outcome({ method, url }: Declared, { name, ask }: Role, place: ClassName): Promise<Outcome> {
  const isRead = method === 'GET' || method === 'HEAD'
  const { body, headers } = isRead ? { body: undefined, headers: ELSEWHERE } : HARMLESS
  const { 'x-forwarded-for': _proxy, ...direct } = headers
  const { status, json } = await server.get(filled(url, bed.classes[place].id), {
    ...ask,
    method,
    ...(body === undefined ? {} : { body }),
    headers: name === 'loopback' ? direct : headers,
  })
  if (status === 401 || status === 403) {
    if (json) expect(json.code).toBe(status === 401 ? 'unauthenticated' : 'forbidden')
    return status
  }
  if (!isRead && method !== 'OPTIONS') expect(status, `${method} ${url}`).toBe(415)
  return 'may'
}

/** Where what a role may do is not what is declared. */
async function differences(routes: readonly Declared[], places: readonly ClassName[] = CLASSES): Promise<string[]> {
  const found: string[] = []
  for (const route of routes) {
    for (const role of bed.roles) {
      for (const place of route.url.includes(':class') ? places : places.slice(0, 1)) {
        const [should, came] = [expected(role, route, place), await outcome(route, role, place)]
        if (came !== should) found.push(`${route.method} ${route.url} as ${role.name}: ${came}, not ${should}`)
      }
    }
  }
  return found
}

beforeAll(async () => {
  server = await startServer(folder.path)
  bed = await makeRoles(server)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

describe('every route for every role', () => {
  it('AUT-1 lets in whom it declares, and nobody else', async () => {
    expect(server.app.routes.length * bed.roles.length).toBeGreaterThan(500)
    expect(await differences(server.app.routes)).toEqual([])
    // Some thousand requests.
  }, 90_000)

  it('AUT-1 is found out when it lets in others than declared', async () => {
    const routes: Declared[] = server.app.routes.filter(({ url, method }) => url.endsWith('/flags') && method === 'GET')
    const asked = (rights: RouteEntry['rights']) => differences(routes.map((route) => ({ ...route, rights })))
    expect(await asked(['staff'])).toEqual([
      'GET /api/v2/system/flags as assistant: 403, not may',
      'GET /api/v2/system/flags as observer: 403, not may',
      'GET /api/v2/system/flags as researcher: 403, not may',
      'GET /api/v2/system/flags as instructor: 403, not may',
      'GET /api/v2/system/flags as instructor of another class: 403, not may',
    ])
    expect(await asked(['public'])).toHaveLength(10)
    expect(await asked(['admin'])).toEqual([])
  })

  it('AUT-20 gives each role in a class what the table says, and is found out when it does not', async () => {
    const routes: Declared[] = server.app.routes.filter(({ url, method }) => url.endsWith('/state') && method === 'GET')
    const asked = (needs: Right) =>
      differences(
        routes.map((route) => ({ ...route, needs })),
        ['own'],
      )
    expect(await asked('students.see')).toEqual([])
    expect(await asked('class.see')).toEqual([
      'GET /api/v2/classes/:class/state as observer: 403, not may',
      'GET /api/v2/classes/:class/state as researcher: 403, not may',
    ])
    expect(await asked('class.edit')).toEqual(['GET /api/v2/classes/:class/state as assistant: may, not 403'])
  })

  it('AUT-20 has no right that nothing needs', () => {
    const needed = new Set([...server.app.routes.map(({ needs }) => needs), ...Object.values(SOCKET_NEEDS)])
    expect(Object.keys(RIGHTS).filter((right) => !needed.has(right as Right))).toEqual([])
  })

  it('AUT-20 names the right that is missing', async () => {
    const observer = bed.roles.find(({ name }) => name === 'observer')?.ask
    const answer = await server.get(`/api/v2/classes/${bed.classes.own.id}/state`, observer)
    expect([answer.status, answer.json.code, answer.json.detail]).toEqual([
      403,
      'forbidden',
      'This needs the right: students.see.',
    ])
  })

  it('AUT-1 knows each route by its domain', () => {
    const wrong = server.app.routes.filter(({ url, domain }) => {
      const [, inside] = /^\/api\/v2\/(\w+)/.exec(url) ?? []
      return inside !== undefined && domain !== (inside === 'openapi' ? 'docs' : inside)
    })
    expect(wrong).toEqual([])
    const outside = server.app.routes.filter(({ url }) => !url.startsWith('/api/')).map(({ domain }) => domain)
    expect([...new Set(outside)].toSorted()).toEqual(['dashboard', 'extension', 'probes'])
  })
})

/** What is sent to reach an object of another class by a path of one's own; a body where the route asks for one. */
const OBJECTS: Readonly<Record<string, { body?: object; finds?: string }>> = {
  'DELETE /api/v2/classes/:class/codes/:code': {},
  'DELETE /api/v2/classes/:class/students/:student': {},
  'PATCH /api/v2/classes/:class/students/:student': { body: { name: 'Mallory' } },
  'GET /api/v2/classes/:class/lessons/:lesson': {},
  'PATCH /api/v2/classes/:class/lessons/:lesson': { body: { ended: true } },
  'DELETE /api/v2/classes/:class/lessons/:lesson': {},
  'DELETE /api/v2/classes/:class/students/:student/tokens': {},
  'GET /api/v2/classes/:class/reports/:report': {},
  'DELETE /api/v2/classes/:class/reports/:report': {},
  'GET /api/v2/classes/:class/students/:student/events': {},
  'GET /api/v2/classes/:class/students/:student/notes': {},
  'POST /api/v2/classes/:class/students/:student/notes': { body: { text: 'x' } },
  'DELETE /api/v2/classes/:class/students/:student/notes/:note': {},
  'POST /api/v2/classes/:class/help/:student/resolve': {},
  'POST /api/v2/classes/:class/help/:student/claim': { body: {} },
  'DELETE /api/v2/classes/:class/help/:student/claim': {},
  'DELETE /api/v2/classes/:class/messages/:message': {},
  'PUT /api/v2/classes/:class/staff/:user': { body: { role: 'observer' }, finds: 'people belong to no class' },
  'DELETE /api/v2/classes/:class/staff/:user': {},
}

describe('objects of another class', () => {
  const routes = () =>
    server.app.routes.filter(({ url, method }) => /:class\/.*:/.test(url) && method !== 'HEAD' && method !== 'OPTIONS')

  it('AUT-20 are known to the test for every route that names one', () => {
    expect(Object.keys(OBJECTS).toSorted()).toEqual(
      routes()
        .map(({ method, url }) => `${method} ${url}`)
        .toSorted(),
    )
  })

  it("AUT-20 are not found under a class of one's own", async () => {
    const { own, foreign } = bed.classes
    const by = Object.fromEntries(bed.roles.map(({ name, ask }) => [name, ask])) as Record<string, Ask>
    const report = (await server.staff(`/api/v2/classes/${foreign.id}/reports`, { body: {} })).json.id
    const lesson = (await server.staff(`/api/v2/classes/${foreign.id}/lessons`, { body: {} })).json.id
    const path = (url: string, id: string) =>
      url
        .replace(':lesson', lesson)
        .replace(':class', id)
        .replace(':report', report)
        .replace(':code', foreign.code)
        .replace(':student', foreign.student)
        .replace(':user', foreign.user)
    const reached: string[] = []
    for (const { method, url } of routes()) {
      const { body, finds } = OBJECTS[`${method} ${url}`] ?? {}
      if (finds !== undefined) continue
      for (const role of ['instructor', 'administrator', "administrator's token"]) {
        const headers = { origin: server.url }
        const answer = await server.get(path(url, own.id), { ...by[role], method, headers, ...(body ? { body } : {}) })
        if (answer.status !== 404) reached.push(`${method} ${url} as ${role}: ${answer.status}`)
      }
    }
    expect(reached).toEqual([])
    // They are all still there.
    expect((await server.staff(`/api/v2/classes/${foreign.id}/codes`)).json.codes).toMatchObject([
      { code: foreign.code },
    ])
    expect((await server.staff(`/api/v2/classes/${foreign.id}/staff`)).json.staff).toMatchObject([{ id: foreign.user }])
    expect((await server.staff(path('/api/v2/classes/:class/reports/:report', foreign.id))).status).toBe(200)
    expect(
      (await server.staff(path('/api/v2/classes/:class/lessons/:lesson', foreign.id))).json.lesson,
    ).not.toHaveProperty('to')
    const alive = await server.get(path('/api/v2/classes/:class/summary', foreign.id), by['student of another class'])
    expect(alive.status).toBe(200)
  })
})
