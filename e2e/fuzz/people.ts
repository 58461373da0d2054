import { randomUUID } from 'node:crypto'
import type { ClassInfo, JoinAnswer, JoinCode, PersonLink } from '@lectern/protocol'
import { ADMIN_TOKEN, type LecternServer } from '../harness/server.ts'

/** Somebody who asks. `headers`: how the server knows them; `in`: what they are, by class. */
export interface Asker {
  readonly name: string
  readonly kind: 'nobody' | 'student' | 'member' | 'instructor' | 'admin'
  readonly headers: Readonly<Record<string, string>>
  readonly in: Readonly<Record<string, string>>
}

/** Everybody, and ids of things that may be changed and removed. */
export interface Bed {
  readonly askers: readonly Asker[]
  readonly ids: Readonly<Record<string, readonly string[]>>
}

/** Enough to erase one now and then. */
const THROW_AWAY = 30

interface Ask {
  readonly body?: object
  /** How one is known; without them as the administrator's script. */
  readonly headers?: Readonly<Record<string, string>>
}

const SCRIPT = { authorization: `Bearer ${ADMIN_TOKEN}` }

/** Asks for a route such as `POST /classes`. Throws unless it answers well. */
async function send({ url }: LecternServer, route: string, { body, headers = SCRIPT }: Ask = {}): Promise<Response> {
  const [method = '', path = ''] = route.split(' ')
  const type = body ? { 'content-type': 'application/json' } : {}
  const init = { method, headers: { ...headers, ...type }, ...(body ? { body: JSON.stringify(body) } : {}) }
  const answer = await fetch(`${url}/api/v2${path}`, init)
  if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`)
  return answer
}

/** Makes two classes with students, and somebody of each role in the first. */
export async function makeBed(server: LecternServer): Promise<Bed> {
  const ask = async <T>(route: string, options?: Ask): Promise<T> => (await send(server, route, options)).json() as T
  const session = async (role: 'admin' | 'instructor' | 'member', name: string) => {
    const invited = { name, email: `${name}@x.example`, role }
    const { person, path } = await ask<PersonLink>('POST /people', { body: invited })
    const link = /link=([\w-]+)/.exec(path)?.[1]
    const signedIn = await send(server, 'POST /session', { body: { link }, headers: {} })
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
    return { id: person.id, headers: { cookie, origin: server.url } }
  }
  const makeClass = async (name: string) => {
    const { id } = await ask<ClassInfo>('POST /classes', { body: { name, level: 4 } })
    const { code } = await ask<JoinCode>(`POST /classes/${id}/codes`, { body: {} })
    const join = (who: string) =>
      ask<JoinAnswer>('POST /join', { body: { code, install: randomUUID(), name: who }, headers: {} })
    const students: JoinAnswer[] = []
    for (let count = 0; count < THROW_AWAY; count += 1) students.push(await join(`Student ${count}`))
    return { id, students, join }
  }
  const [own, foreign] = [await makeClass('Own'), await makeClass('Foreign')]
  const student = await own.join('Asking')
  const staff = async (role: 'assistant' | 'observer' | 'researcher' | 'instructor') => {
    const made = await session(role === 'instructor' ? 'instructor' : 'member', role)
    await send(server, `PUT /classes/${own.id}/staff/${made.id}`, { body: { role } })
    const kind = role === 'instructor' ? ('instructor' as const) : ('member' as const)
    return { name: role, kind, headers: made.headers, in: { [own.id]: role } }
  }
  const admin = await session('admin', 'admin')
  const spare = await session('member', 'spare')
  return {
    askers: [
      { name: 'nobody', kind: 'nobody', headers: {}, in: {} },
      {
        name: 'student',
        kind: 'student',
        headers: { authorization: `Bearer ${student.token}` },
        in: { [own.id]: 'student' },
      },
      await staff('observer'),
      await staff('researcher'),
      await staff('assistant'),
      await staff('instructor'),
      { name: 'admin', kind: 'admin', headers: admin.headers, in: { [own.id]: 'admin', [foreign.id]: 'admin' } },
    ],
    ids: {
      class: [own.id, foreign.id],
      student: [...own.students, ...foreign.students].map((one) => one.student),
      user: [spare.id],
    },
  }
}
