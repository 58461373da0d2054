import { expect, it } from 'vitest'
import type { LecternEvent } from '../../../protocol/src/events.ts'
import {
  OUTBOX_LIMITS,
  OutboxFullError,
  type Draft,
  type Membership,
  type OpenRun,
  type Outbox,
  type OutboxLimits,
} from './outbox.ts'

const INSTALL = '0192f0c1-7b1a-7c3e-9d55-0a1b2c3d4e5f'
const DETAILS = { server: 'http://s', code: 'ABC', name: 'Aiko' }
const ALL = { events: 1000, bytes: 1e9 }
const MEMBER: Membership = { token: 't', class: { id: 'k', name: 'K' }, student: 's', level: 2, sharing: true }

let count = 0
const draft = (over: Partial<Draft> = {}): Draft => {
  count += 1
  return { id: `id-${count}`, type: 'presence', at: '2026-04-10T01:00:00.000Z', data: { focus: true }, ...over }
}
const stored = (event: LecternEvent) => ({ event, status: 'stored' as const })

/** What every outbox owes, in memory or not. */
export function outboxContract(open: (limits?: OutboxLimits) => Promise<Outbox>): void {
  it('EVT-2 counts from 1 without gaps, also when many events are kept at once', async () => {
    const outbox = await open()
    await outbox.open(DETAILS, INSTALL)
    const kept = await Promise.all(Array.from({ length: 50 }, () => outbox.keep(INSTALL, draft())))
    expect(kept.map((event) => event.seq)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
    expect((await outbox.oldest(INSTALL, ALL)).map((event) => event.seq)).toEqual(kept.map((event) => event.seq))
  })

  it('EVT-2 takes a new install for somebody else or another class, and the old one for who comes back', async () => {
    const outbox = await open()
    const other = '0192f0c1-7b1a-7c3e-9d55-0a1b2c3d4e60'
    const first = await outbox.open(DETAILS, INSTALL)
    await outbox.keep(first.install, draft())
    const second = await outbox.open({ ...DETAILS, code: 'XYZ' }, other)
    expect(second).toMatchObject({ install: other, nextSeq: 1 })
    expect(await outbox.open({ ...DETAILS, team: 'red' }, other)).toMatchObject({ install: INSTALL, nextSeq: 2 })
    expect(await outbox.waiting(INSTALL)).toBe(1)
  })

  it('ING-2 deletes only what is settled, counts it once, and keeps the last reason', async () => {
    const outbox = await open()
    await outbox.open(DETAILS, INSTALL)
    const kept = [await outbox.keep(INSTALL, draft()), await outbox.keep(INSTALL, draft())] as const
    const answers = [stored(kept[0]), { event: kept[1], status: 'refused' as const, code: 'invalid_event' }]
    await outbox.settle(INSTALL, answers.slice(0, 1), 5)
    expect((await outbox.oldest(INSTALL, ALL)).map(({ id }) => id)).toEqual([kept[1].id])
    await outbox.settle(INSTALL, answers, 6)
    await outbox.settle(INSTALL, answers, 7)
    const join = await outbox.join(INSTALL)
    expect(join).toMatchObject({ sent: 1, refused: 1, lastRefusal: { code: 'invalid_event', at: 6 } })
    expect(await outbox.waiting(INSTALL)).toBe(0)
    expect((await outbox.keep(INSTALL, draft())).seq).toBe(3)
  })

  it('BAT-1 reads no more than was asked for, and at least one event', async () => {
    const outbox = await open()
    await outbox.open(DETAILS, INSTALL)
    for (let index = 0; index < 5; index += 1) await outbox.keep(INSTALL, draft())
    expect(await outbox.oldest(INSTALL, { events: 2, bytes: 1e9 })).toHaveLength(2)
    expect(await outbox.oldest(INSTALL, { events: 9, bytes: 1 })).toHaveLength(1)
  })

  it('SUB-6 does not take "no request is open" for an answer to a request that is still on its way', async () => {
    const outbox = await open()
    await outbox.open(DETAILS, INSTALL)
    const asked = await outbox.keep(INSTALL, draft({ type: 'help_requested', data: {} }))
    await outbox.helpIs(INSTALL, { open: false })
    expect((await outbox.join(INSTALL))?.help.open).toBe(true)
    await outbox.settle(INSTALL, [stored(asked)], 1)
    await outbox.helpIs(INSTALL, { open: false })
    expect((await outbox.join(INSTALL))?.help.open).toBe(false)
  })

  it('TLK-7 does not take a place in the queue for an answer to a withdrawal', async () => {
    const outbox = await open()
    await outbox.open(DETAILS, INSTALL)
    const asked = await outbox.keep(INSTALL, draft({ type: 'help_requested', data: { message: 'why?' } }))
    await outbox.settle(INSTALL, [stored(asked)], 1)
    await outbox.helpIs(INSTALL, { open: true, since: 5, place: 2 })
    const again = await outbox.keep(INSTALL, draft({ type: 'help_withdrawn', data: {} }))
    await outbox.helpIs(INSTALL, { open: true, since: 5, place: 1 })
    expect((await outbox.join(INSTALL))?.help).toEqual({ open: false, seq: again.seq })
  })

  it('TLK-7 takes the place in the queue before the acknowledgement, and keeps what was asked beside it', async () => {
    const outbox = await open()
    await outbox.open(DETAILS, INSTALL)
    const asked = await outbox.keep(INSTALL, draft({ type: 'help_requested', data: { message: 'why?' } }))
    await outbox.helpIs(INSTALL, { open: true, since: 5, place: 2 })
    const own = { event: asked.id, message: 'why?' }
    expect((await outbox.join(INSTALL))?.help).toEqual({ open: true, since: 5, place: 2, ...own })
    await outbox.settle(INSTALL, [stored(asked)], 1)
    await outbox.helpIs(INSTALL, { open: true, since: 5, coming: 'Aiko' })
    expect((await outbox.join(INSTALL))?.help).toEqual({ open: true, since: 5, coming: 'Aiko', ...own })
    await outbox.helpIs(INSTALL, { open: false })
    expect((await outbox.join(INSTALL))?.help).toEqual({ open: false, event: asked.id })
  })

  it('AUT-5 forgets a token that is no longer good, and nothing else', async () => {
    const outbox = await open()
    await outbox.open(DETAILS, INSTALL)
    await outbox.admit(INSTALL, MEMBER)
    await outbox.keep(INSTALL, draft())
    expect((await outbox.join(INSTALL))?.member).toEqual(MEMBER)
    await outbox.admit(INSTALL, undefined)
    expect(await outbox.join(INSTALL)).toMatchObject({ nextSeq: 2 })
    expect((await outbox.join(INSTALL))?.member).toBeUndefined()
  })

  it('keeps nothing for an install that never joined', async () => {
    const outbox = await open()
    await expect(outbox.keep(INSTALL, draft())).rejects.toThrow(INSTALL)
    await outbox.collect()
    expect(await outbox.joins()).toEqual([])
  })

  const run: OpenRun = {
    id: 'run-1',
    install: INSTALL,
    page: 'p',
    kernel: { id: 'k', name: 'python3' },
    client: 'c',
    request: 'r',
    code: '1',
    notebook: { id: 'n', path: 'n' },
    cell: { id: 'c', index: 0, type: 'code' },
    at: 1_000,
  }

  it('tells the end of a run once, whoever tells it, under the id that it had from its beginning', async () => {
    const outbox = await open()
    await outbox.open(DETAILS, INSTALL)
    await outbox.begin(run)
    expect(await outbox.openRuns()).toEqual([run])
    const ends = await Promise.all([outbox.end(run.id, draft()), outbox.end(run.id, draft())])
    expect(ends.map((event) => event?.id)).toEqual(['run-1', undefined])
    expect(await outbox.openRuns()).toEqual([])
    expect((await outbox.oldest(INSTALL, ALL)).map(({ id, seq }) => [id, seq])).toEqual([['run-1', 1]])
  })

  const shows = (text: string) =>
    draft({ type: 'cell_executed', data: { source: '1', outputs: [{ kind: 'stdout', text }] } })

  it('leaves outputs out when there is little room, says so, and refuses all but help when there is none', async () => {
    const outbox = await open({ ...OUTBOX_LIMITS, events: 60, bytes: 10_000 })
    await outbox.open(DETAILS, INSTALL)
    for (let index = 0; index < 20; index += 1) await outbox.keep(INSTALL, shows('x'.repeat(900)))
    const join = await outbox.join(INSTALL)
    const waiting = await outbox.oldest(INSTALL, ALL)
    expect(waiting).toHaveLength(20)
    expect(join?.shrunk).toBeGreaterThan(8)
    expect(waiting.filter(({ data }) => !('outputs' in data))).toHaveLength(join!.shrunk)
    expect(waiting.every(({ data }) => 'source' in data)).toBe(true)
    expect(join?.kept).toEqual({ events: 20, bytes: waiting.reduce((sum, one) => sum + JSON.stringify(one).length, 0) })
    const fill = async () => {
      for (let index = 0; index < 60; index += 1) await outbox.keep(INSTALL, draft())
    }
    await expect(fill()).rejects.toThrow(OutboxFullError)
    const asked = await outbox.keep(INSTALL, draft({ type: 'help_requested', data: {} }))
    expect(asked.seq).toBe(await outbox.waiting(INSTALL))
    await outbox.settle(INSTALL, (await outbox.oldest(INSTALL, ALL)).map(stored), 1)
    expect((await outbox.keep(INSTALL, shows('y'))).data).toHaveProperty('outputs')
  })

  it('gives up what has waited for thirty days, and says so', async () => {
    const outbox = await open()
    await outbox.open(DETAILS, INSTALL)
    const begun = Date.parse('2026-04-10T01:00:00.000Z')
    await outbox.keep(INSTALL, draft())
    await outbox.keep(INSTALL, draft({ at: '2026-04-20T01:00:00.000Z' }))
    await outbox.tidy(begun + 29 * 86_400_000)
    expect(await outbox.waiting(INSTALL)).toBe(2)
    await outbox.tidy(begun + 31 * 86_400_000)
    expect(await outbox.join(INSTALL)).toMatchObject({ expired: 1, kept: { events: 1 } })
    expect((await outbox.oldest(INSTALL, ALL)).map(({ seq }) => seq)).toEqual([2])
  })
}
