import { ClassCounts, ClassSummary } from '@lectern/protocol'
import { Value } from 'typebox/value'
import { expect, it } from 'vitest'
import { startServer, temporaryFolder } from './harness.ts'

it('AGG-2 gives observers and students how the class is doing, and nothing of other classes', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id, code } = await server.makeClass()
  const other = await server.makeClass()
  const students = await Promise.all(Array.from({ length: 6 }, () => server.join(code)))
  await Promise.all(students.map((one) => one.store([one.event({ data: { status: 'error', errorName: 'KeyError' } })])))
  const path = `/api/v2/classes/${id}/summary`
  const answer = await server.get(path, { token: students[0]!.token })
  expect(answer.status).toBe(200)
  expect([...Value.Errors(ClassSummary, answer.json)]).toEqual([])
  expect(answer.json).toMatchObject({
    students: 6,
    attention: { failing: 6, help: 0 },
    cells: [{ notebook: 'nb-1', index: 0, done: 0, tried: 6, open: 0 }],
    errors: [{ name: 'KeyError', students: 6 }],
  })
  for (const { student } of students) expect(answer.text).not.toContain(student)
  const foreign = await server.get(`/api/v2/classes/${other.id}/summary`, { token: students[0]!.token })
  expect([foreign.status, foreign.json.detail]).toEqual([403, 'This needs the right: aggregates.see.'])
  // However many ask, a summary is made every few seconds: whoever is counted a moment later does not show.
  const late = await server.join(code)
  await late.store([late.event()])
  expect((await server.get(path, { token: late.token })).text).toBe(answer.text)
})

it('AGG-3 counts exactly who needs what, for who may see the students', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id, code } = await server.makeClass()
  const [bob, eve] = [await server.join(code), await server.join(code)]
  await bob.store([1, 2, 3].map(() => bob.event({ data: { status: 'error', errorName: 'KeyError' } })))
  await eve.store([eve.event()])
  const path = `/api/v2/classes/${id}/counts`
  const { json } = await server.staff(path)
  expect([...Value.Errors(ClassCounts, json)]).toEqual([])
  expect(json).toMatchObject({ stuck: 1, active: 1, help: 0, failing: 0, idle: 0, away: 0 })
  const runs = json.minutes.reduce((sum: number, one: any) => sum + one.executions, 0)
  expect([runs, json.minutes.length > 0]).toEqual([4, true])
  expect((await server.get(path, { token: bob.token })).json.detail).toMatch(
    /^This needs the right: (staff|students.see)/,
  )
})
