import { ResearchEvent, ResearchHead } from '@lectern/protocol'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { startServer, temporaryFolder, type Ask, type TestServer, type TestStudent } from './harness.ts'
import { signIn } from './roles-bed.ts'

/** A researcher of the class, signed in. */
async function researcher(server: TestServer, id: string, name: string): Promise<Ask> {
  const { id: user, cookie } = await signIn(server, name, 'member')
  await server.app.directory.classStaff.setRole({ class: id, user, role: 'researcher' }, false)
  return { cookie }
}

const answer = (server: TestServer, { token }: TestStudent, over: object) =>
  server.get('/api/v2/me/consent', {
    method: 'PUT',
    token,
    body: { sharing: true, level: 2, version: 1, research: true, ...over },
  })

/** What comes of a class, with the times asked for. */
async function exported(server: TestServer, place: string, ask: Ask) {
  const [id, query = ''] = place.split('?')
  const { status, text, headers } = await server.get(`/api/v2/classes/${id}/research?${query}`, ask)
  const [head, ...events] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  return { status, text, headers, head, events: events as ResearchEvent[] }
}

describe('research', () => {
  it('RES-1 RES-2 gives what students agreed to, under pseudonyms of the researcher', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const taro = await server.join(code, { name: 'Taro Yamada', email: 'taro@school.example' })
    const aiko = await server.join(code, { name: 'Aiko Mori' })
    const ken = await server.join(code, { name: 'Ken Sato' })
    await answer(server, taro, {})
    await answer(server, aiko, { level: 1 })
    await answer(server, ken, { research: false })
    const run = (source: string) => ({
      notebook: { id: 'taro/diary.ipynb', path: 'taro/diary.ipynb' },
      data: { status: 'error', errorName: 'NameError', source, durationMs: 5 },
    })
    await taro.store([taro.event(run('print("Taro Yamada, Ken, taro@school.example, /home/taro/x.csv")'))])
    await aiko.store([aiko.event(run('secret = 1'))])
    await ken.store([ken.event(run('mine = 1')), ken.event(run('mine = 2'))])

    const [rin, ray] = [await researcher(server, id, 'rin'), await researcher(server, id, 'ray')]
    const first = await exported(server, id, rin)
    expect(first.headers.get('content-type')).toContain('application/jsonl')
    expect([...Value.Errors(ResearchHead, first.head)]).toEqual([])
    expect(first.head).toEqual({ schema: 'lectern.research', version: 1, level: 2, times: 'shifted', students: 2 })
    for (const event of first.events) expect([...Value.Errors(ResearchEvent, event)]).toEqual([])
    const runs = first.events.filter(({ type }) => type === 'cell_executed')
    expect(runs.map(({ data }) => data)).toEqual([
      {
        status: 'error',
        errorName: 'NameError',
        durationMs: 5,
        source: 'print("[name], [name], [address], [path]")',
      },
      { status: 'error', errorName: 'NameError', durationMs: 5 },
    ])
    expect(first.events[0]?.t).toBe(0)
    expect(first.text).not.toMatch(/taro|aiko|yamada|diary|secret|mine|school\.example/i)
    for (const { student, install } of [taro, aiko, ken]) {
      expect(first.text).not.toContain(student)
      expect(first.text).not.toContain(install)
    }

    const ids = ({ events }: { events: ResearchEvent[] }) => new Set(events.map(({ student }) => student))
    expect(ids(await exported(server, id, rin))).toEqual(ids(first))
    const other = await exported(server, `${id}?times=kept`, ray)
    expect(ids(other).size).toBe(2)
    expect([...ids(other)].filter((one) => ids(first).has(one))).toEqual([])
    expect(Math.abs((other.events[0]?.t ?? 0) - Date.now())).toBeLessThan(60_000)

    const { entries } = (await server.staff(`/api/v2/system/audit?class=${id}&action=research_exported`)).json
    expect(entries).toHaveLength(3)
    expect(entries[0].details).toEqual({ students: 2, times: 'kept' })
  })

  it('RES-1 holds nobody who has not agreed, or does no longer', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const taro = await server.join(code, { name: 'Taro' })
    await answer(server, taro, {})
    await taro.store([taro.event(), taro.event()])
    const rin = await researcher(server, id, 'rin')
    expect((await exported(server, id, rin)).events.length).toBeGreaterThan(0)
    await answer(server, taro, { research: false })
    expect(await exported(server, id, rin)).toMatchObject({ head: { students: 0 }, events: [] })
    await answer(server, taro, { sharing: false })
    expect((await exported(server, id, rin)).events).toEqual([])
    expect((await server.get(`/api/v2/classes/${id}/research`, { token: taro.token })).status).toBe(403)
    expect((await server.get(`/api/v2/classes/${id}/research?times=now`, rin)).status).toBe(400)
  })
})
