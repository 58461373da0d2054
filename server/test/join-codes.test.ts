import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { cookieOf, startServer, temporaryFolder, type TestServer } from './harness.ts'

const MINUTE_MS = 60_000

const attempt = (server: TestServer, code: string, over: object = {}) =>
  server.get('/api/v2/join', { body: { code, install: randomUUID(), name: 'Student', ...over } })
const makeCode = async (server: TestServer, id: string, body: object) =>
  (await server.staff(`/api/v2/classes/${id}/codes`, { body })).json
const codesOf = async (server: TestServer, id: string) => (await server.staff(`/api/v2/classes/${id}/codes`)).json.codes

/** What an answer says, without what is different each time. */
const told = ({ status, json }: { status: number; json: any }) => ({ status, ...json, instance: '' })

describe('join codes', () => {
  it('JOI-10 end at their time, and are then like codes that never were', async () => {
    using folder = temporaryFolder()
    let ahead = 0
    await using server = await startServer(folder.path, {}, { clock: () => Date.now() + ahead })
    const { id } = await server.makeClass()
    const made = await makeCode(server, id, { expiresInMs: 10 * MINUTE_MS })
    expect(made.expiresAt - made.createdAt).toBe(10 * MINUTE_MS)
    const install = randomUUID()
    expect((await attempt(server, made.code, { install })).status).toBe(200)
    ahead = 10 * MINUTE_MS
    const over = await attempt(server, made.code, { install })
    expect(told(over)).toEqual(told(await attempt(server, 'BBBB-CCCC')))
    expect([over.status, over.json.code]).toEqual([404, 'code_invalid'])
    expect(await codesOf(server, id)).toContainEqual({ ...made, uses: 1 })
  })

  it('JOI-10 let in so many students, however many come at once; who is in comes back', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id } = await server.makeClass()
    const { code } = await makeCode(server, id, { maxUses: 3 })
    const installs = Array.from({ length: 10 }, () => randomUUID())
    const answers = await Promise.all(
      installs.map((install) => attempt(server, code, { install, email: `${install}@x.org` })),
    )
    const inside = answers.flatMap(({ status, json }, index) =>
      status === 200 ? [{ index, student: json.student }] : [],
    )
    expect(inside).toHaveLength(3)
    const refused = answers.find(({ status }) => status !== 200)!
    expect(told(refused)).toEqual(told(await attempt(server, 'BBBB-CCCC')))
    expect((await codesOf(server, id)).find((one: { code: string }) => one.code === code)).toMatchObject({
      uses: 3,
      maxUses: 3,
    })

    const { index, student } = inside[0]!
    expect((await attempt(server, code, { install: installs[index] })).json.student).toBe(student)
    expect((await attempt(server, code, { email: `${installs[index]}@x.org` })).json.student).toBe(student)
    await server.staff(`/api/v2/classes/${id}/codes/${code}`, { method: 'DELETE' })
    expect(told(await attempt(server, code, { install: installs[index] }))).toEqual(told(refused))
  })

  it('JOI-10 count as wrong guesses when they open nothing', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id } = await server.makeClass()
    const { code } = await makeCode(server, id, { maxUses: 1 })
    await attempt(server, code)
    const answers: number[] = []
    for (let tries = 0; tries < 40; tries += 1) answers.push((await attempt(server, code)).status)
    expect(answers.at(0)).toBe(404)
    expect(answers.at(-1)).toBe(429)
  })

  it('JOI-11 that belong to a student make whoever joins by them that student', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code: open } = await server.makeClass()
    const path = `/api/v2/classes/${id}/students`
    const students = [{ name: 'Aiko Mori', email: 'Aiko@School.example', team: 'Row 1' }, { name: 'Ken Sato' }]
    const { students: enlisted } = (await server.staff(path, { body: { students, codes: true } })).json
    const [aiko, ken] = enlisted
    expect(aiko).toMatchObject({ name: 'Aiko Mori', email: 'aiko@school.example', team: 'Row 1', known: false })

    const first = await attempt(server, aiko.code, { name: 'Somebody Else', email: 'else@x.org' })
    const second = await attempt(server, aiko.code.toLowerCase().replace('-', ' '), { name: 'Aiko' })
    expect([first.json.student, second.json.student]).toEqual([aiko.id, aiko.id])
    const roster = (await server.staff(path)).json.students
    expect(roster).toHaveLength(2)
    expect(roster.find((one: { id: string }) => one.id === aiko.id)).toMatchObject({
      name: 'Aiko Mori',
      email: 'aiko@school.example',
    })
    expect((await codesOf(server, id)).find((one: { code: string }) => one.code === aiko.code)).toMatchObject({
      student: aiko.id,
      uses: 2,
    })

    // Whoever has a student's own code can be that student: who only helps does not see it.
    const { id: user } = await server.app.directory.users.create({ name: 'B', email: 'b@x.org', role: 'member' })
    await server.app.directory.classStaff.setRole({ class: id, user, role: 'assistant' }, false)
    const link = await server.app.directory.links.create(user)
    const cookie = cookieOf(await server.get('/api/v2/session', { body: { link } }))
    const seen = (await server.get(`/api/v2/classes/${id}/codes`, { cookie })).json.codes
    expect(seen.map((one: { code: string }) => one.code)).toEqual([open])

    // An install stays with its student.
    const install = randomUUID()
    expect((await attempt(server, open, { install })).status).toBe(200)
    expect((await attempt(server, ken.code, { install })).json.code).toBe('conflict')
    const elsewhere = await server.makeClass()
    const foreign = await server.staff(`/api/v2/classes/${elsewhere.id}/codes`, { body: { student: aiko.id } })
    expect([foreign.status, foreign.json.code]).toEqual([404, 'not_found'])
    expect(
      (await server.staff(`/api/v2/classes/${elsewhere.id}/codes/${aiko.code}`, { method: 'DELETE' })).status,
    ).toBe(404)
    // What the two machines send is one student's.
    const event = { type: 'presence', at: new Date().toISOString(), data: { focus: true }, seq: 1 }
    for (const { json } of [first, second]) {
      const install = randomUUID()
      const body = { events: [{ ...event, id: randomUUID(), install }] }
      expect((await server.get('/api/v2/events', { token: json.token, body })).json.results[0].status).toBe('stored')
    }
    expect(Object.keys((await server.state(id)).students)).toEqual([aiko.id])
  })

  it('JOI-12 students can be on the roster before they join, each once', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const path = `/api/v2/classes/${id}/students`
    const add = (students: object[]) => server.staff(path, { body: { students } })
    const added = await add([{ name: 'Aiko', email: 'a@x.org' }, { name: 'Ken' }])
    expect([added.status, added.json.students.map(({ known }: { known: boolean }) => known)]).toEqual([
      201,
      [false, false],
    ])
    const again = await add([
      { name: 'Other', email: 'A@x.org' },
      { name: 'Mio', email: 'm@x.org' },
      { name: 'Mio', email: 'm@x.org' },
    ])
    expect(again.json.students.map(({ name, known }: any) => [name, known])).toEqual([
      ['Aiko', true],
      ['Mio', false],
      ['Mio', true],
    ])
    const roster = async () =>
      (await server.staff(path)).json.students.toSorted((a: any, b: any) => a.name.localeCompare(b.name))
    expect((await roster()).map(({ name, joinedAt }: any) => [name, joinedAt])).toEqual([
      ['Aiko', undefined],
      ['Ken', undefined],
      ['Mio', undefined],
    ])
    expect((await server.staff(`/api/v2/classes/${id}`)).json.students).toBe(0)
    const joined = await server.join(code, { email: 'a@x.org', name: 'Aiko M.' })
    expect(joined.student).toBe(added.json.students[0].id)
    expect((await roster()).find(({ name }: any) => name === 'Aiko M.').joinedAt).toBeGreaterThan(0)
    expect((await server.staff(`/api/v2/classes/${id}`)).json.students).toBe(1)
    for (const students of [
      [],
      [{ name: ' ' }],
      [{ name: 'x', email: 'x' }],
      Array.from({ length: 501 }, () => ({ name: 'x' })),
    ]) {
      expect((await add(students)).json.code).toBe('bad_request')
    }
    const { entries } = (await server.staff(`/api/v2/system/audit?class=${id}&action=roster_changed`)).json
    expect(entries.map(({ details }: any) => details)).toEqual([{ added: 1 }, { added: 2 }])
  })
})
