import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { exportFile } from '../../src/workers/kinds.ts'
import { ADMIN_TOKEN, ask, eventually, temporaryFolder } from '../harness.ts'
import { lectern } from '../process.ts'

const BATCHES = 40
const BATCH_EVENTS = 1_000
const KILLS = 2

async function fill(url: string): Promise<string> {
  const { id } = (await ask(`${url}/api/v2/classes`, { token: ADMIN_TOKEN, body: { name: 'K' } })).json
  const { code } = (await ask(`${url}/api/v2/classes/${id}/codes`, { method: 'POST', token: ADMIN_TOKEN })).json
  const install = randomUUID()
  const { token } = (await ask(`${url}/api/v2/join`, { body: { code, install, name: 'Bob' } })).json
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const events = Array.from({ length: BATCH_EVENTS }, (_, index) => ({
      id: randomUUID(),
      install,
      seq: batch * BATCH_EVENTS + index + 1,
      type: 'presence',
      at: new Date().toISOString(),
      data: {},
    }))
    expect((await ask(`${url}/api/v2/events`, { token, body: { events } })).status).toBe(200)
  }
  return id
}

const jobOf = async (url: string, id: number): Promise<any> => {
  const { jobs } = (await ask(`${url}/api/v2/system/jobs`, { token: ADMIN_TOKEN })).json
  return jobs.find((job: any) => job.id === id)
}

it('an export whose server is killed again and again is there once, and whole', async () => {
  using folder = temporaryFolder()
  let job = 0
  for (let kill = 0; kill < KILLS; kill += 1) {
    await using server = lectern(folder.path, ['serve'])
    const url = await server.url()
    if (job === 0) {
      const body = { kind: 'export', class: await fill(url) }
      job = (await ask(`${url}/api/v2/system/jobs`, { token: ADMIN_TOKEN, body })).json.id
    }
    await eventually(async () => existsSync(`${exportFile(folder.path, job)}.part`) || undefined, 15_000)
    server.child.kill('SIGKILL')
    await server.exit
    // The control: the kill came under the job, not after it.
    expect(readdirSync(join(folder.path, 'exports'))).toEqual([`${job}.jsonl.part`])
  }
  await using server = lectern(folder.path, ['serve'])
  const url = await server.url()
  const done = await eventually(async () => {
    const found = await jobOf(url, job)
    return found.state === 'done' ? found : undefined
  }, 30_000)
  const events = BATCHES * BATCH_EVENTS
  expect(done).toMatchObject({ attempts: KILLS + 1, result: { events } })
  const lines = readFileSync(exportFile(folder.path, job), 'utf8').trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).offset)).toEqual(Array.from({ length: events }, (_, index) => index + 1))
  expect(readdirSync(join(folder.path, 'exports'))).toEqual([`${job}.jsonl`])
}, 120_000)
