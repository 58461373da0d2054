import { roleMay, type ClassRole, type StaffRole } from '@lectern/protocol'
import type { RouteEntry } from '../src/http/declare.ts'
import { ADMIN_TOKEN, cookieOf, type Ask, type TestServer } from './harness.ts'

/** What a route declares of who may call it. */
export type Declared = Pick<RouteEntry, 'method' | 'url' | 'rights' | 'needs'>
/** Two classes: that of most roles, and another. */
export const CLASSES = ['own', 'foreign'] as const
export type ClassName = (typeof CLASSES)[number]
export type Outcome = 'may' | 401 | 403

/** Somebody who asks. */
export interface Role {
  name: string
  ask: Ask
  /** A kind of account; undefined: nobody is known. */
  kind: 'student' | StaffRole | undefined
  /** What they are in each class. */
  in: Partial<Record<ClassName, ClassRole>>
}

/** Somebody of each role, two classes, and what these hold. */
export interface RolesBed {
  roles: Role[]
  classes: Record<ClassName, { id: string; student: string; code: string; user: string }>
}

/** Signs in somebody new. */
export async function signIn(
  server: TestServer,
  name: string,
  role: StaffRole,
): Promise<{ id: string; cookie: string }> {
  const { users, links } = server.app.directory
  const { id } = await users.create({ name, email: `${name}@x.org`, role })
  return { id, cookie: cookieOf(await server.get('/api/v2/session', { body: { link: await links.create(id) } })) }
}

/** What the declaration says of this role where the path names this class. */
export function expected(
  { kind, in: inClass, name }: Role,
  { rights, needs, url }: Declared,
  place: ClassName,
): Outcome {
  if (rights.includes('public')) return 'may'
  if (name === 'loopback' && rights.includes('loopback')) return 'may'
  if (kind === undefined) return 401
  if (!rights.some((one) => one === kind || (one === 'staff' && kind !== 'student'))) return 403
  const anywhere = kind === 'member' ? undefined : kind
  const role = url.includes('/classes/:class') ? inClass[place] : anywhere
  return needs === undefined || (role !== undefined && roleMay(role, needs)) ? 'may' : 403
}

async function makeClass(server: TestServer, cookie: string, user: string) {
  const headers = { origin: server.url }
  const { id } = (await server.get('/api/v2/classes', { cookie, body: { name: 'C' }, headers })).json as { id: string }
  const { code } = (await server.staff(`/api/v2/classes/${id}/codes`, { method: 'POST' })).json as { code: string }
  const { student, token } = await server.join(code)
  return { id, code, student, token, user }
}

/** Makes the classes and the people. */
export async function makeRoles(server: TestServer): Promise<RolesBed> {
  const [leader, other] = [await signIn(server, 'own', 'instructor'), await signIn(server, 'other', 'instructor')]
  const admin = await signIn(server, 'admin', 'admin')
  const own = await makeClass(server, leader.cookie, leader.id)
  const foreign = await makeClass(server, other.cookie, other.id)
  const third = await server.makeClass()
  const helpers: Role[] = []
  for (const role of ['assistant', 'observer', 'researcher'] as const) {
    const { id: user, cookie } = await signIn(server, role, 'member')
    await server.app.directory.classStaff.setRole({ class: own.id, user, role }, false)
    // What somebody is in one class must not matter in another.
    await server.app.directory.classStaff.setRole({ class: third.id, user, role: 'instructor' }, false)
    helpers.push({ name: role, ask: { cookie }, kind: 'member', in: { own: role } })
  }
  const everywhere = { own: 'admin', foreign: 'admin' } as const
  return {
    classes: { own, foreign },
    roles: [
      { name: 'nobody', ask: {}, kind: undefined, in: {} },
      { name: 'forged token', ask: { token: 'x'.repeat(43) }, kind: undefined, in: {} },
      { name: 'student', ask: { token: own.token }, kind: 'student', in: { own: 'student' } },
      { name: 'student of another class', ask: { token: foreign.token }, kind: 'student', in: { foreign: 'student' } },
      ...helpers,
      { name: 'instructor', ask: { cookie: leader.cookie }, kind: 'instructor', in: { own: 'instructor' } },
      {
        name: 'instructor of another class',
        ask: { cookie: other.cookie },
        kind: 'instructor',
        in: { foreign: 'instructor' },
      },
      { name: 'administrator', ask: { cookie: admin.cookie }, kind: 'admin', in: everywhere },
      { name: "administrator's token", ask: { token: ADMIN_TOKEN }, kind: 'admin', in: everywhere },
      { name: 'loopback', ask: {}, kind: undefined, in: {} },
    ],
  }
}
