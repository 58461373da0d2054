import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { openLogReader } from '../src/store/sqlite-reader.ts'
import { replay } from '../src/workers/job-thread.ts'
import { exportFile } from '../src/workers/kinds.ts'
import { ADMIN_TOKEN, ask, eventually, logFilesOf, startServer, temporaryFolder, type TestServer } from './harness.ts'

const NOTEBOOK = { id: 'nb', path: 'nb.ipynb' }

async function classWithEvents(server: TestServer, count: number): Promise<string> {
  const made = await ask(`${server.url}/api/v2/classes`, { token: ADMIN_TOKEN, body: { name: 'K' } })
  const path = `${server.url}/api/v2/classes/${made.json.id}`
  const { code } = (await ask(`${path}/codes`, { method: 'POST', token: ADMIN_TOKEN })).json
  const install = randomUUID()
  const { token } = (await ask(`${server.url}/api/v2/join`, { body: { code, install, name: 'Bob' } })).json
  const events = Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    install,
    seq: index + 1,
    type: 'cell_executed',
    at: new Date().toISOString(),
    notebook: NOTEBOOK,
    cell: { id: `c${index % 3}`, index: index % 3, type: 'code' },
    data: { status: index % 5 === 0 ? 'error' : 'ok', errorName: 'NameError', durationMs: 10 },
  }))
  expect((await ask(`${server.url}/api/v2/events`, { token, body: { events } })).json.ackedThrough).toBe(count)
  return made.json.id
}

const jobsOf = async ({ url }: TestServer): Promise<any> =>
  (await ask(`${url}/api/v2/system/jobs`, { token: ADMIN_TOKEN })).json

async function done(server: TestServer, body: object): Promise<any> {
  const added = await ask(`${server.url}/api/v2/system/jobs`, { token: ADMIN_TOKEN, body })
  expect(added.status).toBe(202)
  return eventually(
    async () => (await jobsOf(server)).jobs.find((job: any) => job.id === added.json.id && job.state === 'done'),
    15_000,
  )
}

it('STA-2 LOG-1 folds a class anew, exports it, and verifies the data, in threads of their own', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const id = await classWithEvents(server, 40)
  expect((await done(server, { kind: 'replay', class: id })).result).toMatchObject({ offset: 40, equal: true })
  const exported = await done(server, { kind: 'export', class: id })
  expect(exported.result).toMatchObject({ events: 40 })
  const path = `${server.url}/api/v2/system/jobs`
  const file = await fetch(`${path}/${exported.id}/result`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })
  const lines = (await file.text()).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).offset)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
  expect((await done(server, { kind: 'verify' })).result).toMatchObject({ faults: [], classes: 1, events: 40 })
  expect((await ask(path, { token: ADMIN_TOKEN, body: { kind: 'nothing' } })).json.code).toBe('bad_request')
  expect((await ask(path, { token: ADMIN_TOKEN, body: { kind: 'replay' } })).json.code).toBe('bad_request')
  expect((await ask(path, { token: ADMIN_TOKEN, body: { kind: 'replay', class: 'none' } })).json.code).toBe('not_found')
  expect((await ask(`${path}/${exported.id}/replay`, { method: 'POST', token: ADMIN_TOKEN })).json.code).toBe(
    'conflict',
  )
  expect(existsSync(exportFile(folder.path, exported.id))).toBe(true)
  expect((await ask(`${path}/${exported.id}`, { method: 'DELETE', token: ADMIN_TOKEN })).status).toBe(204)
  expect(existsSync(exportFile(folder.path, exported.id))).toBe(false)
  expect((await ask(`${path}/${exported.id}/result`, { token: ADMIN_TOKEN })).status).toBe(404)
  expect((await ask(`${server.url}/api/v2/system/report`, { token: ADMIN_TOKEN })).json).toEqual({ state: 'none' })
})

it('STA-2 a replay finds a state that is not the fold of the log, and says where', async () => {
  using folder = temporaryFolder()
  let live: any
  {
    await using server = await startServer(folder.path)
    const id = await classWithEvents(server, 10)
    live = (await ask(`${server.url}/api/v2/classes/${id}/state`, { token: ADMIN_TOKEN })).json
  }
  const { port1, port2 } = new MessageChannel()
  const files = logFilesOf(folder.path)
  const log = openLogReader(files)
  const [id = ''] = log.tops().keys()
  log.close()
  const input = { log: files, class: id, top: 10, live }
  expect(await replay({ input, port: port2 })).toEqual({ offset: 10, hash: live.hash, equal: true })
  const [[student, { executions }]] = Object.entries<any>(live.students) as [[string, any]]
  live.students[student].executions += 1
  live.hash = 'of something else'
  expect(await replay({ input, port: port2 })).toMatchObject({
    equal: false,
    difference: { path: `students.${student}.executions`, current: executions + 1, candidate: executions },
  })
  await expect(replay({ input: { ...input, top: 11 }, port: port2 })).rejects.toThrow('ends at offset 10')
  port1.close()
})

it('rolls up each event once, by minute and by cell, also when an older log is put back', async () => {
  using folder = temporaryFolder()
  const copy = join(folder.path, 'copy.db')
  let id = ''
  const rollups = async (server: TestServer, offset: number): Promise<any> =>
    eventually(async () => {
      const { json } = await ask(`${server.url}/api/v2/classes/${id}/rollups`, { token: ADMIN_TOKEN })
      return json.offset === offset ? json : undefined
    }, 15_000)
  {
    await using server = await startServer(folder.path)
    id = await classWithEvents(server, 30)
  }
  copyFileSync(join(folder.path, 'log.db'), copy)
  {
    await using server = await startServer(folder.path)
    const { minutes, cells } = await rollups(server, 30)
    expect(minutes.reduce((sum: number, { runs }: any) => sum + runs, 0)).toBe(30)
    expect(minutes.reduce((sum: number, { errors }: any) => sum + errors, 0)).toBe(6)
    expect(minutes.every(({ students }: any) => students === 1)).toBe(true)
    expect(cells).toMatchObject([
      { cell: 'c0', reached: 1, done: 1, runs: 10, durationMs: 100 },
      { cell: 'c1', runs: 10 },
      { cell: 'c2', runs: 10 },
    ])
    const { runners } = await jobsOf(server)
    expect(Object.fromEntries(runners.map(({ name, ...rest }: any) => [name, rest]))).toMatchObject({
      rollups: { lag: 0, handled: 30, failures: 0 },
      // Kept when the server before this one stopped.
      checkpoints: { state: 'waiting', lag: 0, handled: 0, failures: 0 },
      alerts: { failures: 0 },
      experiments: { failures: 0 },
      retention: { failures: 0 },
    })
    const { code } = (await ask(`${server.url}/api/v2/classes/${id}/codes`, { method: 'POST', token: ADMIN_TOKEN }))
      .json
    const install = randomUUID()
    const { token } = (await ask(`${server.url}/api/v2/join`, { body: { code, install, name: 'Eve' } })).json
    const event = { id: randomUUID(), install, seq: 1, type: 'presence', at: new Date().toISOString(), data: {} }
    await ask(`${server.url}/api/v2/events`, { token, body: { events: [event] } })
    await rollups(server, 31)
    const lags = Object.fromEntries((await jobsOf(server)).runners.map(({ name, lag }: any) => [name, lag]))
    expect(lags).toMatchObject({ rollups: 0, checkpoints: 1 })
  }
  copyFileSync(copy, join(folder.path, 'log.db'))
  await using server = await startServer(folder.path)
  const { minutes } = await rollups(server, 30)
  expect(minutes.reduce((sum: number, { events }: any) => sum + events, 0)).toBe(30)
}, 60_000)
