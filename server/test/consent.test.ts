import { CONSENT_VERSION, type ConsentAnswer } from '@lectern/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, startServer, temporaryFolder, type TestServer, type TestStudent } from './harness.ts'
import { openSocket, ticketOf } from './socket.ts'

const folder = temporaryFolder()
let server: TestServer

beforeAll(async () => {
  server = await startServer(folder.path)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const yes = (level: ConsentAnswer['level']): ConsentAnswer => ({ sharing: true, level, version: CONSENT_VERSION })
const NO: ConsentAnswer = { sharing: false, level: 0, version: CONSENT_VERSION }
const ran = (text: string) => ({
  data: { status: 'error', errorName: 'NameError', source: text, outputs: [{ kind: 'stdout', text }] },
})

const answer = (student: TestStudent, body: ConsentAnswer) =>
  server.get('/api/v2/me/consent', { method: 'PUT', token: student.token, body })
const levelOf = (id: string, level: number) =>
  server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body: { level } })
/** The state once it shows everything that is stored: it is folded a moment after. */
const stateOf = (id: string) =>
  eventually(async () => {
    const top = (await server.staff(`/api/v2/classes/${id}/events`)).json.next
    const state = await server.state(id)
    return state.offset === top ? state : undefined
  })
const lastData = async (id: string) => (await server.staff(`/api/v2/classes/${id}/events`)).json.events.at(-1).data
const statuses = async (student: TestStudent, events: unknown[]) =>
  (await student.store(events)).results.map(({ status, code }) => code ?? status)

describe('consent', () => {
  it('CON-1 LVL-3 keeps the lower of what the class collects and what the student agreed to', async () => {
    const { id, code } = await server.makeClass({ level: 3 })
    const student = await server.join(code, { consent: yes(1) })
    await student.store([student.event(ran('a'))])
    expect(await lastData(id)).toEqual({ status: 'error', errorName: 'NameError' })
    await answer(student, yes(3))
    await student.store([student.event(ran('b'))])
    expect(await lastData(id)).toMatchObject({ source: 'b', outputs: [{ text: 'b' }] })
    await levelOf(id, 0)
    await student.store([student.event(ran('c'))])
    expect(await lastData(id)).toEqual({})
  })

  it('LVL-3 CON-4 asks again when the class collects more, and until then keeps what was agreed to', async () => {
    const { id, code } = await server.makeClass({ level: 2 })
    const student = await server.join(code)
    const socket = await openSocket(server, await ticketOf(server, student.token))
    expect(await socket.next('consent')).toMatchObject({ open: false, inForce: 2, asks: { level: 2 } })
    await levelOf(id, 3)
    expect(await socket.next('consent')).toMatchObject({ open: true, inForce: 2, asks: { level: 3 } })
    await student.store([student.event(ran('before'))])
    expect(await lastData(id)).not.toHaveProperty('outputs')
    await answer(student, yes(3))
    expect(await socket.next('consent')).toMatchObject({ open: false, inForce: 3 })
    await student.store([student.event(ran('after'))])
    expect(await lastData(id)).toHaveProperty('outputs')
    socket.socket.terminate()
  })

  it('CON-2 tells before joining what will be asked, and takes the answer with the code', async () => {
    const { code } = await server.makeClass({ level: 3, name: 'Preview' })
    const preview = await server.get('/api/v2/join/preview', { body: { code } })
    expect(preview.json).toEqual({ class: { name: 'Preview' }, level: 3, version: CONSENT_VERSION, retentionDays: 180 })
    expect((await server.get('/api/v2/join/preview', { body: { code: 'AAAA-AAAA' } })).json.code).toBe('code_invalid')
    const silent = await server.join(code)
    expect(silent.consent).toEqual({ version: CONSENT_VERSION, level: 3, sharing: true })
    const careful = await server.join(code, { consent: NO })
    expect(careful.consent.sharing).toBe(false)
    // Joining again with the same machine does not undo the answer.
    const again = await server.join(code, { install: careful.install })
    expect([again.student, again.consent.sharing]).toEqual([careful.student, false])
  })

  it('CON-6 takes an answer meant for who is new only of who is, also of a student who was erased', async () => {
    const { code } = await server.makeClass({ level: 2 })
    const student = await server.join(code, { consent: yes(1) })
    await answer(student, NO)
    const again = { install: student.install, consentIfNew: yes(2) }
    expect(await server.join(code, again)).toMatchObject({ student: student.student, consent: { sharing: false } })
    await server.get('/api/v2/me', { method: 'DELETE', token: student.token })
    const fresh = await server.join(code, { ...again, consentIfNew: NO })
    expect(fresh.student).not.toBe(student.student)
    expect(fresh.consent.sharing).toBe(false)
  })

  it('CON-7 lets who knows an address take consent away, and give none', async () => {
    const { code } = await server.makeClass({ level: 3 })
    const email = 'mio@school.example'
    const student = await server.join(code, { email, consent: yes(1) })
    const other = (consent: ConsentAnswer) => server.join(code, { email, consent })
    expect(await other({ ...yes(3), research: true })).toMatchObject({
      student: student.student,
      consent: { sharing: true, level: 1 },
    })
    const kept = await server.get('/api/v2/me/consent', { token: student.token })
    expect(kept.json.history.at(-1)).toMatchObject({ level: 1, research: false })
    expect((await other(NO)).consent.sharing).toBe(false)
    expect((await other(yes(3))).consent.sharing).toBe(false)
    // The student, on the first machine, may.
    await answer(student, yes(2))
    expect((await server.get('/api/v2/me/consent', { token: student.token })).json.inForce).toBe(2)
  })

  it('CON-1 CON-5 takes nothing but requests for help of who does not share, and shows nothing else', async () => {
    const { id, code } = await server.makeClass()
    const student = await server.join(code, { consent: NO })
    expect((await stateOf(id)).students[student.student]).toMatchObject({ sharing: false, executions: 0 })
    const sent = [
      student.event(ran('secret')),
      student.event({ type: 'presence', cell: undefined, data: { focus: true } }),
    ]
    expect(await statuses(student, sent)).toEqual(['not_shared', 'not_shared'])
    const help = student.event({ type: 'help_requested', data: { message: 'please' } })
    expect(await statuses(student, [help])).toEqual(['stored'])
    const state = await stateOf(id)
    expect(state.help[student.student]?.message).toBe('please')
    expect(state.students[student.student]).toMatchObject({ sharing: false, online: false, executions: 0 })
    const roster = (await server.staff(`/api/v2/classes/${id}/students`)).json.students
    expect(roster).toMatchObject([{ id: student.student, sharing: false }])
  })

  it('CON-5 takes who no longer shares out of everything that is shown, and begins anew with who shares again', async () => {
    const { id, code } = await server.makeClass()
    const [one, other] = [await server.join(code), await server.join(code)]
    for (const student of [one, other]) await student.store([student.event(ran('x'))])
    const before = await stateOf(id)
    expect(Object.values(before.errors)).toMatchObject([{ students: { [one.student]: {}, [other.student]: {} } }])
    await answer(one, NO)
    const without = await stateOf(id)
    expect(Object.values(without.errors).map((group) => Object.keys(group.students))).toEqual([[other.student]])
    expect(Object.values(without.cells)).toMatchObject([{ reached: 1, failing: 1 }])
    expect(without.students[one.student]).toMatchObject({
      sharing: false,
      attention: [{ reason: { code: 'not_sharing' } }],
    })
    expect(without.students[one.student]).not.toHaveProperty('streak')
    await answer(one, yes(2))
    await one.store([one.event(ran('y'))])
    const again = await stateOf(id)
    expect(Object.values(again.cells)).toMatchObject([{ reached: 2, failing: 2 }])
    expect(again.students[one.student]).not.toHaveProperty('sharing')
  })

  it('CON-3 keeps every answer with the version of its text, and gives them to the student', async () => {
    const { code } = await server.makeClass({ level: 4 })
    const student = await server.join(code, { consent: yes(2) })
    await answer(student, NO)
    await answer(student, NO)
    await answer(student, { ...yes(4), research: true })
    const { json } = await server.get('/api/v2/me/consent', { token: student.token })
    expect(json).toMatchObject({ open: false, inForce: 4, asks: { level: 4, version: CONSENT_VERSION } })
    expect(json.history).toMatchObject([
      { ...yes(2), research: false },
      { ...NO, research: false },
      { ...yes(4), research: true },
    ])
    expect(json.history).toHaveLength(3)
    expect((await answer(student, { sharing: true, level: 5 } as never)).json.code).toBe('bad_request')
  })

  it('JOI-2 shows nothing of a student to a machine that joined by the address alone', async () => {
    const { code } = await server.makeClass()
    const own = await server.join(code, { email: 'ada@x.org', name: 'Ada' })
    const guessed = await server.join(code, { email: 'Ada@x.org', name: 'Mallory' })
    expect(guessed.student).toBe(own.student)
    for (const path of ['', '/views', '/export']) {
      expect((await server.get(`/api/v2/me${path}`, { token: own.token })).status, path).toBe(200)
      expect((await server.get(`/api/v2/me${path}`, { token: guessed.token })).json.code, path).toBe('forbidden')
    }
    expect((await server.get('/api/v2/me', { method: 'DELETE', token: guessed.token })).json.code).toBe('forbidden')
    expect((await answer(guessed, NO)).json.code).toBe('forbidden')
    expect((await server.get('/api/v2/me', { token: own.token })).json).toMatchObject({
      name: 'Ada',
      email: 'ada@x.org',
    })
    expect(await statuses(guessed, [guessed.event()])).toEqual(['stored'])
  })
})
