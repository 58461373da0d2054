import { HelpFigures, LIMITS, OwnMessages, OwnProgress, SMALLEST_GROUP, type OwnMessage } from '@lectern/protocol'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, startServer, temporaryFolder, type Ask, type TestServer, type TestStudent } from './harness.ts'
import { signIn } from './roles-bed.ts'
import { openSocket, ticketOf } from './socket.ts'

const folder = temporaryFolder()
let server: TestServer
let rin: { id: string; ask: Ask }
let ray: { id: string; ask: Ask }

async function staff(name: string) {
  const { id, cookie } = await signIn(server, name, 'member')
  return { id, ask: { cookie, headers: { origin: server.url } } }
}

beforeAll(async () => {
  server = await startServer(folder.path)
  rin = await staff('Rin')
  ray = await staff('Ray')
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const NO = { sharing: false, level: 0, version: 1 }
const FAILED = { data: { status: 'error', errorName: 'NameError', errorMessage: "name 'x' is not defined" } }

/** A class with both assistants. */
async function makeClass(body: Record<string, unknown> = {}) {
  const made = await server.makeClass(body)
  for (const { id: user } of [rin, ray]) {
    await server.app.directory.classStaff.setRole({ class: made.id, user, role: 'assistant' }, false)
  }
  return made
}

const write = (id: string, body: Record<string, unknown>, ask: Ask = rin.ask) =>
  server.get(`/api/v2/classes/${id}/messages`, {
    ...ask,
    body: { to: { everyone: true }, kind: 'message', text: 'Hello', ...body },
  })
const withdraw = (id: string, message: string) =>
  server.get(`/api/v2/classes/${id}/messages/${message}`, { ...rin.ask, method: 'DELETE' })
const claim = (id: string, student: string, over: { ask?: Ask; body?: object; method?: string } = {}) =>
  server.get(`/api/v2/classes/${id}/help/${student}/claim`, {
    ...(over.ask ?? rin.ask),
    method: over.method ?? 'POST',
    ...(over.method === 'DELETE' ? {} : { body: over.body ?? {} }),
  })
const own = async ({ token }: TestStudent): Promise<OwnMessage[]> => {
  const { json } = await server.get('/api/v2/me/messages', { token })
  expect([...Value.Errors(OwnMessages, json)]).toEqual([])
  return json.messages
}
/** The state once it shows everything that is stored: it is folded a moment after. */
const stateOf = (id: string) =>
  eventually(async () => {
    const top = (await server.staff(`/api/v2/classes/${id}/events`)).json.next
    const state = await server.state(id)
    return state.offset === top ? state : undefined
  })
const shown = async (id: string, message: string) => (await stateOf(id)).messages[message]
const says = (student: TestStudent, type: string, data: object) =>
  student.store([student.event({ type, notebook: undefined, cell: undefined, data })])
const socketOf = async (student: TestStudent) => openSocket(server, await ticketOf(server, student.token))

describe('what staff say', () => {
  it('TLK-1 TLK-3 goes to all who joined, a team, an error group, or whom it names', async () => {
    const { id, code } = await makeClass()
    const [ann, ben] = [await server.join(code, { team: 'Row 1' }), await server.join(code, { team: 'Row 2' })]
    await server.staff(`/api/v2/classes/${id}/students`, { body: { students: [{ name: 'Later', team: 'Row 1' }] } })
    await ann.store([ann.event(FAILED)])
    const [group] = Object.keys((await stateOf(id)).errors)
    const texts = {
      all: { everyone: true },
      team: { team: 'Row 1' },
      group: { group },
      ben: { students: [ben.student] },
    }
    const counts: number[] = []
    for (const [text, to] of Object.entries(texts)) {
      const { status, json } = await write(id, { to, text })
      expect(status).toBe(201)
      counts.push(json.to)
    }
    expect(counts).toEqual([2, 1, 1, 1])
    expect((await own(ann)).map(({ text }) => text)).toEqual(['all', 'team', 'group'])
    expect((await own(ben)).map(({ text, from, state }) => [text, from, state])).toEqual([
      ['all', 'Rin', 'sent'],
      ['ben', 'Rin', 'sent'],
    ])
    const messages = Object.values((await stateOf(id)).messages)
    expect(messages.map(({ everyone, group: about, by }) => [everyone, about, by])).toEqual([
      [true, undefined, rin.id],
      [undefined, undefined, rin.id],
      [undefined, group, rin.id],
      [undefined, undefined, rin.id],
    ])
  })

  it('TLK-1 is one commit for all, and leaves an entry without its text', async () => {
    const { id, code } = await makeClass({ level: 0 })
    for (let count = 0; count < 5; count += 1) await server.join(code)
    const secret = 'only for those who read it'
    const { json } = await write(id, { kind: 'banner', text: secret })
    const { events } = (await server.staff(`/api/v2/classes/${id}/events`)).json
    expect(new Set(events.map((event: any) => `${event.type} ${event.received} ${event.data.text}`)).size).toBe(1)
    expect(events).toHaveLength(5)
    const found = await server.staff(`/api/v2/system/audit?action=message_sent&class=${id}`)
    expect(found.json.entries).toMatchObject([
      { actor: rin.id, target: json.id, details: { kind: 'banner', students: 5 } },
    ])
    expect(found.text + server.lines.join('')).not.toContain(secret)
  })

  it('TLK-1 is refused when it goes to nobody, to somebody else, or says too much or nothing', async () => {
    const { id, code } = await makeClass()
    expect((await write(id, {})).json.code).toBe('not_found')
    const ann = await server.join(code)
    const other = await server.join((await server.makeClass()).code)
    const cases: [Record<string, unknown>, number][] = [
      [{ to: { students: [ann.student, other.student] } }, 404],
      [{ to: { team: 'Row 9' } }, 404],
      [{ to: { group: 'e_none' } }, 404],
      [{ to: {} }, 400],
      [{ to: { everyone: true, team: 'Row 1' } }, 400],
      [{ text: ' \n ' }, 400],
      [{ text: 'x'.repeat(LIMITS.messageChars + 1) }, 400],
      [{ kind: 'shout' }, 400],
      [{ text: 'x'.repeat(LIMITS.messageChars) }, 201],
    ]
    for (const [body, status] of cases)
      expect((await write(id, body)).status, JSON.stringify(body).slice(0, 80)).toBe(status)
    await server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body: { ended: true } })
    expect((await write(id, {})).json.code).toBe('class_ended')
  })

  it('EVT-6 TLK-1 is kept as it can be stored, and given as text', async () => {
    const { id, code } = await makeClass()
    const ann = await server.join(code)
    const body = `{"to":{"everyone":true},"kind":"message","text":"<img onerror=alert(1)>\\u0000 \\ud800"}`
    expect((await server.get(`/api/v2/classes/${id}/messages`, { ...rin.ask, body })).status).toBe(201)
    expect((await own(ann)).at(-1)?.text).toBe('<img onerror=alert(1)> \uFFFD')
  })

  it('TLK-2 TLK-5 is told at once, also that it is withdrawn', async () => {
    const { id, code } = await makeClass()
    const ann = await server.join(code)
    const socket = await socketOf(ann)
    await socket.next('help')
    const cell = { id: 'c7', index: 7, type: 'code' }
    const notebook = { id: 'nb', path: 'a.ipynb' }
    const { json } = await write(id, { kind: 'cell', text: 'total = 0', notebook, cell })
    const { message } = await socket.next('message')
    expect(message).toMatchObject({ id: json.id, from: 'Rin', kind: 'cell', text: 'total = 0', notebook, cell })
    expect(Object.keys(message)).not.toEqual(expect.arrayContaining(['by']))
    expect((await withdraw(id, json.id)).status).toBe(204)
    expect(await socket.next('messageWithdrawn')).toEqual({ kind: 'messageWithdrawn', id: json.id })
    expect(await own(ann)).toEqual([])
    expect(await shown(id, json.id)).toMatchObject({ ended: true })
    expect((await withdraw(id, 'm_none')).status).toBe(404)
    socket.socket.terminate()
  })

  it('TLK-2 JOI-2 is not shown to a machine that joined by the address alone, but what goes to all', async () => {
    const { id, code } = await makeClass()
    const ann = await server.join(code, { email: 'ann@x.org' })
    const guess = await server.join(code, { email: 'ann@x.org' })
    expect(guess.student).toBe(ann.student)
    const socket = await socketOf(guess)
    await socket.next('help')
    await write(id, { to: { students: [ann.student] }, text: 'private' })
    await write(id, { text: 'for all' })
    expect((await socket.next('message')).message.text).toBe('for all')
    expect((await own(guess)).map(({ text }) => text)).toEqual(['for all'])
    expect((await own(ann)).map(({ text }) => text)).toEqual(['private', 'for all'])
    socket.socket.terminate()
  })

  it('TLK-4 shows staff who has seen it and what came of it', async () => {
    const { id, code } = await makeClass({ level: 0 })
    const [ann, ben] = [await server.join(code), await server.join(code)]
    const { json } = await write(id, { kind: 'hint' })
    await says(ann, 'message_seen', { message: json.id })
    await says(ben, 'message_answered', { message: json.id, outcome: 'applied' })
    expect((await shown(id, json.id))?.students).toEqual({ [ann.student]: 'seen', [ben.student]: 'applied' })
    expect((await own(ben)).at(-1)?.state).toBe('applied')
  })

  it('CON-5 reaches one who does not share, of whom nothing is told', async () => {
    const { id, code } = await makeClass()
    const ann = await server.join(code, { consent: NO })
    const { json } = await write(id, { kind: 'hint', text: 'welcome' })
    expect((await own(ann)).map(({ text }) => text)).toEqual(['welcome'])
    const { results } = await says(ann, 'message_seen', { message: json.id })
    expect(results).toMatchObject([{ status: 'refused', code: 'not_shared' }])
    expect((await shown(id, json.id))?.students).toEqual({ [ann.student]: 'sent' })
  })

  it('PRI-5 PRI-3 is in what the student takes along, and gone once the student is erased', async () => {
    const { id, code } = await makeClass()
    const [ann, ben] = [await server.join(code), await server.join(code)]
    const both = (await write(id, { text: 'to both' })).json.id
    const alone = (await write(id, { to: { students: [ann.student] }, text: 'to ann' })).json.id
    const { text } = await server.get('/api/v2/me/export', { token: ann.token })
    expect(text).toContain('to ann')
    await server.staff(`/api/v2/classes/${id}/students/${ann.student}`, { method: 'DELETE' })
    const { messages } = await stateOf(id)
    expect([messages[both]?.students, messages[alone]]).toEqual([{ [ben.student]: 'sent' }, undefined])
  })
})

describe('who goes to help', () => {
  it('TLK-6 TLK-7 is one of the staff, and the student is told who', async () => {
    const { id, code } = await makeClass()
    const [ann, ben] = [await server.join(code), await server.join(code)]
    await says(ann, 'help_requested', { message: 'why?' })
    await says(ben, 'help_requested', {})
    const socket = await socketOf(ben)
    expect(await socket.next('help')).toMatchObject({ open: true, place: 2 })
    expect((await claim(id, ann.student)).status).toBe(204)
    expect(await socket.next('help')).toMatchObject({ open: true, place: 1 })
    expect((await claim(id, ann.student)).status).toBe(204)
    const late = await claim(id, ann.student, { ask: ray.ask })
    expect([late.status, late.json.code]).toEqual([409, 'conflict'])
    expect(late.json.detail).toContain('Rin')
    expect((await claim(id, ben.student)).status).toBe(204)
    const coming = await socket.next('help')
    expect([coming.coming, coming.place]).toEqual(['Rin', undefined])
    expect((await claim(id, ben.student, { body: { user: ray.id } })).status).toBe(204)
    expect((await socket.next('help')).coming).toBe('Ray')
    expect((await stateOf(id)).help[ben.student]?.claimed?.by).toBe(ray.id)
    expect((await claim(id, ben.student, { method: 'DELETE' })).status).toBe(204)
    expect(await socket.next('help')).toMatchObject({ open: true, place: 1 })
    expect((await claim(id, ben.student, { method: 'DELETE' })).status).toBe(404)
    socket.socket.terminate()
  })

  it('TLK-10 is counted for each of the staff, who all can be named', async () => {
    const { id, code } = await makeClass()
    const [ann, ben] = [await server.join(code), await server.join(code)]
    for (const student of [ann, ben]) await says(student, 'help_requested', {})
    await claim(id, ann.student)
    await server.get(`/api/v2/classes/${id}/help/${ann.student}/resolve`, { ...ray.ask, method: 'POST' })
    await says(ben, 'help_withdrawn', {})
    const { json } = await server.get(`/api/v2/classes/${id}/help`, rin.ask)
    expect([...Value.Errors(HelpFigures, json)]).toEqual([])
    expect(json).toMatchObject({ resolved: 1, withdrawn: 1 })
    expect(json.by).toMatchObject([
      { user: ray.id, resolved: 1, claimed: 0, helpingMs: 0 },
      { user: rin.id, resolved: 0, claimed: 1 },
    ])
    const lesson = (await server.staff(`/api/v2/classes/${id}/lessons`, { body: {} })).json
    const now = (await server.get(`/api/v2/classes/${id}/help`, rin.ask)).json
    expect(now).toMatchObject({ lesson: lesson.id, from: lesson.from, resolved: 0 })
    const { helpers } = (await server.get(`/api/v2/classes/${id}/helpers`, rin.ask)).json
    expect(helpers).toEqual(
      expect.arrayContaining([
        { id: rin.id, name: 'Rin' },
        { id: ray.id, name: 'Ray' },
      ]),
    )
  })

  it('TLK-6 is one of two who say so at the same time', async () => {
    const { id, code } = await makeClass()
    const ann = await server.join(code)
    await says(ann, 'help_requested', {})
    const answers = await Promise.all([claim(id, ann.student), claim(id, ann.student, { ask: ray.ask })])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409])
  })

  it('TLK-6 is nobody who has no right to it in the class, and ends with the request', async () => {
    const { id, code } = await makeClass()
    const ann = await server.join(code)
    expect((await claim(id, ann.student)).status).toBe(404)
    await says(ann, 'help_requested', {})
    const { id: stranger } = await signIn(server, 'Stranger', 'member')
    for (const user of [stranger, 'u_none']) expect((await claim(id, ann.student, { body: { user } })).status).toBe(404)
    await claim(id, ann.student)
    await write(id, { to: { students: [ann.student] }, text: 'like this', resolves: true })
    expect((await stateOf(id)).help).toEqual({})
    expect((await claim(id, ann.student)).status).toBe(404)
  })

  it('TLK-1 closes with an answer to a group what was asked about its error, and nothing else', async () => {
    const { id, code } = await makeClass()
    const [ann, ben] = [await server.join(code), await server.join(code)]
    await says(ben, 'help_requested', {})
    for (const student of [ann, ben]) await student.store([student.event(FAILED)])
    await says(ann, 'help_requested', {})
    const group = (await stateOf(id)).help[ann.student]?.group
    const { json } = await write(id, { to: { group }, kind: 'hint', resolves: true })
    expect(json.to).toBe(2)
    expect(Object.keys((await stateOf(id)).help)).toEqual([ben.student])
  })
})

describe("the student's own", () => {
  it('TLK-8 progress stands beside where the class is only if the class shows it', async () => {
    const { id, code } = await makeClass()
    const students: TestStudent[] = []
    for (let count = 0; count < SMALLEST_GROUP; count += 1) students.push(await server.join(code))
    for (const student of students) await student.store([student.event({ data: { status: 'ok' } })])
    const [ann] = students as [TestStudent]
    const progress = async (): Promise<OwnProgress> => {
      const { json } = await server.get('/api/v2/me/progress', { token: ann.token })
      expect([...Value.Errors(OwnProgress, json)]).toEqual([])
      return json
    }
    expect(await progress()).toMatchObject({ notebooks: [{ notebook: { id: 'nb-1' }, cells: [{ state: 'done' }] }] })
    expect(await progress()).not.toHaveProperty('band')
    const { json } = await server.staff(`/api/v2/classes/${id}`, { method: 'PATCH', body: { showBand: true } })
    expect(json.showBand).toBe(true)
    expect((await progress()).band).toEqual({ done: { low: 1, middle: 1, high: 1 }, students: SMALLEST_GROUP })
    await server.get('/api/v2/me/consent', { method: 'PUT', token: students[4]?.token ?? '', body: NO })
    expect(await progress()).not.toHaveProperty('band')
  })

  it('TLK-9 events are those of the log, and nobody else reads them', async () => {
    const { id, code } = await makeClass()
    const ann = await server.join(code, { email: 'nan@x.org' })
    const ben = await server.join(code)
    await ann.store([ann.event(), ann.event()])
    await ben.store([ben.event()])
    await write(id, { text: 'hi' })
    const mine = async (query: string, { token } = ann) => server.get(`/api/v2/me/events?${query}`, { token })
    const all = (await mine('')).json
    expect(all.events.map((event: any) => event.type)).toEqual(['cell_executed', 'cell_executed', 'message_sent'])
    expect(all.events.every((event: any) => event.student === ann.student)).toBe(true)
    expect((await mine(`after=${all.events[0].offset}&limit=1`)).json.events).toEqual([all.events[1]])
    const guess = await server.join(code, { email: 'nan@x.org' })
    expect((await mine('', guess)).status).toBe(403)
  })
})
