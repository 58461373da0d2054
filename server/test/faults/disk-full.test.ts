import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { ADMIN_TOKEN, ask, eventually, temporaryFolder, type Answer } from '../harness.ts'
import { lectern } from '../process.ts'

const INSTALL = '0190f0a0-0000-7000-8000-000000000001'
const COUNT = 200

/** Limits how large a file the process may write: a write past it fails as on a full disk. */
function limitFiles(pid: number | undefined, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])
}

function eventsFrom(seq: number): object[] {
  return Array.from({ length: COUNT }, (_, index) => ({
    id: `0190f0a0-0000-7000-8000-${String(seq + index).padStart(12, '0')}`,
    install: INSTALL,
    seq: seq + index,
    type: 'custom',
    at: new Date().toISOString(),
    data: { name: 'filler', value: 'x'.repeat(200) },
  }))
}

it.skipIf(process.platform !== 'linux')(
  'ING-7 answers 503 while the disk is full, still shows the class, and goes on by itself',
  async () => {
    using folder = temporaryFolder()
    await using server = lectern(folder.path, ['serve'])
    const url = await server.url()
    const made = await ask(`${url}/api/v2/classes`, { token: ADMIN_TOKEN, body: { name: 'Full' } })
    const codes = await ask(`${url}/api/v2/classes/${made.json.id}/codes`, { method: 'POST', token: ADMIN_TOKEN })
    const joined = await ask(`${url}/api/v2/join`, { body: { code: codes.json.code, install: INSTALL, name: 'Bob' } })
    const send = (seq: number): Promise<Answer> =>
      ask(`${url}/api/v2/events`, { token: joined.json.token, body: { events: eventsFrom(seq) } })
    const read = (): Promise<Answer> =>
      ask(`${url}/api/v2/classes/${made.json.id}/events?after=0&limit=10000`, { token: ADMIN_TOKEN })
    const untilReadyIs = (status: number): Promise<unknown> =>
      eventually(async () => ((await ask(`${url}/readyz`)).status === status ? true : undefined))
    expect((await send(1)).json.ackedThrough).toBe(COUNT)
    await untilReadyIs(200)

    limitFiles(server.child.pid, 0)
    const refused = await send(1 + COUNT)
    expect(refused).toMatchObject({ status: 503, json: { code: 'storage_unavailable' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    await untilReadyIs(503)
    expect((await ask(`${url}/livez`)).status).toBe(200)
    const state = await ask(`${url}/api/v2/classes/${made.json.id}/state`, { token: ADMIN_TOKEN })
    expect(state.json.offset).toBe(COUNT)
    // Nobody reads what students wrote when no entry of it can be kept.
    expect(await read()).toMatchObject({ status: 503, json: { code: 'storage_unavailable' } })

    limitFiles(server.child.pid, 'unlimited')
    await untilReadyIs(200)
    expect((await send(1 + COUNT)).json.ackedThrough).toBe(2 * COUNT)
    const events = (await read()).json.events as { offset: number; seq: number }[]
    expect(events.map(({ offset }) => offset)).toEqual(Array.from({ length: 2 * COUNT }, (_, index) => index + 1))
    expect(events.map(({ seq }) => seq)).toEqual(events.map(({ offset }) => offset))
  },
  30_000,
)
