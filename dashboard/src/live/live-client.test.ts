import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptyState, stateHash, TIMES, type ClassState, type Patch } from '@lectern/protocol'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '../http/problem.ts'
import { startLiveServer, type Accepted } from '../test/live-server.ts'
import { BACKOFF, backoffMs } from './connection.ts'
import { LiveClient, type LiveOptions, type LiveView } from './live-client.ts'

const FIXTURES = join(import.meta.dirname, '../../../protocol/fixtures')
const { before, after, changes, hashBefore, hashAfter } = JSON.parse(
  readFileSync(join(FIXTURES, 'state.json'), 'utf8'),
) as { before: ClassState; after: ClassState; changes: Patch[]; hashBefore: string; hashAfter: string }

const AT = 1_775_782_800_000
const FRAME_MS = 5
const clients: LiveClient[] = []

function follow(url: string, options: Partial<LiveOptions> = {}): LiveClient {
  const client = new LiveClient({
    classId: 'k1',
    url,
    ticket: async () => 'ticket-1',
    openSocket: (address, protocol) => new WebSocket(address, protocol),
    clock: Date.now,
    // No wait between attempts.
    random: () => 0,
    schedule: (flush) => setTimeout(flush, FRAME_MS),
    isOnline: () => true,
    ...options,
  })
  clients.push(client)
  client.connect()
  return client
}

/** The first view that is as wanted. */
function until(client: LiveClient, wanted: (view: LiveView) => boolean): Promise<LiveView> {
  return new Promise((settle) => {
    const look = () => {
      if (!wanted(client.view())) return
      stop()
      settle(client.view())
    }
    const stop = client.subscribe(look)
    look()
  })
}

const at = (offset: number) => (view: LiveView) => view.held?.offset === offset
const is = (name: LiveView['connection']['is']) => (view: LiveView) => view.connection.is === name

async function subscribed(connection: Accepted): Promise<number | undefined> {
  expect(await connection.next()).toMatchObject({ kind: 'hello', ticket: 'ticket-1' })
  const subscribe = await connection.next()
  expect(subscribe).toMatchObject({ kind: 'subscribe', class: 'k1' })
  return subscribe.kind === 'subscribe' ? subscribe.since : undefined
}

const snapshot = (offset: number, state: ClassState) =>
  ({ kind: 'snapshot', class: 'k1', offset, at: AT, state }) as const
const changed = (from: number, to: number, patches: Patch[]) =>
  ({ kind: 'changes', class: 'k1', from, to, at: AT, changes: patches }) as const

afterEach(() => {
  vi.useRealTimers()
  for (const client of clients.splice(0)) client.end()
})

describe('a live client', () => {
  it('SUB-1 offers the subprotocol and says hello with a ticket before anything else', async () => {
    await using server = await startLiveServer()
    follow(server.url)
    const connection = await server.accept()
    expect(connection.protocol).toBe('lectern.v2')
    expect(await subscribed(connection)).toBeUndefined()
  })

  it('STA-3 applies a snapshot and changes to the state of the golden fixture, by hash', async () => {
    await using server = await startLiveServer()
    const client = follow(server.url)
    const connection = await server.accept()
    await subscribed(connection)
    connection.say(snapshot(7, before))
    expect(stateHash((await until(client, at(7))).held!.state)).toBe(hashBefore)
    connection.say(changed(7, 9, changes))
    const { held } = await until(client, at(9))
    expect(held?.state).toEqual(after)
    expect(stateHash(held!.state)).toBe(hashAfter)
  })

  it('SUB-7 resumes from the offset it holds after the connection broke', async () => {
    await using server = await startLiveServer()
    const client = follow(server.url)
    const first = await server.accept()
    await subscribed(first)
    first.say(snapshot(7, before))
    await until(client, at(7))
    first.terminate()
    const second = await server.accept()
    expect(await subscribed(second)).toBe(7)
    second.say(changed(7, 9, changes))
    expect(stateHash((await until(client, at(9))).held!.state)).toBe(hashAfter)
  })

  it('SUB-3 asks for everything when changes begin after what it holds, and shows nothing of them', async () => {
    await using server = await startLiveServer()
    const client = follow(server.url)
    const connection = await server.accept()
    await subscribed(connection)
    connection.say(snapshot(7, before))
    await until(client, at(7))
    connection.say(changed(8, 9, [{ help: null }]))
    expect(await connection.next()).toEqual({ kind: 'subscribe', class: 'k1' })
    expect(client.view().held?.offset).toBe(7)
    connection.say(snapshot(9, after))
    expect((await until(client, at(9))).connection.is).toBe('live')
  })

  it('STA-3 leaves changes aside that end at or before what it holds', async () => {
    await using server = await startLiveServer()
    const client = follow(server.url)
    const connection = await server.accept()
    await subscribed(connection)
    connection.say(snapshot(9, after))
    await until(client, at(9))
    connection.say(changed(5, 8, [{ students: null }]))
    connection.say(changed(9, 10, []))
    expect((await until(client, at(10))).held?.state).toEqual(after)
  })

  it('begins from nothing when the first difference does', async () => {
    await using server = await startLiveServer()
    const client = follow(server.url)
    const connection = await server.accept()
    await subscribed(connection)
    connection.say(changed(0, 0, []))
    expect((await until(client, at(0))).held?.state).toEqual(emptyState())
  })

  it('shows many changes at most once a frame', async () => {
    await using server = await startLiveServer()
    const frames: (() => void)[] = []
    const client = follow(server.url, { schedule: (flush) => void frames.push(flush) })
    const connection = await server.accept()
    await subscribed(connection)
    connection.say(snapshot(1, before))
    for (let offset = 1; offset < 50; offset += 1) connection.say(changed(offset, offset + 1, []))
    let shown = 0
    client.subscribe(() => (shown += 1))
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0))
    await new Promise((settle) => setTimeout(settle, 100))
    expect(frames).toHaveLength(1)
    frames[0]!()
    expect(client.view().held?.offset).toBe(50)
    expect(shown).toBe(1)
  })

  it.each([
    [1000, 'stopped'],
    [4403, 'stopped'],
    [4401, 'signed_out'],
  ] as const)('CLS-1 after close %i is %s and does not come back', async (code, expected) => {
    await using server = await startLiveServer()
    const client = follow(server.url)
    const connection = await server.accept()
    await subscribed(connection)
    connection.close(code)
    await until(client, is(expected))
    const back = await Promise.race([server.accept(), new Promise((settle) => setTimeout(settle, 100, 'nobody'))])
    expect(back).toBe('nobody')
  })

  it.each([1001, 1012, 1013, 4408, 4409])('CLS-1 after close %i comes back', async (code) => {
    await using server = await startLiveServer()
    follow(server.url)
    const first = await server.accept()
    await subscribed(first)
    first.close(code)
    expect(await subscribed(await server.accept())).toBeUndefined()
  })

  it('connects again after a frame that is no JSON', async () => {
    await using server = await startLiveServer()
    follow(server.url)
    const first = await server.accept()
    await subscribed(first)
    first.sayText('{"kind":')
    expect(await subscribed(await server.accept())).toBeUndefined()
  })

  it('CLS-3 gives up a connection that says nothing for 33 seconds', async () => {
    await using server = await startLiveServer()
    let now = Date.now()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const client = follow(server.url, { clock: () => now, random: () => 0.5, schedule: (flush) => flush() })
    const first = await server.accept()
    await subscribed(first)
    first.say(snapshot(7, before))
    await until(client, at(7))
    now += TIMES.silenceMs - 1
    vi.advanceTimersByTime(TIMES.silenceMs - 1)
    expect(client.view().connection.is).toBe('live')
    now += 2
    vi.advanceTimersByTime(2)
    expect(client.view().connection.is).toBe('waiting')
  })

  it('AUT-1 takes a refused ticket for the end of the session, or of the right', async () => {
    const refused = (status: number, code: string) => async () => {
      throw new ApiProblem({ status, code })
    }
    const out = follow('ws://127.0.0.1:1', { ticket: refused(401, 'session_expired') })
    expect((await until(out, is('signed_out'))).connection).toEqual({ is: 'signed_out' })
    const away = follow('ws://127.0.0.1:1', { ticket: refused(403, 'forbidden') })
    expect((await until(away, is('stopped'))).connection).toEqual({ is: 'stopped', code: 'forbidden' })
  })

  it('waits as long as the server asks before it takes another ticket', async () => {
    const ticket = async () => {
      throw new ApiProblem({ status: 429, code: 'rate_limited' }, { retryAfter: 7 })
    }
    const client = follow('ws://127.0.0.1:1', { ticket, clock: () => 1_000, isOnline: () => false })
    const { connection } = await until(client, is('waiting'))
    expect(connection).toEqual({ is: 'waiting', until: 8_000, online: false })
  })
})

describe('the wait between attempts', () => {
  it('is anything up to a bound that doubles, and never longer than the longest', () => {
    expect(backoffMs(0, () => 0.999)).toBeLessThan(BACKOFF.firstMs)
    expect(backoffMs(3, () => 0.5)).toBe(4 * BACKOFF.firstMs)
    expect(backoffMs(400, () => 1)).toBe(BACKOFF.longestMs)
    expect(backoffMs(9, () => 0)).toBe(0)
  })
})
