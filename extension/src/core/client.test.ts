import 'fake-indexeddb/auto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, it, vi } from 'vitest'
import { EVENT_DATA, EventEnvelope } from '../../../protocol/src/events.ts'
import { ClientMessage } from '../../../protocol/src/messages.ts'
import { startClassServer, type ClassServer, type Fault } from '../test/class-server.ts'
import { createLock, openTab, type Tab } from '../test/tab.ts'

const FAULTS: readonly Fault[] = [
  'none',
  'none',
  'error',
  'busy',
  'portal',
  'lost',
  'refuse',
  'empty',
  'unauthenticated',
]
let count = 0
const freshName = () => `client-${(count += 1)}`
const half = () => 0.5
const RUN = {
  type: 'cell_executed' as const,
  notebook: { id: 'n', path: 'n' },
  cell: { id: 'c', index: 0, type: 'code' as const },
}

const YES = { sharing: true, level: 4, version: 1 } as const
const detailsOn = ({ url }: ClassServer) => ({ server: url, code: 'ABC', name: 'Aiko' })

async function joinedTab(server: ClassServer, name = freshName(), lock = createLock()): Promise<Tab> {
  const tab = await openTab({ name, lock, random: half })
  const details = detailsOn(server)
  await tab.client.configure(details, (await tab.client.known(details))?.answer ? undefined : YES)
  return tab
}

const settled = (tab: Tab, sent: number) =>
  vi.waitFor(() => expect(tab.status()).toMatchObject({ waiting: 0, join: { sent } }), { timeout: 5_000, interval: 5 })

describe('client', () => {
  it('JOI-1 joins once, then sends over a socket with a ticket, and by POST without', async () => {
    for (const sockets of [true, false]) {
      await using server = await startClassServer({ sockets })
      const tab = await joinedTab(server)
      await tab.client.capture({ type: 'session_started', data: { client: 'x' } })
      await settled(tab, 1)
      await vi.waitFor(() => expect(tab.status()?.live).toBe(sockets))
      await tab.client.capture({ type: 'presence', data: { focus: true } })
      await settled(tab, 2)
      expect(server.joins).toHaveLength(1)
      expect(server.socketBatches > 0).toBe(sockets)
      await tab.close()
    }
  })

  it('CON-1 CON-4 takes the word of the server on what is shared, and captures nothing but help when nothing is', async () => {
    await using server = await startClassServer({ level: 3 })
    const tab = await joinedTab(server)
    await vi.waitFor(() => expect(tab.status()?.live).toBe(true))
    const asks = { level: 3, version: 1, retentionDays: 180 }
    const consentIs = async (frame: object) => {
      server.say({ kind: 'consent', asks, ...frame })
      await vi.waitFor(() => expect(tab.status()?.join?.member?.consent).toEqual({ asks, ...frame }))
    }
    await consentIs({ open: true, inForce: 1 })
    await tab.client.capture({ ...RUN, data: { status: 'ok', source: 'secret' } })
    await settled(tab, 1)
    expect([...server.events.values()].at(-1)?.data).toEqual({ status: 'ok' })
    await consentIs({ open: false })
    expect(await tab.client.capture({ ...RUN, data: { status: 'ok' } })).toBeUndefined()
    expect(await tab.client.capture({ type: 'help_requested', data: { message: 'please' } })).toBeDefined()
    await settled(tab, 2)
    // What is no such word changes nothing.
    server.say({ kind: 'consent', asks: { level: 9 }, open: 'yes' })
    server.say({ kind: 'consent', asks: { ...asks, level: 2 }, open: false, inForce: 2 })
    await vi.waitFor(() => expect(tab.status()?.join?.member?.level).toBe(2))
    await tab.close()
  })

  it('CON-3 answers what may be collected, and says what went wrong', async () => {
    let fault: Fault = 'none'
    await using server = await startClassServer({ level: 2, fault: () => fault })
    const tab = await joinedTab(server)
    await vi.waitFor(() => expect(tab.status()?.state).toBe('joined'))
    const answer = { sharing: true, level: 1 as const, version: 1 }
    expect(await tab.client.consent(answer)).toBeUndefined()
    expect(server.consents).toEqual([answer])
    expect(await tab.client.consent()).toBeUndefined()
    await vi.waitFor(() => expect(tab.status()?.join?.member).toMatchObject({ level: 1, consent: { inForce: 1 } }))
    fault = 'portal'
    expect(await tab.client.consent(answer)).toMatchObject({ code: 'not_lectern' })
    await tab.close()
  })

  it('CON-2 keeps and sends nothing before the answer, asks with the code alone, and joins with the answer', async () => {
    await using server = await startClassServer({ sockets: false })
    const tab = await openTab({ name: freshName(), lock: createLock(), random: half })
    const details = { ...detailsOn(server), email: 'aiko@example.org' }
    const asks = { level: 2, version: 1, retentionDays: 180 }
    expect(await tab.client.preview(details)).toEqual({ ok: true, value: { className: 'K', asks } })
    expect(server.previews).toEqual(['{"code":"ABC"}'])
    await tab.client.configure(details)
    expect(await tab.client.capture({ type: 'help_requested' })).toBeUndefined()
    tab.client.leave({ type: 'session_ended' }, () => {})
    expect(tab.client.farewell(56 * 1024)).toBeUndefined()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(server.joins).toEqual([])
    const consent = { sharing: true, level: 1, version: 1 } as const
    await tab.client.configure(details, consent)
    await tab.client.capture({ ...RUN, data: { status: 'ok', source: 'secret' } })
    await settled(tab, 1)
    expect(server.joins).toMatchObject([{ code: 'ABC', name: 'Aiko', consent }])
    expect(server.posts.join()).not.toContain('secret')
    await tab.close()
  })

  it('CON-1 joins with a "no", and captures nothing then but requests for help', async () => {
    await using server = await startClassServer({ sockets: false })
    const tab = await openTab({ name: freshName(), lock: createLock(), random: half })
    const consent = { sharing: false, level: 0, version: 1 } as const
    await tab.client.configure(detailsOn(server), consent)
    expect(await tab.client.capture({ type: 'session_started', data: { client: 'x' } })).toBeUndefined()
    expect(await tab.client.capture({ type: 'help_requested' })).toBeDefined()
    await settled(tab, 1)
    expect(await tab.client.capture({ type: 'presence', data: { focus: true } })).toBeUndefined()
    expect(server.joins).toMatchObject([{ consent }])
    expect([...server.events.values()].map(({ type }) => type)).toEqual(['help_requested'])
    await tab.close()
  })

  it('captures nothing in a pause but what is written to be read, and nothing later that began in it', async () => {
    await using server = await startClassServer({ sockets: false })
    const tab = await joinedTab(server)
    tab.client.pause(true)
    const startedAt = new Date().toISOString()
    expect(await tab.client.capture({ ...RUN, data: { startedAt } })).toBeUndefined()
    expect(await tab.client.capture({ type: 'help_requested' })).toBeDefined()
    await new Promise((resolve) => setTimeout(resolve, 2))
    tab.client.pause(false)
    expect(await tab.client.capture({ ...RUN, data: { startedAt } })).toBeUndefined()
    expect(await tab.client.capture({ ...RUN, data: { startedAt: new Date().toISOString() } })).toBeDefined()
    await settled(tab, 2)
    await tab.close()
  })

  it('notes what leaves letter by letter, what waits, and what was refused and why', async () => {
    let fault: Fault = 'refuse'
    await using server = await startClassServer({ sockets: false, fault: () => fault })
    const tab = await joinedTab(server)
    await vi.waitFor(() => expect(tab.status()?.state).toBe('joined'))
    await tab.client.capture({ type: 'presence', data: { idleMs: 1 } })
    await vi.waitFor(() => expect(tab.status()?.join?.refused).toBe(1))
    fault = 'none'
    await tab.client.capture({ ...RUN, data: { status: 'ok', source: 'a "quoted" line\n', outputs: [] } })
    await settled(tab, 1)
    fault = 'error'
    await tab.client.capture({ ...RUN, data: { status: 'ok', outputs: [{ kind: 'stdout', text: 'x' }] } })
    const { sent, waiting } = await tab.client.trace(10)
    expect(waiting.map(({ data }) => data)).toEqual([{ status: 'ok' }])
    const states = sent.map(({ type, state, code }) => [type, state, code])
    expect(states.slice(-2)).toEqual([
      ['cell_executed', 'stored', undefined],
      ['presence', 'refused', 'invalid_event'],
    ])
    for (const { json } of sent.slice(-2)) expect(server.posts.some((body) => body.includes(json))).toBe(true)
    await tab.close()
  })

  it('CON-6 forgets a join with all that was noted of it, and says the last answer when a token is no longer good', async () => {
    let fault: Fault = 'none'
    await using server = await startClassServer({ sockets: false, fault: () => fault })
    const tab = await joinedTab(server)
    await vi.waitFor(() => expect(tab.status()?.state).toBe('joined'))
    await tab.client.consent({ sharing: false, level: 0, version: 1 })
    fault = 'unauthenticated'
    await tab.client.capture({ type: 'help_requested' })
    await vi.waitFor(() => expect(tab.status()?.state).toBe('joining'))
    fault = 'none'
    await settled(tab, 1)
    expect(server.joins[1]).toMatchObject({ consentIfNew: { sharing: false, level: 0, version: 1 } })
    expect(server.joins[1]).not.toHaveProperty('consent')
    await tab.client.forget()
    expect(await tab.client.known(detailsOn(server))).toBeUndefined()
    await tab.client.configure(detailsOn(server))
    expect(await tab.client.trace(10)).toEqual({ waiting: [], sent: [] })
    await tab.close()
  })

  it('LVL-1 sends only what the class collects, also of what was captured before the answer to the join', async () => {
    let fault: Fault = 'error'
    await using server = await startClassServer({ level: 1, sockets: false, fault: () => fault })
    const tab = await joinedTab(server)
    const data = { status: 'error', errorName: 'NameError', source: 'secret = 1', outputs: [] }
    const cell = { id: 'c', index: 0, type: 'code' as const }
    await tab.client.capture({ type: 'cell_executed', notebook: { id: 'n', path: 'n' }, cell, data })
    fault = 'none'
    await settled(tab, 1)
    expect([...server.events.values()][0]!.data).toEqual({ status: 'error', errorName: 'NameError' })
    expect(server.posts.join()).not.toContain('secret')
    await tab.close()
  })

  it('EVT-2 joins with a new install for another class and still delivers what waits for the old one', async () => {
    let fault: Fault = 'error'
    await using first = await startClassServer({ fault: () => fault, sockets: false })
    await using second = await startClassServer({ sockets: false })
    const tab = await joinedTab(first)
    await tab.client.capture({ type: 'presence', data: { focus: true } })
    await tab.client.configure(detailsOn(second), YES)
    await tab.client.capture({ type: 'presence', data: { focus: true } })
    await settled(tab, 1)
    expect(tab.status()?.waitingElsewhere).toBe(1)
    fault = 'none'
    await vi.waitFor(() => expect(first.events.size).toBe(1), { timeout: 5_000 })
    expect(first.joins[0]!['install']).not.toBe(second.joins[0]!['install'])
    expect([...second.events.values()][0]!.seq).toBe(1)
    await tab.close()
  })

  it('AUT-5 joins again with the same install when the token is no longer good', async () => {
    let fault: Fault = 'none'
    await using server = await startClassServer({ sockets: false, fault: () => fault })
    const tab = await joinedTab(server)
    await vi.waitFor(() => expect(tab.status()?.state).toBe('joined'))
    fault = 'unauthenticated'
    await tab.client.capture({ type: 'presence', data: { focus: true } })
    await vi.waitFor(() => expect(tab.status()?.state).toBe('joining'))
    fault = 'none'
    await settled(tab, 1)
    expect(new Set(server.joins.map((join) => join['install'])).size).toBe(1)
    await tab.close()
  })

  it('SUB-6 knows an open request for help after a reload, and that staff resolved it', async () => {
    await using server = await startClassServer()
    const name = freshName()
    const before = await joinedTab(server, name)
    await before.client.capture({ type: 'help_requested', data: { message: 'why?' } })
    await settled(before, 1)
    before.crash()
    const tab = await joinedTab(server, name)
    await vi.waitFor(() => expect(tab.status()).toMatchObject({ live: true, join: { help: { open: true } } }))
    server.say({ kind: 'help', open: true, since: 5, place: 3 })
    await vi.waitFor(() => expect(tab.status()?.join?.help).toMatchObject({ place: 3, message: 'why?' }))
    server.say({ kind: 'help', open: false })
    await vi.waitFor(() => expect(tab.status()?.join?.help.open).toBe(false))
    await tab.close()
  })

  it('TLK-2 tells every tab what staff say, though one holds the socket', async () => {
    await using server = await startClassServer()
    const [name, lock] = [freshName(), createLock()]
    const tabs = [await joinedTab(server, name, lock), await joinedTab(server, name, lock)]
    await vi.waitFor(() => expect(tabs.map((tab) => tab.status()?.live)).toEqual([true, true]))
    const message = { id: 'm', at: 1, from: 'Aiko', kind: 'message', text: '<b>', state: 'sent' }
    server.say({ kind: 'message', message })
    server.say({ kind: 'messageWithdrawn', id: 'm' })
    const news = [
      { kind: 'message', message },
      { kind: 'messageWithdrawn', id: 'm' },
    ]
    await vi.waitFor(() => expect(tabs.map(({ talk }) => talk)).toEqual([news, news]))
    for (const tab of tabs) await tab.close()
  })

  it('captures and sends nothing when switched off', async () => {
    await using server = await startClassServer()
    const tab = await joinedTab(server)
    await tab.client.capture({ type: 'presence', data: { focus: true } })
    await settled(tab, 1)
    await tab.client.configure(undefined)
    expect(await tab.client.capture({ type: 'presence', data: { focus: true } })).toBeUndefined()
    await vi.waitFor(() => expect(tab.status()?.state).toBe('off'))
    expect(server.events.size).toBe(1)
    await tab.close()
  })

  it('sends what is left with the page, within 64 KiB, and keeps the end of the session for the next page', async () => {
    let fault: Fault = 'none'
    await using server = await startClassServer({ sockets: false, fault: () => fault })
    const name = freshName()
    const tab = await joinedTab(server, name)
    await vi.waitFor(() => expect(tab.status()?.state).toBe('joined'))
    fault = 'error'
    const data = { source: 'x'.repeat(20_000) }
    const cell = { id: 'c', index: 0, type: 'code' as const }
    for (let index = 0; index < 5; index += 1) {
      await tab.client.capture({ type: 'cell_executed', notebook: { id: 'n', path: 'n' }, cell, data })
    }
    // What a page captures while it is left goes the same way as its last word.
    const flush = () => void tab.client.capture({ type: 'presence', data: { focus: false } })
    tab.client.leave({ type: 'session_ended' }, flush)
    const last = tab.client.farewell(56 * 1024)!
    expect((JSON.parse(last.body) as { events: unknown[] }).events).toHaveLength(2)
    expect(last.body.length).toBeLessThan(56 * 1024)
    expect(tab.client.farewell(10_000)).toBeUndefined()
    tab.crash()
    fault = 'none'
    const next = await joinedTab(server, name)
    await settled(next, 7)
    expect([...server.events.values()].map(({ type }) => type).slice(-2)).toEqual(['presence', 'session_ended'])
    await next.close()
  })

  it('EVT-1 EVT-3 SUB-1 sends what the schemas and the fixtures describe', async () => {
    const fixture = (file: string): any =>
      JSON.parse(readFileSync(new URL(`../../../protocol/fixtures/${file}.json`, import.meta.url), 'utf8'))
    await using server = await startClassServer({ sockets: false, level: 4 })
    const tab = await joinedTab(server)
    const examples: any[] = fixture('events.valid')
    for (const { type, notebook, cell, data } of examples) await tab.client.capture({ type, notebook, cell, data })
    await settled(tab, examples.length)
    const envelope = Compile(EventEnvelope)
    for (const [index, event] of [...server.events.values()].entries()) {
      expect(envelope.Check(event), event.type).toBe(true)
      expect(Compile(EVENT_DATA[event.type]).Check(event.data), event.type).toBe(true)
      expect(event.data).toEqual(examples[index].data)
    }
    for (const body of server.posts) {
      expect(Compile(ClientMessage).Check({ kind: 'events', ref: 1, ...JSON.parse(body) })).toBe(true)
    }
    await tab.close()
  })
})

describe('faults', () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('capture' as const),
        tab: fc.nat(1),
        events: fc.integer({ min: 1, max: 4 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), tab: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 12 }) }) },
  )

  it('ING-2 ING-3 EVT-2 delivers every kept event once, in one gapless sequence, whatever crashes and however badly the server answers', async () => {
    const story = fc.record({
      faults: fc.array(fc.constantFrom(...FAULTS), { minLength: 1, maxLength: 40 }),
      sockets: fc.boolean(),
      steps: fc.array(step, { minLength: 3, maxLength: 25 }),
    })
    await fc.assert(
      fc.asyncProperty(story, async ({ faults, sockets, steps }) => {
        const left = [...faults]
        await using server = await startClassServer({ sockets, fault: () => left.shift() ?? 'none' })
        const name = freshName()
        const lock = createLock()
        const tabs = [await joinedTab(server, name, lock), await joinedTab(server, name, lock)]
        const kept = new Map<string, number>()
        for (const action of steps) {
          if (action.do === 'capture') {
            for (let index = 0; index < action.events; index += 1) {
              const event = await tabs[action.tab]!.client.capture({ type: 'presence', data: { idleMs: index } })
              kept.set(event!.id, event!.seq)
            }
          } else if (action.do === 'crash') {
            tabs[action.tab]!.crash()
            tabs[action.tab] = await joinedTab(server, name, lock)
          } else if (action.do === 'cut') server.cut()
          else await new Promise((resolve) => setTimeout(resolve, action.ms))
        }
        await vi.waitFor(
          () => {
            expect(server.events.size).toBe(kept.size)
            expect(tabs[0]!.status()).toMatchObject({ waiting: 0 })
          },
          { timeout: 10_000, interval: 5 },
        )
        const arrived = new Map([...server.events.values()].map((event) => [event.id, event.seq]))
        expect(arrived).toEqual(kept)
        const seqs = [...arrived.values()].toSorted((a, b) => a - b)
        expect(seqs).toEqual(seqs.map((_, index) => index + 1))
        for (const tab of tabs) await tab.close()
      }),
      { numRuns: 30 },
    )
  })
})
