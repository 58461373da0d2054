import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RouteEntry } from '../src/http/declare.ts'
import { cookieOf, startServer, temporaryFolder, ADMIN_TOKEN, type Ask, type TestServer } from './harness.ts'

/** Behind a proxy even a request from this machine comes from elsewhere. */
const ELSEWHERE = { 'x-forwarded-for': '192.0.2.1' }
/** Stops a request after its rights were checked and before it does anything. */
const HARMLESS = { body: 'x', headers: { ...ELSEWHERE, 'content-type': 'text/plain' } }

interface Role {
  name: string
  ask: Ask
  /** What the declaration says of this role: 401, 403, or that it may. */
  expected: (route: Pick<RouteEntry, 'rights' | 'url'>) => 'may' | 401 | 403
}

type Declared = Pick<RouteEntry, 'method' | 'url' | 'rights'>

const filled = (url: string, id: string) =>
  url
    .replace(':class', id)
    .replace(':wheel', 'x.whl')
    .replace(':id', '999999')
    .replace('*', 'x')
    .replaceAll(/:\w+/g, 'x')

const folder = temporaryFolder()
let server: TestServer
let roles: Role[]
let classId: string

async function signIn(name: string, role: 'instructor' | 'admin'): Promise<string> {
  const { users, links } = server.app.directory
  const { id } = await users.create({ name, email: `${name}@x.org`, role })
  return cookieOf(await server.get('/api/v2/session', { body: { link: await links.create(id) } }))
}

const isPublic: Role['expected'] = ({ rights }) => (rights.includes('public') ? 'may' : 401)
const asStudent: Role['expected'] = ({ rights }) =>
  rights.includes('public') || rights.includes('student') ? 'may' : 403
const asStaff: Role['expected'] = ({ rights }) => (rights.includes('public') || rights.includes('staff') ? 'may' : 403)
const asAdmin: Role['expected'] = (route) => (route.rights.includes('admin') ? 'may' : asStaff(route))

async function makeRoles(): Promise<Role[]> {
  const own = await signIn('own', 'instructor')
  const other = await signIn('other', 'instructor')
  const admin = await signIn('admin', 'admin')
  const made = (
    await server.get('/api/v2/classes', { cookie: own, body: { name: 'Own' }, headers: { origin: server.url } })
  ).json
  classId = made.id
  const { code } = (await server.staff(`/api/v2/classes/${classId}/codes`, { method: 'POST' })).json
  const elsewhere = await server.makeClass()
  const student = await server.join(code)
  const stranger = await server.join(elsewhere.code)
  return [
    { name: 'nobody', ask: {}, expected: isPublic },
    { name: 'forged token', ask: { token: 'x'.repeat(43) }, expected: isPublic },
    { name: 'student', ask: { token: student.token }, expected: asStudent },
    { name: 'student of another class', ask: { token: stranger.token }, expected: asStudent },
    { name: 'instructor', ask: { cookie: own }, expected: asStaff },
    {
      name: 'instructor of another class',
      ask: { cookie: other },
      expected: (route) => (route.url.includes(':class') ? 403 : asStaff(route)),
    },
    { name: 'administrator', ask: { cookie: admin }, expected: asAdmin },
    { name: "administrator's token", ask: { token: ADMIN_TOKEN }, expected: asAdmin },
    {
      name: 'loopback',
      ask: {},
      expected: (route) => (route.rights.includes('loopback') ? 'may' : isPublic(route)),
    },
  ]
}

/** Asks as this role; says what came. */
async function outcome({ method, url }: Declared, { name, ask }: Role): Promise<'may' | 401 | 403> {
  const isRead = method === 'GET' || method === 'HEAD'
  const { body, headers } = isRead ? { body: undefined, headers: ELSEWHERE } : HARMLESS
  const { 'x-forwarded-for': _proxy, ...direct } = headers
  const { status, json } = await server.get(filled(url, classId), {
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
async function differences(routes: readonly Declared[]): Promise<string[]> {
  const found: string[] = []
  for (const route of routes) {
    for (const role of roles) {
      const [expected, came] = [role.expected(route), await outcome(route, role)]
      if (came !== expected) found.push(`${route.method} ${route.url} as ${role.name}: ${came}, not ${expected}`)
    }
  }
  return found
}

beforeAll(async () => {
  server = await startServer(folder.path)
  roles = await makeRoles()
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

describe('every route for every role', () => {
  it('AUT-1 lets in whom it declares, and nobody else', async () => {
    expect(server.app.routes.length * roles.length).toBeGreaterThan(500)
    expect(await differences(server.app.routes)).toEqual([])
  })

  it('AUT-1 is found out when it lets in others than declared', async () => {
    const routes: Declared[] = server.app.routes.filter(({ url, method }) => url.endsWith('/flags') && method === 'GET')
    const asked = (rights: RouteEntry['rights']) => differences(routes.map((route) => ({ ...route, rights })))
    expect(await asked(['staff'])).toEqual([
      'GET /api/v2/system/flags as instructor: 403, not may',
      'GET /api/v2/system/flags as instructor of another class: 403, not may',
    ])
    expect(await asked(['public'])).toHaveLength(7)
    expect(await asked(['admin'])).toEqual([])
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
