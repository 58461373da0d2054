import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { currentAttention, SUBPROTOCOL, type ClassState } from '@lectern/protocol'
import { afterEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createShadows, type Shadows } from '../src/flags/shadows.ts'
import { ADMIN_TOKEN, ask, eventually, logFilesOf, startServer, temporaryFolder, type TestServer } from './harness.ts'

interface TestClass {
  id: string
  send: (events: object[]) => Promise<void>
  state: () => Promise<ClassState & { offset: number; hash: string }>
}

const START = Date.now() - 60_000

async function classOf(server: TestServer): Promise<TestClass> {
  const made = await ask(`${server.url}/api/v2/classes`, { token: ADMIN_TOKEN, body: { name: 'K' } })
  const path = `${server.url}/api/v2/classes/${made.json.id}`
  const { code } = (await ask(`${path}/codes`, { method: 'POST', token: ADMIN_TOKEN })).json
  const install = randomUUID()
  const { token } = (await ask(`${server.url}/api/v2/join`, { body: { code, install, name: 'Bob' } })).json
  let seq = 0
  return {
    id: made.json.id,
    async send(events) {
      const body = {
        events: events.map((event) => {
          seq += 1
          const at = new Date(START + seq * 1000).toISOString()
          return { id: randomUUID(), install, seq, at, ...event }
        }),
      }
      const answer = await ask(`${server.url}/api/v2/events`, { token, body })
      expect(answer.json.ackedThrough).toBe(seq)
    },
    state: async () => (await ask(`${path}/state`, { token: ADMIN_TOKEN })).json,
  }
}

const failed = {
  type: 'cell_executed',
  notebook: { id: 'nb', path: 'nb.ipynb' },
  cell: { id: 'c', index: 0, type: 'code' },
  data: { status: 'error', errorName: 'NameError', errorMessage: "name 'x' is not defined" },
}
const kindOf = ({ students }: ClassState) => {
  const [student] = Object.values(students)
  return student && currentAttention(student.attention, student.lastAt)?.kind
}
const edit = (server: TestServer, key: string, body: object) =>
  ask(`${server.url}/api/v2/system/flags/${key}`, { method: 'PUT', token: ADMIN_TOKEN, body })

it('STA-9 flipped under load a flag holds everywhere, and flipped back leaves the state as if it had never been', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const one = await classOf(server)
  await one.send([failed, failed, failed])
  expect(kindOf(await one.state())).toBe('stuck')

  const { ticket } = (await ask(`${server.url}/api/v2/live/ticket`, { method: 'POST', token: ADMIN_TOKEN })).json
  const dashboard = new WebSocket(`${server.url.replace('http', 'ws')}/api/v2/live`, SUBPROTOCOL)
  const heard: any[] = []
  dashboard.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString('utf8'))))
  await once(dashboard, 'open')
  dashboard.send(JSON.stringify({ kind: 'hello', ticket }))
  dashboard.send(JSON.stringify({ kind: 'subscribe', class: one.id }))
  await eventually(() => heard.find(({ kind }) => kind === 'snapshot'))

  const before = (await one.state()).hash
  const flipped = await edit(server, 'attention-rules', { defaultVariant: 'patient' })
  expect(flipped.json.flags).toMatchObject([{ key: 'attention-rules', defaultVariant: 'patient', state: 'enabled' }])
  // Dashboards and the state are served at most every 100 ms.
  await eventually(async () => (kindOf(await one.state()) === 'failing' ? true : undefined))
  const change = await eventually(() => heard.find(({ kind }) => kind === 'changes'))
  expect(JSON.stringify(change.changes)).toContain('"failing"')
  expect((await one.state()).hash).not.toBe(before)
  await edit(server, 'attention-rules', { defaultVariant: 'standard' })
  await eventually(async () => ((await one.state()).hash === before ? true : undefined))

  // While events come in without pause.
  const end = new AbortController()
  const load = (async () => {
    while (!end.signal.aborted) await one.send([failed])
  })()
  for (const defaultVariant of ['patient', 'standard', 'patient', 'standard']) {
    await edit(server, 'attention-rules', { defaultVariant })
    expect(['stuck', 'failing']).toContain(kindOf(await one.state()))
  }
  end.abort()
  await load
  await new Promise((resolve) => setTimeout(resolve, 200))
  const { offset, hash } = await one.state()
  // A replay of the log, flips and all, gives the same; so does the log without them.
  const added = await ask(`${server.url}/api/v2/system/jobs`, {
    token: ADMIN_TOKEN,
    body: { kind: 'replay', class: one.id },
  })
  const job = await eventually(async () => {
    const { jobs } = (await ask(`${server.url}/api/v2/system/jobs`, { token: ADMIN_TOKEN })).json
    return jobs.find(({ id, state }: any) => id === added.json.id && state === 'done')
  }, 15_000)
  expect(job.result).toEqual({ offset, hash, equal: true })
  dashboard.close()
}, 40_000)

it('STA-9 gives a class the rules of its flag after a restart too, and records an experiment in its log', async () => {
  using folder = temporaryFolder()
  let id = ''
  const events = async ({ url }: TestServer): Promise<any[]> =>
    (await ask(`${url}/api/v2/classes/${id}/events`, { token: ADMIN_TOKEN })).json.events
  {
    await using server = await startServer(folder.path)
    const one = await classOf(server)
    id = one.id
    // A class in which nothing has happened is given no event.
    await edit(server, 'attention-rules', { defaultVariant: 'patient' })
    expect(await events(server)).toEqual([])
    await one.send([failed])
    await edit(server, 'attention-rules', { state: 'enabled' })
    const path = `${server.url}/api/v2/system/experiments/rules-and-recovery`
    const started = await ask(path, { method: 'PUT', token: ADMIN_TOKEN, body: { running: true } })
    expect(started.json.experiments).toMatchObject([{ key: 'rules-and-recovery', running: true }])
    expect((await ask(`${path}x`, { method: 'PUT', token: ADMIN_TOKEN, body: { running: true } })).status).toBe(404)
  }
  await using server = await startServer(folder.path)
  await edit(server, 'attention-rules', {})
  const changes = (await events(server)).filter(({ type }) => type === 'rules_changed')
  expect(changes.map(({ data, student }) => [student, data])).toEqual([
    ['', { rules: 'patient' }],
    ['', { rules: 'patient', experiment: 'rules-and-recovery' }],
  ])
  expect((await edit(server, 'nothing', {})).json.code).toBe('not_found')
  expect((await edit(server, 'attention-rules', { shares: { patient: 1 } })).json.code).toBe('bad_request')
})

let shadows: Shadows | undefined
afterEach(async () => {
  await shadows?.stop()
  shadows = undefined
})

it('STA-2 a shadow counts where the candidate differs, and touches nothing', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const one = await classOf(server)
  await one.send([failed, failed, failed])
  const before = (await one.state()).hash
  const path = `${server.url}/api/v2/system/shadows/patient-rules`
  const set = (running: boolean) => ask(path, { method: 'PUT', token: ADMIN_TOKEN, body: { running } })
  expect((await set(true)).json.shadows).toMatchObject([{ name: 'patient-rules', running: true }])
  const list = async () => (await ask(`${server.url}/api/v2/system/flags`, { token: ADMIN_TOKEN })).json.shadows[0]
  const found = await eventually(async () => ((await list()).differing > 0 ? list() : undefined), 10_000)
  expect(found).toMatchObject({ compared: 3, running: true })
  expect(found.samples[0]).toMatchObject({ class: one.id, offset: 3, path: expect.stringMatching(/attention$/) })
  expect((await one.state()).hash).toBe(before)
  expect((await set(false)).json.shadows).toMatchObject([{ running: false, compared: 3 }])
}, 20_000)

it.each([
  ['throws', '', /the candidate is broken/],
  ['hangs', '?hang', /not been heard of/],
])(
  'STA-2 a shadow that %s is ended with the reason, and nothing else notices',
  async (_, suffix, reason) => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const one = await classOf(server)
    await one.send([failed])
    const ended: string[] = []
    const module = `${new URL('shadow-candidates.ts', import.meta.url).href}${suffix}`
    const log = logFilesOf(folder.path)
    shadows = createShadows({ log, module, hungAfterMs: 800, onFailed: (name) => ended.push(name) })
    await shadows.set('patient-rules', true)
    const found = await eventually(() => shadows?.list().find(({ failed: why }) => why !== undefined), 10_000)
    expect(found).toMatchObject({ running: false, failed: expect.stringMatching(reason) })
    expect(ended).toEqual(['patient-rules'])
    await one.send([failed, failed])
    expect(kindOf(await one.state())).toBe('stuck')
    // It can be started again.
    await shadows.set('patient-rules', true)
    expect(shadows.list()[0]).toMatchObject({ running: true })
    await shadows.set('patient-rules', false)
  },
  20_000,
)
