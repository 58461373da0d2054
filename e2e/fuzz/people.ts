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

/** Asks as the administrator's script, or as `headers` say. */
function clientOf({ url }: LecternServer) {
  return async function ask<T>(method: string, path: string, body?: object, headers?: Record<string, string>) {
    const answer = await fetch(`${url}/api/v2${path}`, {
      method,
      headers: {
        ...(headers ?? { authorization: `Bearer ${ADMIN_TOKEN}` }),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return { value: (text === '' ? undefined : JSON.parse(text)) as T, headers: answer.headers }
  }
}

/** Makes two classes with students, and somebody of each role in the first. */
export async function makeBed(server: LecternServer): Promise<Bed> {
  const ask = clientOf(server)
  const session = async (role: 'admin' | 'instructor' | 'member', name: string) => {
    const { person, path } = (await ask<PersonLink>('POST', '/people', { name, email: `${name}@x.example`, role }))
      .value
    const secret = /link=([\w-]+)/.exec(path)?.[1]
    const signedIn = await ask('POST', '/session', { link: secret ?? '' }, {})
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
    return { id: person.id, headers: { cookie, origin: server.url } }
  }
  const makeClass = async (name: string) => {
    const { id } = (await ask<ClassInfo>('POST', '/classes', { name, level: 4 })).value
    const { code } = (await ask<JoinCode>('POST', `/classes/${id}/codes`, {})).value
    const join = async (who: string) =>
      (await ask<JoinAnswer>('POST', '/join', { code, install: randomUUID(), name: who }, {})).value
    const students: JoinAnswer[] = []
    for (let count = 0; count < THROW_AWAY; count += 1) students.push(await join(`Student ${count}`))
    return { id, students, join }
  }
  const [own, foreign] = [await makeClass('Own'), await makeClass('Foreign')]
  const student = await own.join('Asking')
  const staff = async (role: 'assistant' | 'observer' | 'researcher' | 'instructor') => {
    const made = await session(role === 'instructor' ? 'instructor' : 'member', role)
    await ask('PUT', `/classes/${own.id}/staff/${made.id}`, { role })
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
