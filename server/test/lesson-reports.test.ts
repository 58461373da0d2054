import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONSENT_VERSION, LessonReportAnswer } from '@lectern/protocol'
import { Value } from 'typebox/value'
import { expect, it } from 'vitest'
import { eventually, startServer, temporaryFolder, type TestServer } from './harness.ts'

const run = (status: 'ok' | 'error') => ({
  type: 'cell_executed',
  notebook: { id: 'nb', path: 'nb.ipynb' },
  cell: { id: 'c1', index: 0, type: 'code' },
  data: status === 'ok' ? { status } : { status, errorName: 'ValueError', errorMessage: 'a canary in a message' },
})

async function made(server: TestServer, path: string, body: object = {}): Promise<any> {
  const asked = await server.staff(path, { body })
  expect(asked.status).toBe(202)
  return eventually(async () => {
    const { json } = await server.staff(`${path}/${asked.json.id}`)
    expect(json.info.state).not.toBe('dead')
    return json.info.state === 'done' ? json : undefined
  }, 15_000)
}

it('REP-1 REP-2 reports on the last lesson of a class, keeps the report sealed, and removes it', async () => {
  using folder = temporaryFolder()
  let path = ''
  let id = 0
  {
    await using server = await startServer(folder.path)
    const { id: classId, code } = await server.makeClass()
    path = `/api/v2/classes/${classId}/reports`
    expect((await server.staff(path)).json).toEqual({ reports: [] })
    const [bob, eve] = [await server.join(code), await server.join(code, { name: 'Eve' })]
    await bob.store([bob.event(run('error')), bob.event(run('error')), bob.event(run('ok'))])
    const answer = await made(server, path)
    expect(Value.Check(LessonReportAnswer, answer)).toBe(true)
    expect(answer.report).toMatchObject({ class: classId, offset: 3, errorGroups: 1, absent: [eve.student] })
    expect(answer.report.attendance).toMatchObject([{ student: bob.student, executions: 3, failures: 2, done: 1 }])
    expect(answer.info).toMatchObject({ students: 1, from: answer.report.from, to: answer.report.to })
    id = answer.info.id
    const later = await made(server, path, { from: answer.report.to + 3_600_000 })
    expect(later.report.attendance).toEqual([])
    expect((await server.staff(path)).json.reports.map((one: any) => one.id)).toEqual([later.info.id, id])
    for (const name of readdirSync(join(folder.path, 'reports'))) {
      expect(readFileSync(join(folder.path, 'reports', name)).includes('canary')).toBe(false)
    }
    expect((await server.staff(path, { body: { from: 5, to: 4 } })).json.code).toBe('bad_request')
    const other = await server.makeClass()
    expect((await server.staff(`/api/v2/classes/${other.id}/reports/${id}`)).json.code).toBe('not_found')
    expect((await server.staff(`${path}/99999`)).json.code).toBe('not_found')
  }
  await using server = await startServer(folder.path)
  expect((await server.staff(`${path}/${id}`)).json.report.errors[0].message).toBe('a canary in a message')
  const file = join(folder.path, 'reports', `${id}.sealed`)
  expect(existsSync(file)).toBe(true)
  expect((await server.staff(`${path}/${id}`, { method: 'DELETE' })).status).toBe(204)
  expect(existsSync(file)).toBe(false)
  expect((await server.staff(`${path}/${id}`)).json.code).toBe('not_found')
}, 60_000)

it('REP-3 PRI-3 removes the reports of a class when somebody of it is erased', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id: classId, code } = await server.makeClass()
  const path = `/api/v2/classes/${classId}/reports`
  const bob = await server.join(code)
  await bob.store([bob.event(run('ok'))])
  const { info } = await made(server, path)
  expect((await server.staff(`/api/v2/classes/${classId}/students/${bob.student}`, { method: 'DELETE' })).status).toBe(
    200,
  )
  expect((await server.staff(`${path}/${info.id}`)).json.code).toBe('not_found')
  expect(readdirSync(join(folder.path, 'reports'))).toEqual([])
})

it('REP-3 CON-5 removes the reports of a class when somebody no longer shares, and says only that of them', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id: classId, code } = await server.makeClass()
  const path = `/api/v2/classes/${classId}/reports`
  const [bob, eve] = [await server.join(code), await server.join(code, { name: 'Eve' })]
  await bob.store([bob.event(run('error'))])
  await eve.store([eve.event(run('ok'))])
  const { info } = await made(server, path)
  const other = await server.makeClass()
  const kept = await made(server, `/api/v2/classes/${other.id}/reports`)
  const body = { sharing: false, level: 0, version: CONSENT_VERSION }
  const said = await server.get('/api/v2/me/consent', { method: 'PUT', token: bob.token, body })
  expect(said.status).toBe(200)
  expect((await server.staff(`${path}/${info.id}`)).json.code).toBe('not_found')
  expect((await server.staff(`/api/v2/classes/${other.id}/reports/${kept.info.id}`)).status).toBe(200)
  const { report } = await made(server, path)
  expect(report).toMatchObject({ notSharing: [bob.student], absent: [], errors: [] })
  expect(report.attendance.map(({ student }: any) => student)).toEqual([eve.student])
})
