import { PersonLink, type People } from '@lectern/protocol'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { cookieOf, eventually, startServer, temporaryFolder, type TestServer } from './harness.ts'

const PASSWORD = 'correct horse battery'
const SESSION = '/api/v2/session'
const PEOPLE = '/api/v2/people'
const DAY_MS = 24 * 3600_000

const linkOf = ({ path }: PersonLink) => path.slice(path.indexOf('=') + 1)
const enter = (server: TestServer, link: string) => server.get(SESSION, { body: { link } })

/** Invites somebody who then sets a password; gives their id and cookie. */
async function member(server: TestServer, name: string, role: string) {
  const email = `${name.toLowerCase()}@x.org`
  const invited = (await server.staff(PEOPLE, { body: { name, email, role } })).json as PersonLink
  const cookie = cookieOf(await enter(server, linkOf(invited)))
  const set = await server.get(`${SESSION}/password`, { method: 'PUT', cookie, body: { password: PASSWORD } })
  return { id: invited.person.id, email, cookie: cookieOf(set) }
}

describe('the staff', () => {
  it('AUT-11 is invited by administrators, with a link that works once within seven days', async () => {
    using folder = temporaryFolder()
    const time = { now: Date.now() }
    await using server = await startServer(folder.path, {}, { clock: () => time.now })
    const invite = (email: string) =>
      server.staff(PEOPLE, { body: { name: ' Grace Hopper ', email, role: 'instructor' } })
    const answer = await invite('Grace@X.org')
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store'])
    const invited = answer.json as PersonLink
    expect(Value.Check(PersonLink, invited)).toBe(true)
    expect(invited.person).toMatchObject({ name: 'Grace Hopper', email: 'grace@x.org', waiting: true })
    expect(invited.path).toMatch(/^\/#\/welcome\?link=[\w-]{43}$/)
    expect(invited.expires).toBe(time.now + 7 * DAY_MS)
    expect((await invite('grace@x.org')).json.code).toBe('conflict')
    const { people } = (await server.staff(PEOPLE)).json as People
    expect(JSON.stringify(people)).not.toContain(linkOf(invited))

    time.now += 7 * DAY_MS - 1
    expect((await enter(server, linkOf(invited))).json.user).toMatchObject({ name: 'Grace Hopper' })
    expect((await enter(server, linkOf(invited))).json.code).toBe('link_invalid')
    const late = (await invite('late@x.org')).json as PersonLink
    time.now += 7 * DAY_MS + 1
    expect((await enter(server, linkOf(late))).json.code).toBe('link_invalid')
  })

  it('AUT-11 is changed by administrators; another role or the end of an account ends its sessions and sockets', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const ada = await member(server, 'Ada', 'admin')
    const grace = await member(server, 'Grace', 'instructor')
    const change = (body: object) => server.get(`${PEOPLE}/${grace.id}`, { method: 'PATCH', cookie: ada.cookie, body })
    expect((await change({ name: 'Rear Admiral Grace' })).json.name).toBe('Rear Admiral Grace')
    expect((await server.get(SESSION, { cookie: grace.cookie })).status).toBe(200)
    expect((await change({ email: ada.email })).json.code).toBe('conflict')

    const { ticket } = (await server.get('/api/v2/live/ticket', { method: 'POST', cookie: grace.cookie })).json
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v2/live`, 'lectern.v2')
    let closed = 0
    socket.addEventListener('close', ({ code }) => (closed = code))
    await new Promise((settle) => socket.addEventListener('open', settle))
    socket.send(JSON.stringify({ kind: 'hello', ticket }))
    await new Promise((settle) => socket.addEventListener('message', settle, { once: true }))
    expect((await change({ role: 'member' })).json.role).toBe('member')
    expect(await eventually(() => closed || undefined, 1000)).toBe(4401)
    expect((await server.get(SESSION, { cookie: grace.cookie })).json.code).toBe('session_expired')

    const back = await server.get(SESSION, { body: { email: grace.email, password: PASSWORD } })
    const made = await server.get('/api/v2/classes', { cookie: cookieOf(back), body: { name: 'K' } })
    expect([made.status, made.json.code]).toEqual([403, 'forbidden'])
    const end = await server.get(`${PEOPLE}/${grace.id}`, { method: 'DELETE', cookie: ada.cookie })
    expect(end.status).toBe(204)
    expect((await server.get(SESSION, { cookie: cookieOf(back) })).status).toBe(401)
    const refused = await server.get(SESSION, { body: { email: grace.email, password: PASSWORD } })
    expect(refused.json.code).toBe('wrong_credentials')
    const { people } = (await server.staff(PEOPLE)).json as People
    expect(people.find(({ id }) => id === grace.id)?.disabledAt).toBeGreaterThan(0)
    const recovery = `${PEOPLE}/${grace.id}/recovery`
    expect((await server.staff(recovery, { body: {} })).json.code).toBe('conflict')
    expect((await change({ disabled: false })).json.disabledAt).toBeUndefined()
    expect((await server.get(SESSION, { body: { email: grace.email, password: PASSWORD } })).status).toBe(200)
    const audit = (await server.staff(`/api/v2/system/audit?target=${grace.id}`)).json.entries
    const seen = audit.map(({ action, actor }: { action: string; actor: string }) => `${action} ${actor}`)
    expect(seen).toEqual([
      `person_changed ${ada.id}`,
      `person_disabled ${ada.id}`,
      `person_changed ${ada.id}`,
      `person_changed ${ada.id}`,
      'person_invited script',
    ])
    expect(JSON.stringify(audit)).not.toMatch(/Grace|x\.org/)
  })

  it('AUT-11 keeps an administrator who can sign in', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const ada = await member(server, 'Ada', 'admin')
    // Invited, but has no way to sign in yet.
    await server.staff(PEOPLE, { body: { name: 'Eve', email: 'eve@x.org', role: 'admin' } })
    const attempt = (method: string, body?: object) =>
      server.get(`${PEOPLE}/${ada.id}`, { method, cookie: ada.cookie, ...(body ? { body } : {}) })
    for (const refused of [
      await attempt('DELETE'),
      await attempt('PATCH', { role: 'instructor' }),
      await attempt('PATCH', { disabled: true }),
    ]) {
      expect([refused.status, refused.json.code]).toEqual([409, 'last_administrator'])
    }
    await member(server, 'Alan', 'admin')
    expect((await attempt('PATCH', { role: 'instructor' })).status).toBe(200)
    expect((await server.get(PEOPLE, { cookie: ada.cookie })).status).toBe(401)
  })

  it('AUT-12 recovers with a link that leaves sessions alone unless asked', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const grace = await member(server, 'Grace', 'instructor')
    const recover = async (body: object) =>
      (await server.staff(`${PEOPLE}/${grace.id}/recovery`, { body })).json as PersonLink
    const first = await recover({})
    expect((await server.get(SESSION, { cookie: grace.cookie })).status).toBe(200)
    const second = await recover({ endSessions: true })
    expect((await server.get(SESSION, { cookie: grace.cookie })).status).toBe(401)
    expect((await enter(server, linkOf(first))).json.code).toBe('link_invalid')
    const cookie = cookieOf(await enter(server, linkOf(second)))
    // Whoever came by link need not know the password that was forgotten.
    const body = { password: 'another long password' }
    expect((await server.get(`${SESSION}/password`, { method: 'PUT', cookie, body })).status).toBe(200)
    expect((await server.staff(`${PEOPLE}/u_nobody/recovery`, { body: {} })).json.code).toBe('not_found')
  })

  it('AUT-11 takes no member that was not offered to be changed', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const grace = await member(server, 'Grace', 'instructor')
    const assigned = { password_hash: 'x', role: 'admin', id: 'u_x' }
    const body = { password: 'another long password', current: PASSWORD, ...assigned }
    const changed = await server.get(`${SESSION}/password`, { method: 'PUT', cookie: grace.cookie, body })
    expect(changed.json.user).toMatchObject({ id: grace.id, role: 'instructor' })
    await server.staff(`${PEOPLE}/${grace.id}`, {
      method: 'PATCH',
      body: { id: 'u_x', password: null, signed_in_at: 0 },
    })
    expect(
      (await server.get(SESSION, { body: { email: grace.email, password: 'another long password' } })).status,
    ).toBe(200)
  })
})
