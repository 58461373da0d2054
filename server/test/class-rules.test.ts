import { ClassRules, currentAttention, RulesOutcome } from '@lectern/protocol'
import { Value } from 'typebox/value'
import { expect, it } from 'vitest'
import { RULE_SETS } from '../src/live/rules.ts'
import { eventually, startServer, temporaryFolder, type TestServer } from './harness.ts'

const OWN = { ...RULE_SETS.standard, stuckErrors: 2 }
const failed = { data: { status: 'error', errorName: 'NameError', errorMessage: 'x' } }

const needOf = async (server: TestServer, id: string, student: string) => {
  const { students, at } = await server.state(id)
  return currentAttention(students[student]?.attention ?? [], at)?.kind
}
const changesOf = async (server: TestServer, id: string) =>
  (await server.staff(`/api/v2/classes/${id}/events`)).json.events
    .filter(({ type }: any) => type === 'rules_changed')
    .map(({ data }: any) => data)

it('STA-11 gives a class thresholds of its own, which come before flags, and takes them away again', async () => {
  using folder = temporaryFolder()
  const at = `/api/v2/classes/`
  let id = ''
  let student = ''
  {
    await using server = await startServer(folder.path)
    const made = await server.makeClass()
    id = made.id
    const bob = await server.join(made.code)
    student = bob.student
    await bob.store([bob.event(failed), bob.event(failed)])
    const before = (await server.state(id)).hash
    expect(await needOf(server, id, student)).toBe('failing')
    const answer = await server.staff(`${at}${id}/rules`, { method: 'PUT', body: { own: OWN } })
    expect(Value.Check(ClassRules, answer.json)).toBe(true)
    expect(answer.json).toMatchObject({ chosen: { rules: 'own', values: OWN }, own: OWN })
    expect(await needOf(server, id, student)).toBe('stuck')
    // A flag does not reach it.
    const flag = { shares: { patient: 100 } }
    expect((await server.staff('/api/v2/system/flags/attention-rules', { method: 'PUT', body: flag })).status).toBe(200)
    expect(await needOf(server, id, student)).toBe('stuck')
    expect(await changesOf(server, id)).toEqual([{ rules: 'own', ...OWN }])
    const other = await server.makeClass()
    expect((await server.staff(`${at}${other.id}/rules`)).json.chosen.rules).toBe('patient')
    const back = { shares: { standard: 100 } }
    expect((await server.staff('/api/v2/system/flags/attention-rules', { method: 'PUT', body: back })).status).toBe(200)
    await server.staff(`${at}${id}/rules`, { method: 'PUT', body: {} })
    // The flag file is read anew a moment after it was written.
    await eventually(async () => ((await server.state(id)).hash === before ? true : undefined), 10_000)
    expect((await server.staff(`${at}${id}/rules`)).json).toMatchObject({ chosen: { rules: 'standard' } })
    await server.staff(`${at}${id}/rules`, { method: 'PUT', body: { own: OWN } })
    for (const wrong of [{ ...OWN, stuckErrors: 1 }, { ...OWN, awayAfterMs: 0 }, { stuckErrors: 3 }]) {
      const refused = await server.staff(`${at}${id}/rules`, { method: 'PUT', body: { own: wrong } })
      expect(refused.json.code).toBe('bad_request')
    }
  }
  await using server = await startServer(folder.path)
  expect(await needOf(server, id, student)).toBe('stuck')
  expect(await changesOf(server, id)).toHaveLength(3)
})

it('STA-11 shows what other thresholds would have said of the last lesson', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const { id, code } = await server.makeClass()
  const [bob, eve] = [await server.join(code), await server.join(code)]
  const ago = (ms: number) => ({ at: new Date(Date.now() - ms).toISOString() })
  await bob.store([bob.event({ ...failed, ...ago(90_000) }), bob.event({ ...failed, ...ago(60_000) })])
  await eve.store([eve.event()])
  const top = (await server.state(id)).offset
  const path = `/api/v2/classes/${id}/rules/preview`
  const answer = await server.staff(path, { body: { rules: [OWN, RULE_SETS.standard] } })
  expect(answer.status).toBe(200)
  expect(Value.Check(RulesOutcome, answer.json)).toBe(true)
  expect(answer.json.students).toBe(2)
  expect(answer.json.outcomes).toMatchObject([{ stuck: { students: 1, times: 1 } }, { stuck: { students: 0 } }])
  expect(answer.json.outcomes[0].stuck.ms).toBeGreaterThan(59_000)
  expect((await server.staff(path, { body: { rules: [] } })).json.code).toBe('bad_request')
  expect((await server.staff(path, { body: { rules: [OWN], from: 5, to: 4 } })).json.code).toBe('bad_request')
  expect((await server.state(id)).offset).toBe(top)
}, 30_000)
