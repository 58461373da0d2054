import { randomUUID } from 'node:crypto'
import { CONSENT_VERSION, LessonDetails, LONGEST_LESSON_MS } from '@lectern/protocol'
import { Value } from 'typebox/value'
import { expect, it } from 'vitest'
import { keepTime } from '../src/lessons/lesson-runner.ts'
import { createLogger } from '../src/monitor/logger.ts'
import { eventually, startServer, temporaryFolder, type TestServer } from './harness.ts'

const HOUR_MS = 3_600_000
/** A Monday, 9:00 in Tokyo. */
const MONDAY = Date.parse('2026-04-13T00:00:00Z')

/** A server whose clock the test moves, and one look of its runner at that clock. */
async function startAt(folder: string, at: number) {
  let now = at
  const server = await startServer(folder, {}, { clock: () => now })
  const { directory, audit } = server.app
  const logger = createLogger('silent', { write: () => undefined })
  return {
    server,
    look: () => keepTime({ directory, audit, logger, clock: () => now }),
    move: (to: number) => void (now = to),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const lessonsOf = async (server: TestServer, path: string): Promise<any[]> =>
  (await server.staff(`${path}/lessons`)).json.lessons

const actionsOf = async (server: TestServer, id: string): Promise<string[]> =>
  (await server.staff(`/api/v2/system/audit?class=${id}`)).json.entries
    .map(({ action }: any) => action)
    .filter((action: string) => /^lesson|^timetable/.test(action))

it('LES-1 AUD-1 begins, names, ends, goes on with and removes a lesson', async () => {
  using folder = temporaryFolder()
  await using bed = await startAt(folder.path, MONDAY)
  const { server, move } = bed
  const { id } = await server.makeClass()
  const path = `/api/v2/classes/${id}`
  const begun = await server.staff(`${path}/lessons`, {
    body: { title: ' Loops ', notebooks: ['a.ipynb', 'a.ipynb', ' '] },
  })
  expect(begun.status).toBe(201)
  expect(begun.json).toMatchObject({ from: MONDAY, until: MONDAY + LONGEST_LESSON_MS, planned: false, title: 'Loops' })
  expect(begun.json.notebooks).toEqual(['a.ipynb'])
  const one = `${path}/lessons/${begun.json.id}`
  expect((await server.staff(`${path}/lessons`, { body: {} })).json.code).toBe('conflict')
  expect((await server.staff(path)).json.lesson.id).toBe(begun.json.id)
  move(MONDAY + HOUR_MS)
  expect((await server.staff(one, { method: 'PATCH', body: { until: MONDAY } })).json.code).toBe('bad_request')
  const ended = await server.staff(one, { method: 'PATCH', body: { ended: true, title: '' } })
  expect(ended.json).toMatchObject({ to: MONDAY + HOUR_MS, notebooks: ['a.ipynb'] })
  expect(ended.json).not.toHaveProperty('title')
  const after = (await server.staff(path)).json
  expect(await server.app.directory.lessons.ended()).toEqual(new Map([[id, MONDAY + HOUR_MS]]))
  expect([after.lesson, after.lastLesson.id]).toEqual([undefined, begun.json.id])
  expect((await server.staff(one, { method: 'PATCH', body: { ended: false } })).json).not.toHaveProperty('to')
  expect((await server.staff(one, { method: 'DELETE' })).status).toBe(204)
  expect((await server.staff(one)).json.code).toBe('not_found')
  expect(await actionsOf(server, id)).toEqual(['lesson_removed', 'lesson_changed', 'lesson_ended', 'lesson_begun'])
})

it('LES-1 lists the newest first, part by part, and lets only one of two begin at once', async () => {
  using folder = temporaryFolder()
  await using bed = await startAt(folder.path, MONDAY)
  const { server, move } = bed
  const { id } = await server.makeClass()
  const path = `/api/v2/classes/${id}`
  const both = await Promise.all([1, 2].map(() => server.staff(`${path}/lessons`, { body: {} })))
  expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]))
  for (const day of [1, 2]) {
    const [{ id: open }] = await lessonsOf(server, path)
    await server.staff(`${path}/lessons/${open}`, { method: 'PATCH', body: { ended: true } })
    move(MONDAY + day * 24 * HOUR_MS)
    await server.staff(`${path}/lessons`, { body: {} })
  }
  // One is in progress: the class is not over.
  expect(await server.app.directory.lessons.ended()).toEqual(new Map())
  const { lessons, next } = (await server.staff(`${path}/lessons?limit=2`)).json
  expect(lessons.map(({ from }: any) => (from - MONDAY) / HOUR_MS)).toEqual([48, 24])
  expect((await server.staff(`${path}/lessons?before=${next}`)).json.lessons).toHaveLength(1)
})

it('LES-2 begins and ends the lessons of the timetable by the clock, each once', async () => {
  using folder = temporaryFolder()
  await using bed = await startAt(folder.path, MONDAY - 2 * HOUR_MS)
  const { server, look, move } = bed
  const { id } = await server.makeClass()
  const path = `/api/v2/classes/${id}`
  const slots = [
    { weekday: 1, begins: '09:00', ends: '10:30' },
    { weekday: 1, begins: '10:30', ends: '12:00' },
  ]
  const set = await server.staff(`${path}/timetable`, { method: 'PUT', body: { zone: 'Asia/Tokyo', slots } })
  expect(set.json).toEqual({ zone: 'Asia/Tokyo', slots, next: MONDAY })
  expect((await server.staff(path)).json.nextLesson).toBe(MONDAY)
  expect(await look()).toBe(0)
  move(MONDAY + 1000)
  expect([await look(), await look()]).toEqual([1, 0])
  const [first] = await lessonsOf(server, path)
  expect(first).toMatchObject({ from: MONDAY, until: MONDAY + 1.5 * HOUR_MS, planned: true })
  // Ended early it is not begun again.
  await server.staff(`${path}/lessons/${first.id}`, { method: 'PATCH', body: { ended: true } })
  expect(await look()).toBe(0)
  // One that somebody began before the hour becomes that of the hour, and ends with it.
  move(MONDAY + 1.4 * HOUR_MS)
  const own = (await server.staff(`${path}/lessons`, { body: { title: 'Early' } })).json
  move(MONDAY + 1.5 * HOUR_MS)
  expect(await look()).toBe(1)
  expect((await lessonsOf(server, path))[0]).toMatchObject({ id: own.id, planned: true, until: MONDAY + 3 * HOUR_MS })
  move(MONDAY + 3 * HOUR_MS + 9000)
  expect(await look()).toBe(1)
  expect((await lessonsOf(server, path))[0]).toMatchObject({ id: own.id, to: MONDAY + 3 * HOUR_MS })
  // A class that has ended has no lessons.
  await server.staff(path, { method: 'PATCH', body: { ended: true } })
  move(MONDAY + 7 * 24 * HOUR_MS + 1000)
  expect(await look()).toBe(0)
  expect((await server.staff(path)).json).not.toHaveProperty('nextLesson')
})

it('LES-2 refuses a timetable that can not be, and keeps the last one', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id } = await server.makeClass()
  const path = `/api/v2/classes/${id}/timetable`
  const slot = { weekday: 2, begins: '13:00', ends: '14:00' }
  const put = async (body: object) => (await server.staff(path, { method: 'PUT', body })).json
  await put({ zone: 'Europe/Berlin', slots: [slot] })
  expect((await put({ zone: 'Mars/Olympus', slots: [] })).detail).toMatch(/time zone/)
  expect((await put({ zone: 'UTC', slots: [slot, { ...slot, begins: '13:30', ends: '15:00' }] })).detail).toMatch(
    /overlap/,
  )
  expect((await put({ zone: 'UTC', slots: [{ ...slot, begins: '25:00' }] })).code).toBe('bad_request')
  expect((await server.staff(path)).json).toMatchObject({ zone: 'Europe/Berlin', slots: [slot] })
})

it('LES-3 CON-5 says who was there, who was not, and what was worked on', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id, code } = await server.makeClass()
  const path = `/api/v2/classes/${id}`
  const [bob, eve, sam] = await Promise.all(['Bob', 'Eve', 'Sam'].map((name) => server.join(code, { name })))
  const lesson = (await server.staff(`${path}/lessons`, { body: {} })).json
  await bob!.store([bob!.event({ id: randomUUID() })])
  await sam!.store([sam!.event({ id: randomUUID() })])
  const said = { sharing: false, level: 0, version: CONSENT_VERSION }
  await server.get('/api/v2/me/consent', { method: 'PUT', token: sam!.token, body: said })
  const invited = await server.staff(`${path}/students`, { body: { students: [{ name: 'Zoe' }] } })
  const zoe = invited.json.students[0].id
  const details = await eventually(async () => {
    const { json } = await server.staff(`${path}/lessons/${lesson.id}`)
    return json.there.length > 0 ? json : undefined
  }, 15_000)
  expect(Value.Check(LessonDetails, details)).toBe(true)
  expect(details).toMatchObject({ there: [bob!.student], notSharing: [sam!.student], seen: ['nb-1'] })
  expect(new Set(details.absent)).toEqual(new Set([eve!.student, zoe]))
})

it('PRI-4 LES-1 removes the lessons of a class together with its data', async () => {
  using folder = temporaryFolder()
  await using bed = await startAt(folder.path, MONDAY)
  const { server, move } = bed
  const { id } = await server.makeClass()
  const path = `/api/v2/classes/${id}`
  await server.staff(`${path}/lessons`, { body: { title: 'Loops' } })
  await server.staff(path, { method: 'PATCH', body: { ended: true, retentionDays: 1 } })
  move(MONDAY + 25 * HOUR_MS)
  expect((await server.staff('/api/v2/system/retention', { body: {} })).json.classes).toHaveLength(1)
  expect(await lessonsOf(server, path)).toEqual([])
})
