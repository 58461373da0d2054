import { RIGHTS, roleMay, SOCKET_NEEDS, type ClassRole, type Right, type StaffRole } from '@lectern/protocol'
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
  expected: (route: Declared) => 'may' | 401 | 403
}

type Declared = Pick<RouteEntry, 'method' | 'url' | 'rights' | 'needs'>

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

async function signIn(name: string, role: StaffRole): Promise<string> {
  const { users, links } = server.app.directory
  const { id } = await users.create({ name, email: `${name}@x.org`, role })
  return cookieOf(await server.get('/api/v2/session', { body: { link: await links.create(id) } }))
}

const isPublic: Role['expected'] = ({ rights }) => (rights.includes('public') ? 'may' : 401)
type Known = 'student' | 'admin' | 'instructor' | 'member'
/** As somebody of this kind who is this in the class of the path; undefined: nothing. */
const asRole =
  (kind: Known, inClass: ClassRole | undefined): Role['expected'] =>
  ({ rights, needs, url }) => {
    if (rights.includes('public')) return 'may'
    if (!rights.some((one) => one === kind || (one === 'staff' && kind !== 'student'))) return 403
    const anywhere = kind === 'member' ? undefined : kind
    const role = url.includes('/classes/:class') ? inClass : anywhere
    return needs === undefined || (role !== undefined && roleMay(role, needs)) ? 'may' : 403
  }

async function makeRoles(): Promise<Role[]> {
  const own = await signIn('own', 'instructor')
  const other = await signIn('other', 'instructor')
  const admin = await signIn('admin', 'admin')
  const make = async (cookie: string): Promise<string> =>
    (await server.get('/api/v2/classes', { cookie, body: { name: 'C' }, headers: { origin: server.url } })).json.id
  classId = await make(own)
  const foreign = await make(other)
  const { code } = (await server.staff(`/api/v2/classes/${classId}/codes`, { method: 'POST' })).json
  const elsewhere = await server.makeClass()
  const student = await server.join(code)
  const stranger = await server.join(elsewhere.code)
  const helpers: Role[] = []
  for (const role of ['assistant', 'observer', 'researcher'] as const) {
    const cookie = await signIn(role, 'member')
    const user = (await server.get('/api/v2/session', { cookie })).json.user.id
    await server.app.directory.classStaff.setRole({ class: classId, user, role }, false)
    // What somebody is in another class must not matter in this one.
    await server.app.directory.classStaff.setRole({ class: foreign, user, role: 'instructor' }, false)
    helpers.push({ name: role, ask: { cookie }, expected: asRole('member', role) })
  }
  return [
    { name: 'nobody', ask: {}, expected: isPublic },
    { name: 'forged token', ask: { token: 'x'.repeat(43) }, expected: isPublic },
    { name: 'student', ask: { token: student.token }, expected: asRole('student', 'student') },
    { name: 'student of another class', ask: { token: stranger.token }, expected: asRole('student', undefined) },
    ...helpers,
    { name: 'instructor', ask: { cookie: own }, expected: asRole('instructor', 'instructor') },
    { name: 'instructor of another class', ask: { cookie: other }, expected: asRole('instructor', undefined) },
    { name: 'administrator', ask: { cookie: admin }, expected: asRole('admin', 'admin') },
    { name: "administrator's token", ask: { token: ADMIN_TOKEN }, expected: asRole('admin', 'admin') },
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
    const asked = (needs: Right) => differences(routes.map((route) => ({ ...route, needs })))
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
    const observer = roles.find(({ name }) => name === 'observer')?.ask
    const answer = await server.get(`/api/v2/classes/${classId}/state`, observer)
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
