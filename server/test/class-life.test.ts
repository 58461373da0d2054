import { DELETION_DAYS } from '@lectern/protocol'
import { expect, it } from 'vitest'
import { startServer, temporaryFolder } from './harness.ts'
import { signIn } from './roles-bed.ts'

const DAY_MS = 24 * 3_600_000
const SLOTS = [{ weekday: 1, begins: '09:00', ends: '10:30' }]
const OWN = {
  activeForMs: 60_000,
  awayAfterMs: 600_000,
  stuckErrors: 5,
  stuckTryingMs: 300_000,
  stuckSilentMs: 240_000,
}

it('CLA-1 copies settings, staff, timetable and rules, and with the roster who students are, but nothing they did', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const leader = await signIn(server, 'leader', 'instructor')
  const helper = await signIn(server, 'helper', 'member')
  const ask = { cookie: leader.cookie, headers: { origin: server.url } }
  const { id } = (await server.get('/api/v2/classes', { ...ask, body: { name: 'Python', level: 3 } })).json
  const path = `/api/v2/classes/${id}`
  await server.get(`${path}/staff/${helper.id}`, { ...ask, method: 'PUT', body: { role: 'assistant' } })
  await server.get(`${path}/timetable`, { ...ask, method: 'PUT', body: { zone: 'Asia/Tokyo', slots: SLOTS } })
  await server.get(`${path}/rules`, { ...ask, method: 'PUT', body: { own: OWN } })
  await server.get(path, { ...ask, method: 'PATCH', body: { retentionDays: 30, ended: true } })
  await server.get(path, { ...ask, method: 'PATCH', body: { ended: false } })
  const { code } = (await server.get(`${path}/codes`, { ...ask, body: {} })).json
  const bob = await server.join(code, { name: 'Bob', email: 'bob@x.org', team: 'Row 1' })
  await bob.store([bob.event()])
  const made = await server.get(`${path}/copy`, { ...ask, body: { name: 'Python again', roster: true } })
  expect(made.status).toBe(201)
  expect(made.json).toMatchObject({
    name: 'Python again',
    level: 3,
    retentionDays: 30,
    role: 'instructor',
    students: 0,
  })
  expect(made.json).not.toHaveProperty('firstEventAt')
  const copy = `/api/v2/classes/${made.json.id}`
  expect((await server.get(`${copy}/staff`, ask)).json.staff.map(({ id: who, role }: any) => [who, role])).toEqual([
    [leader.id, 'instructor'],
    [helper.id, 'assistant'],
  ])
  expect((await server.get(`${copy}/timetable`, ask)).json).toMatchObject({ zone: 'Asia/Tokyo', slots: SLOTS })
  expect((await server.get(`${copy}/rules`, ask)).json.own).toEqual(OWN)
  const { students } = (await server.get(`${copy}/students`, ask)).json
  expect(students).toMatchObject([{ name: 'Bob', email: 'bob@x.org', team: 'Row 1' }])
  expect(students[0].id).not.toBe(bob.student)
  expect(students[0]).not.toHaveProperty('joinedAt')
  for (const what of ['codes', 'lessons', 'reports']) {
    expect(Object.values((await server.get(`${copy}/${what}`, ask)).json)[0], what).toEqual([])
  }
  expect((await server.get(`${copy}/events`, ask)).json.events).toEqual([])
  const bare = (await server.get(`${path}/copy`, { ...ask, body: { name: 'Bare' } })).json
  expect((await server.get(`/api/v2/classes/${bare.id}/students`, ask)).json.students).toEqual([])
  // Who makes no classes copies none either, whatever the role in this one.
  await server.get(`${path}/staff/${helper.id}`, { ...ask, method: 'PUT', body: { role: 'instructor' } })
  const refused = await server.get(`${path}/copy`, { ...ask, cookie: helper.cookie, body: { name: 'Mine' } })
  expect(refused.json.code).toBe('forbidden')
})

it('CLA-1 copies the picture of the room', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { default: sharp } = await import('sharp')
  const png = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#abcdef' } })
    .png()
    .toBuffer()
  const { id } = await server.makeClass()
  const headers = { 'content-type': 'image/png' }
  expect((await server.staff(`/api/v2/classes/${id}/plan`, { method: 'PUT', body: png, headers })).status).toBe(200)
  const copy = (await server.staff(`/api/v2/classes/${id}/copy`, { body: { name: 'Copy' } })).json
  expect((await server.staff(`/api/v2/classes/${copy.id}/plan`)).status).toBe(200)
}, 20_000)

it('CLA-2 puts a class away: nothing changes it until it is brought back, and it can be read', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id, code } = await server.makeClass()
  const path = `/api/v2/classes/${id}`
  const bob = await server.join(code)
  await bob.store([bob.event()])
  const patch = (body: object) => server.staff(path, { method: 'PATCH', body })
  const put = await patch({ archived: true })
  expect(put.json).toMatchObject({ archivedAt: expect.any(Number), endedAt: expect.any(Number) })
  const changes: [string, string, object][] = [
    ['POST', '/codes', {}],
    ['POST', '/students', { students: [{ name: 'Zoe' }] }],
    ['PATCH', `/students/${bob.student}`, { name: 'Rob' }],
    ['POST', '/lessons', {}],
    ['PUT', '/timetable', { zone: 'UTC', slots: [] }],
    ['PUT', '/rules', {}],
    ['PUT', '/staff/nobody', { role: 'observer' }],
  ]
  for (const [method, more, body] of changes) {
    expect((await server.staff(`${path}${more}`, { method, body })).json.code, more).toBe('class_archived')
  }
  for (const body of [{ name: 'New' }, { ended: false }, { archived: false, name: 'New' }, { archived: true }]) {
    expect((await patch(body)).json.code, JSON.stringify(body)).toBe('class_archived')
  }
  expect((await bob.post([bob.event()])).json.code).toBe('class_ended')
  for (const more of ['', '/students', '/state', '/events', '/lessons', '/rules', '/reports']) {
    expect((await server.staff(`${path}${more}`)).status, more).toBe(200)
  }
  expect((await server.staff(`${path}/reports`, { body: {} })).status).toBe(202)
  const back = await patch({ archived: false })
  expect(back.json).not.toHaveProperty('archivedAt')
  expect((await patch({ name: 'New', ended: false })).json).toMatchObject({ name: 'New' })
  await bob.store([bob.event()])
  await patch({ archived: true })
  expect((await server.staff(`${path}/students/${bob.student}`, { method: 'DELETE' })).status).toBe(200)
})

it('CLA-3 deletes a class after some days in which it can be brought back', async () => {
  using folder = temporaryFolder()
  let now = Date.now()
  await using server = await startServer(folder.path, {}, { clock: () => now })
  const { id, code } = await server.makeClass({ name: 'Gone soon' })
  const kept = await server.makeClass({ name: 'Kept' })
  const path = `/api/v2/classes/${id}`
  const bob = await server.join(code, { name: 'Bob' })
  await bob.store([bob.event()])
  await server.staff(`${path}/timetable`, { method: 'PUT', body: { zone: 'UTC', slots: SLOTS } })
  const deleted = await server.staff(path, { method: 'DELETE' })
  expect(deleted.json).toMatchObject({ deletesAt: now + DELETION_DAYS * DAY_MS, archivedAt: now, endedAt: now })
  const retention = '/api/v2/system/retention'
  const run = async (dryRun = false) => (await server.staff(retention, { body: { dryRun } })).json.classes
  now += (DELETION_DAYS - 1) * DAY_MS
  expect(await run()).toEqual([])
  const back = await server.staff(path, { method: 'PATCH', body: { archived: false } })
  expect(back.json).not.toHaveProperty('deletesAt')
  await server.staff(path, { method: 'DELETE' })
  now += DELETION_DAYS * DAY_MS + 1
  expect(await run(true)).toMatchObject([{ class: id, name: 'Gone soon', students: 1, events: 1 }])
  // Its name is not kept either, in no report.
  expect(await run()).toMatchObject([{ class: id, name: id, students: 1, events: 1, removed: true }])
  expect((await server.staff(retention)).text).not.toContain('Gone soon')
  expect((await server.staff(path)).json.code).toBe('not_found')
  const { classes } = (await server.staff('/api/v2/classes')).json
  expect(classes.map((one: any) => one.id)).toEqual([kept.id])
  expect((await server.get('/api/v2/me', { token: bob.token })).status).toBe(401)
  // Another run has nothing left to do.
  expect(await run()).toEqual([])
})

it('JOI-13 changes who a student is said to be, one by one and by address', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id, code } = await server.makeClass()
  const path = `/api/v2/classes/${id}/students`
  const bob = await server.join(code, { name: 'Bob', email: 'bob@x.org', team: 'Row 1' })
  const eve = await server.join(code, { name: 'Eve', email: 'eve@x.org' })
  const edit = async (student: string, body: object) =>
    (await server.staff(`${path}/${student}`, { method: 'PATCH', body })).json
  expect(await edit(bob.student, { name: 'Robert', team: '' })).toEqual({
    id: bob.student,
    name: 'Robert',
    email: 'bob@x.org',
  })
  expect((await edit(eve.student, { email: 'BOB@x.org' })).code).toBe('conflict')
  expect(await edit(eve.student, { email: '' })).not.toHaveProperty('email')
  expect((await edit('s_none', { name: 'X' })).code).toBe('not_found')
  const rows = [{ name: 'Bobby', email: 'bob@x.org', team: 'Row 2' }, { name: 'Zoe' }]
  const kept = (await server.staff(path, { body: { students: rows } })).json.students
  expect(kept).toMatchObject([{ id: bob.student, name: 'Robert', known: true }, { known: false }])
  const changed = (await server.staff(path, { body: { students: rows.slice(0, 1), update: true } })).json.students
  expect(changed).toEqual([
    { id: bob.student, name: 'Bobby', email: 'bob@x.org', team: 'Row 2', known: true, changed: true },
  ])
  const again = (await server.staff(path, { body: { students: rows.slice(0, 1), update: true } })).json.students
  expect(again[0]).not.toHaveProperty('changed')
  // The token of the student still opens what it opened.
  await bob.store([bob.event()])
})
