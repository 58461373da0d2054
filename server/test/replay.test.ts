import { randomBytes, randomUUID } from 'node:crypto'
import { CONSENT_VERSION, type ReplayLine } from '@lectern/protocol'
import { expect, it } from 'vitest'
import { createVault } from '../src/keys/vault.ts'
import { openSqliteLog } from '../src/store/sqlite-log.ts'
import { openSqliteDatabase } from '../src/store/sqlite.ts'
import {
  ADMIN_TOKEN,
  eventually,
  logFilesOf,
  startServer,
  temporaryFolder,
  type Answer,
  type TestServer,
} from './harness.ts'

/** Of a lesson that is longer than what waits on the way to a reader. */
const SECONDS = 28_000

const run = (status: 'ok' | 'error', message = '') => ({
  type: 'cell_executed',
  data: status === 'ok' ? { status } : { status, errorName: 'NameError', errorMessage: message },
})
const linesOf = ({ text }: Answer): ReplayLine[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ReplayLine)

/** A class in which two did something. */
async function lesson(server: TestServer) {
  const { id, code } = await server.makeClass()
  const [bob, eve] = [await server.join(code), await server.join(code, { name: 'Eve' })]
  await bob.store([bob.event(run('ok')), bob.event(run('error', 'a canary of Bob'))])
  await eve.store([eve.event(run('error', 'a canary of Eve'))])
  return { id, bob, eve, path: `/api/v2/classes/${id}/replay` }
}

it('RPL-1 RPL-2 streams a lesson that ends in the state of the class, and leaves an entry', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id, bob, eve, path } = await lesson(server)
  const answer = await server.staff(`${path}?notebook=nb-1`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/jsonl'])
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  const lines = linesOf(answer)
  const { offset, hash } = await server.state(id)
  expect(lines[0]).toMatchObject({ kind: 'replay', class: id, offset })
  expect(lines.at(-1)).toEqual({ kind: 'end', offset, hash })
  const rows = lines.flatMap((line) => (line.kind === 'matrix' ? [line.rows] : []))
  expect(Object.assign({}, ...rows)).toMatchObject({ [bob.student]: 'f2', [eve.student]: 'f' })
  const plain = await server.staff(path, { headers: { 'accept-encoding': 'identity' } })
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(linesOf(plain).at(-1)).toEqual({ kind: 'end', offset, hash })
  const { entries } = (await server.staff('/api/v2/system/audit?action=lesson_replayed')).json
  expect(entries).toMatchObject([{ class: id }, { class: id }])
  const none = await server.staff(`${path}?from=1&to=2`)
  expect(linesOf(none).at(-1)).toMatchObject({ kind: 'end', offset: 0 })
  expect((await server.staff(`${path}?from=x`)).json.code).toBe('bad_request')
}, 30_000)

it('RPL-3 shows nothing of who was erased or shares no more', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id, bob, eve, path } = await lesson(server)
  const body = { sharing: false, level: 0, version: CONSENT_VERSION }
  expect((await server.get('/api/v2/me/consent', { method: 'PUT', token: bob.token, body })).status).toBe(200)
  const { hash } = await eventually(async () => {
    const state = await server.state(id)
    return state.offset === 4 ? state : undefined
  })
  const silent = await server.staff(path)
  expect(silent.text).toContain('canary of Eve')
  expect(silent.text).not.toContain('canary of Bob')
  expect(linesOf(silent).at(-1)).toMatchObject({ hash })
  await server.staff(`/api/v2/classes/${id}/students/${eve.student}`, { method: 'DELETE' })
  const erased = await server.staff(path)
  expect(erased.text).not.toContain('canary')
  expect(erased.text).not.toContain(eve.student)
  expect(linesOf(erased).at(-1)).toMatchObject({ hash: (await server.state(id)).hash })
}, 30_000)

/** Writes a lesson of eight hours, in which something happened each second, into the log of a server that does not run. */
async function writeLongLesson(folder: string, owner: { class: string; student: string }): Promise<void> {
  const { file, vault: files } = logFilesOf(folder)
  const vault = createVault({
    database: openSqliteDatabase(files.keys),
    serverKey: files.serverKey,
    random: randomBytes,
  })
  const log = openSqliteLog({ file, vault })
  const install = randomUUID()
  // Times of a log never go back.
  const begin = Date.now() + 1000
  for (let first = 0; first < SECONDS; first += 1000) {
    const events = Array.from({ length: 1000 }, (_, index) => {
      const seq = first + index + 1
      const time = begin + seq * 1000
      const errorName = `E${seq}-${'y'.repeat(200)}`
      return {
        ...owner,
        id: randomUUID(),
        install,
        seq,
        type: 'cell_executed' as const,
        at: new Date(time).toISOString(),
        received: time,
        time,
        notebook: { id: 'nb', path: 'nb.ipynb' },
        cell: { id: 'c', index: 1, type: 'code' as const },
        data: { status: 'error' as const, errorName, errorMessage: 'z'.repeat(250) },
      }
    })
    await log.append({ events, refused: [] })
  }
  await log.close()
}

it('RPL-3 LIM-6 is bounded: few at once, ended with the reader, broken off by an erasure', async () => {
  using folder = temporaryFolder()
  let made: { id: string; bob: { student: string }; eve: { student: string }; path: string }
  {
    await using before = await startServer(folder.path)
    made = await lesson(before)
  }
  const { id, bob, eve, path } = made
  await writeLongLesson(folder.path, { class: id, student: bob.student })
  await using server = await startServer(folder.path)
  const leave = [new AbortController(), new AbortController()]
  const open = (at: number) =>
    fetch(`${server.url}${path}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'accept-encoding': 'identity' },
      signal: leave[at]!.signal,
    })
  const [first, second] = await Promise.all([open(0), open(1)])
  expect([first.status, second.status]).toEqual([200, 200])
  const third = await server.staff(path)
  expect([third.status, third.json.code, third.headers.get('retry-after')]).toEqual([429, 'overloaded', '10'])
  leave[0]!.abort()
  await eventually(async () => ((await server.staff(`${path}?from=1&to=2`)).status === 200 ? true : undefined))
  // What is not read waits in the thread.
  expect(process.memoryUsage.rss()).toBeLessThan(700 * 1024 * 1024)
  await server.staff(`/api/v2/classes/${id}/students/${eve.student}`, { method: 'DELETE' })
  expect(await second.text().catch(() => 'broken off')).toBe('broken off')
}, 120_000)
