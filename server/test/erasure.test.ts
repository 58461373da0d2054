import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { applyChanges, emptyState, type RetentionReport, type StoredEvent } from '@lectern/protocol'
import { expect, it } from 'vitest'
import { openLogReader } from '../src/store/sqlite-reader.ts'
import { backUp, restore } from '../src/store/files.ts'
import { eventually, logFilesOf, startServer, temporaryFolder, type TestServer, type TestStudent } from './harness.ts'
import { openSocket, staffTicket, ticketOf } from './socket.ts'

const CANARY = 'Zyxwv-canary-4711'
const NOTEBOOK = { id: `${CANARY}.ipynb`, path: `/home/${CANARY}/a.ipynb` }

/** Every file under a folder that holds one of the words. */
function filesWith(folder: string, words: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name)
    if (!statSync(path).isFile()) return false
    const bytes = readFileSync(path)
    return words.some((word) => bytes.includes(word) || bytes.includes(Buffer.from(word, 'utf16le')))
  })
}

/** A student whose every text is the canary, among others. */
async function classWithCanary(server: TestServer) {
  const { id, code } = await server.makeClass({ level: 4 })
  const lesson: string = (await server.staff(`/api/v2/classes/${id}/lessons`, { body: {} })).json.id
  const canary = await server.join(code, { name: CANARY, email: `${CANARY}@x.org`, team: `${CANARY} team` })
  const other = await server.join(code, { name: 'Other', email: 'other@x.org' })
  const text = (of: TestStudent, value: string) =>
    of.event({
      notebook: of === canary ? NOTEBOOK : { id: 'nb', path: 'nb.ipynb' },
      data: {
        status: 'error',
        errorName: value,
        errorMessage: value,
        traceback: value,
        source: value,
        outputs: [{ kind: 'stdout', text: value }],
      },
    })
  const help = canary.event({ type: 'help_requested', notebook: NOTEBOOK, data: { message: CANARY } })
  const custom = canary.event({ type: 'custom', at: CANARY, data: { name: CANARY, value: { deep: [CANARY] } } })
  await canary.store([text(canary, CANARY), text(canary, `${CANARY} again`), help, custom])
  await canary.store([{ ...custom, data: { name: CANARY, value: `${CANARY} other` } }])
  await other.store([text(other, 'others stay')])
  await talkTo(server, { id, canary, other })
  return { id, canary, other, lesson }
}

/** Events of the student in such a class, and of all. */
const EVENTS = { canary: 8, all: 10 }

/** What staff say to and keep of the student: messages with answers, a seat, a name that was corrected. */
async function talkTo(
  server: TestServer,
  { id, canary, other }: { id: string; canary: TestStudent; other: TestStudent },
) {
  const of = `/api/v2/classes/${id}`
  const send = async (to: TestStudent, body: object): Promise<string> =>
    (await server.staff(`${of}/messages`, { body: { to: { students: [to.student] }, kind: 'message', ...body } })).json
      .id
  const message = await send(canary, { text: `Well done, ${CANARY}` })
  await send(canary, { kind: 'cell', text: `print("${CANARY}")`, notebook: NOTEBOOK })
  await send(other, { text: 'others stay' })
  const about = (type: string, data: object) => canary.event({ type, data: { message, ...data } })
  await canary.store([about('message_seen', {}), about('message_answered', { outcome: 'applied' })])
  const places = [
    { kind: 'student', id: canary.student, x: 10, y: 10 },
    { kind: 'team', id: `${CANARY} team`, x: 20, y: 20 },
  ]
  expect((await server.staff(`${of}/seats`, { method: 'PUT', body: { places } })).status).toBe(204)
  const note = { text: `${CANARY} needs another task` }
  expect((await server.staff(`${of}/students/${canary.student}/notes`, { body: note })).status).toBe(201)
  const edit = { name: `${CANARY} the second` }
  expect((await server.staff(`${of}/students/${canary.student}`, { method: 'PATCH', body: edit })).status).toBe(200)
}

/** An export and a replay of the class, done. */
async function jobsOf(server: TestServer, id: string): Promise<void> {
  const path = '/api/v2/system/jobs'
  for (const kind of ['export', 'replay']) await server.staff(path, { body: { kind, class: id } })
  await eventually(async () => {
    const { jobs } = (await server.staff(path)).json
    return jobs.length === 2 && jobs.every(({ state }: { state: string }) => state === 'done') ? true : undefined
  }, 20_000)
}

it('PRI-2 PRI-3 leaves nothing of an erased student in the data, the logs, a backup made before, or an open dashboard', async () => {
  using folder = temporaryFolder()
  using backups = temporaryFolder()
  const data = join(folder.path, 'data')
  const words = [CANARY, CANARY.toLowerCase()]
  let lines: string[] = []
  {
    await using server = await startServer(data)
    lines = server.lines
    const { id, canary, other, lesson } = await classWithCanary(server)
    const dashboard = await openSocket(server, await staffTicket(server))
    dashboard.say({ kind: 'subscribe', class: id })
    const shown = await dashboard.next('snapshot')
    expect(JSON.stringify(shown)).toContain(CANARY)
    await jobsOf(server, id)
    // Sums name notebooks and students, too.
    const rollups = async () => (await server.staff(`/api/v2/classes/${id}/rollups`)).json
    expect(
      JSON.stringify(
        await eventually(async () => ((await rollups()).offset === EVENTS.all ? rollups() : undefined), 15_000),
      ),
    ).toContain(CANARY)
    const details = async () => (await server.staff(`/api/v2/classes/${id}/lessons/${lesson}`)).text
    expect(await details()).toContain(CANARY)
    // The export holds the text as it is: the search works, and has something to find.
    const found = filesWith(data, words).map((name) => name.replace(/\d+|-wal$/g, ''))
    expect([...new Set(found)].toSorted()).toEqual(['exports/.jsonl', 'work.db'])
    backUp(data, join(backups.path, 'before'))
    for (const path of ['export', 'messages', 'events']) {
      expect((await server.get(`/api/v2/me/${path}`, { token: canary.token })).text, path).toContain(CANARY)
    }
    // What is gone through again, what is listed of the room, and who follows the cells of the notebook.
    for (const path of ['replay', 'seats', 'students']) {
      expect((await server.staff(`/api/v2/classes/${id}/${path}`)).text, path).toContain(CANARY)
    }
    dashboard.say({ kind: 'watch', topic: 'matrix', class: id, notebook: NOTEBOOK.id })
    expect(Object.keys((await dashboard.next('matrix')).rows)).toContain(canary.student)

    const socket = await openSocket(server, await ticketOf(server, canary.token))
    const erased = await server.staff(`/api/v2/classes/${id}/students/${canary.student}`, { method: 'DELETE' })
    expect(erased.json).toMatchObject({ students: 1, events: EVENTS.canary })
    expect(await socket.closed).toBe(4401)
    // The open dashboard is given a whole new state, in which the student never was.
    const state = (await dashboard.next('snapshot')).state
    expect(Object.keys(state.students)).toEqual([other.student])
    expect(JSON.stringify(state)).not.toContain(CANARY)
    const matrix = await dashboard.next('matrix')
    expect(Object.keys(matrix.rows)).not.toContain(canary.student)
    expect(applyChanges(emptyState(), [state as never])).toEqual(state)
    dashboard.socket.terminate()

    expect(filesWith(data, words)).toEqual([])
    const { json } = await server.staff(`/api/v2/classes/${id}/events`)
    const left = json.events.map(({ type }: StoredEvent) => type).filter((type: string) => type !== 'erased')
    expect(left).toEqual(['cell_executed', 'message_sent'])
    // One for each event, and one more at the end.
    expect(json.events).toHaveLength(EVENTS.all + 1)
    expect(await details()).not.toContain(CANARY)
    for (const path of ['replay', 'seats', 'students', 'state', 'help', 'lessons']) {
      expect((await server.staff(`/api/v2/classes/${id}/${path}`)).text, path).not.toContain(CANARY)
    }
    expect((await server.staff(`/api/v2/classes/${id}/students`)).json.students).toMatchObject([{ name: 'Other' }])
    expect((await canary.post([canary.event()])).json.code).toBe('unauthenticated')
    const audit = (await server.staff(`/api/v2/system/audit?target=${canary.student}&action=student_erased`)).json
    expect(audit.entries).toMatchObject([{ actor: 'script', details: { events: EVENTS.canary } }])
    const again = await server.staff(`/api/v2/classes/${id}/students/${canary.student}`, { method: 'DELETE' })
    expect(again.json.code).toBe('not_found')
  }
  expect(filesWith(folder.path, words)).toEqual([])
  expect(filesWith(backups.path, words)).toEqual([])
  expect(lines.join('\n')).not.toContain(CANARY)

  // The backup, opened with today's keys: the others are there, the student is not.
  const before = openLogReader({ ...logFilesOf(data), file: join(backups.path, 'before', 'log.db') })
  const [classId = ''] = before.tops().keys()
  const old = before.read(classId, 0, 100)
  before.close()
  expect(JSON.stringify(old)).not.toContain(CANARY)
  expect(JSON.stringify(old)).toContain('others stay')

  // Put back, the backup speaks of the student again, whom the next start erases again.
  restore(join(backups.path, 'before'), {
    dataDir: data,
    keyFile: join(data, 'server.key'),
    now: new Date(),
  })
  await using server = await startServer(data)
  const roster = (await server.staff(`/api/v2/classes/${classId}/students`)).json.students
  expect(roster).toMatchObject([{ name: 'Other' }])
  expect(Object.keys((await server.state(classId)).students)).toHaveLength(1)
  expect(filesWith(folder.path, words)).toEqual([])
})

it('PRI-2 is what makes a backup unreadable: with the keys of before, all of it is there', async () => {
  using folder = temporaryFolder()
  const data = join(folder.path, 'data')
  await using server = await startServer(data)
  const { id, canary } = await classWithCanary(server)
  backUp(data, join(folder.path, 'before'))
  // A copy of the keys that somebody kept, against all advice.
  for (const name of readdirSync(data).filter((one) => one.startsWith('keys.db'))) {
    cpSync(join(data, name), join(folder.path, name))
  }
  await server.staff(`/api/v2/classes/${id}/students/${canary.student}`, { method: 'DELETE' })
  const { vault } = logFilesOf(data)
  const reader = openLogReader({
    file: join(folder.path, 'before', 'log.db'),
    vault: { ...vault, keys: join(folder.path, 'keys.db') },
  })
  expect(JSON.stringify(reader.read(id, 0, 100))).toContain(CANARY)
  reader.close()
})

it('PRI-5 lets a student take everything along, have it read in again, see who looked, and be forgotten', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id, canary, other } = await classWithCanary(server)
  await server.staff(`/api/v2/classes/${id}/students/${canary.student}/events`)
  await server.staff(`/api/v2/classes/${id}/students/${other.student}/events`)
  const me = (path: string, over = {}) => server.get(`/api/v2/me${path}`, { token: canary.token, ...over })
  expect((await me('')).json).toMatchObject({
    name: `${CANARY} the second`,
    class: { id, ended: false },
    consent: { inForce: 4 },
  })
  expect((await me('/views')).json.views).toMatchObject([{ by: 'script', what: 'code_viewed' }])
  const [head, ...events] = (await me('/export')).text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(head).toMatchObject({
    schema: 'lectern-own-data',
    version: 1,
    student: canary.student,
    name: `${CANARY} the second`,
  })
  expect(events).toHaveLength(EVENTS.canary)
  const elsewhere = await server.makeClass({ level: 4 })
  const again = await server.join(elsewhere.code)
  const stored = await again.store(events)
  // What only the server writes is in it, too, and can not be sent (SPEC EVT-4).
  const byStaff = events.filter(({ type }: StoredEvent) => type === 'message_sent')
  expect(byStaff.map(({ data }: StoredEvent) => (data as { text?: string }).text)).toEqual([
    `Well done, ${CANARY}`,
    `print("${CANARY}")`,
  ])
  const results = events.map(({ type }: StoredEvent) => (type === 'message_sent' ? 'refused' : 'stored'))
  expect(stored.results.map(({ status }) => status)).toEqual(results)
  const read = (await server.staff(`/api/v2/classes/${elsewhere.id}/events`)).json.events as StoredEvent[]
  const sent = events.filter((event: StoredEvent) => !byStaff.includes(event))
  expect(read.map(({ data, at }) => [data, at])).toEqual(sent.map(({ data, at }: StoredEvent) => [data, at]))

  expect((await me('', { method: 'DELETE' })).json).toMatchObject({ students: 1, events: EVENTS.canary })
  expect((await me('')).status).toBe(401)
  const entries = (await server.staff('/api/v2/system/audit?action=student_erased')).json.entries
  expect(entries).toMatchObject([{ actor: canary.student, target: canary.student }])
})

it('PRI-4 removes a class whose time is over, says before what it would remove, and leaves others alone', async () => {
  using folder = temporaryFolder()
  const data = join(folder.path, 'data')
  let now = Date.now()
  await using server = await startServer(data, {}, { clock: () => now })
  const { id } = await classWithCanary(server)
  const kept = await server.makeClass()
  const retention = async () => (await server.staff('/api/v2/system/retention')).json
  const plan = async () => (await retention()).classes
  const run = async (dryRun: boolean) => server.staff('/api/v2/system/retention', { body: { dryRun } })
  const patch = (body: object) => server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body })
  expect(await retention()).toEqual({ classes: [], reports: [] })
  await patch({ ended: true, retentionDays: 30 })
  expect(await plan()).toMatchObject([{ class: id, due: false, students: 2, events: EVENTS.all }])
  expect((await run(false)).json).toMatchObject({ state: 'done', dryRun: false, by: 'script', classes: [] })
  now += 31 * 24 * 3_600_000
  expect(await plan()).toMatchObject([{ class: id, due: true }])
  // A dry run says the same, keeps that as a report, and removes nothing.
  const due = { class: id, students: 2, events: EVENTS.all }
  const tried = await run(true)
  expect([tried.status, tried.json]).toMatchObject([202, { dryRun: true, classes: [{ ...due, removed: false }] }])
  expect(await plan()).toMatchObject([{ ...due, due: true }])

  expect((await run(false)).json).toMatchObject({ dryRun: false, classes: [{ ...due, removed: true }] })
  const { classes, reports } = await retention()
  expect(classes).toEqual([])
  const told = reports.map(({ dryRun, classes: of }: RetentionReport) => [dryRun, of?.length])
  expect(told).toEqual([
    [false, 1],
    [true, 1],
    [false, 0],
  ])
  expect((await server.staff(`/api/v2/classes/${id}`)).json).toMatchObject({ clearedAt: now, students: 0 })
  expect((await server.state(id)).offset).toBe(0)
  expect(filesWith(data, [CANARY, CANARY.toLowerCase(), 'others stay'])).toEqual([])
  expect((await server.staff(`/api/v2/classes/${kept.id}`)).json).not.toHaveProperty('clearedAt')
  const { entries } = (await server.staff('/api/v2/system/audit?limit=3')).json
  expect(entries).toMatchObject([
    { action: 'retention_run', details: { due: 1, removed: 1, dryRun: false } },
    { action: 'class_erased', class: id },
    { action: 'retention_run', details: { due: 1, removed: 0, dryRun: true } },
  ])
})

it('PRI-4 does so by itself, as a job whose report stays', async () => {
  using folder = temporaryFolder()
  let now = Date.now()
  await using server = await startServer(folder.path, {}, { clock: () => now })
  const { id } = await server.makeClass()
  await server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body: { ended: true, retentionDays: 1 } })
  now += 25 * 3_600_000
  // What the runner does each hour.
  expect(await server.app.privacy.retention.step()).toEqual({ handled: 1, lag: 0 })
  const reports = async () => (await server.staff('/api/v2/system/retention')).json.reports as RetentionReport[]
  const [report] = await eventually(async () => {
    const found = await reports()
    return found[0]?.state === 'done' ? found : undefined
  })
  expect(report).toMatchObject({ by: 'system', dryRun: false, classes: [{ class: id, removed: true }] })
  const { jobs } = (await server.staff('/api/v2/system/jobs')).json
  expect(jobs).toMatchObject([{ id: report?.id, kind: 'retention', state: 'done' }])
  expect(await server.app.privacy.retention.step()).toEqual({ handled: 0, lag: 0 })
})
