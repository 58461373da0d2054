import type { Socket } from 'node:net'
import { SUBPROTOCOL } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Principal } from '../auth/principal.ts'
import { bed, greet, PULSE, STAFF, store, student, useBed, watch } from '../../test/hub-bed.ts'

useBed()

const instructor: Principal = { kind: 'staff', user: 'u2', role: 'instructor', session: 'i' }

describe('topics', () => {
  it('SUB-8 gives the help queue of a class at once and whenever it changes, and nothing after unwatch', async () => {
    const client = await greet(instructor)
    client.say({ kind: 'watch', topic: 'help', class: 'k1' })
    expect((await client.until(({ kind }) => kind === 'helpQueue')).help).toEqual({})
    await store(1, 's1')
    const queue = await client.until(({ help }) => help?.s1)
    expect(queue).toMatchObject({ class: 'k1', help: { s1: { message: expect.stringMatching(/^m/) } } })
    await bed.log.append([{ class: 'k1', student: 's1', type: 'help_resolved', data: {} }])
    await expect.poll(() => client.heard.at(-1)?.help).toEqual({})
    client.say({ kind: 'unwatch', topic: 'help', class: 'k1' })
    client.say({ kind: 'ping', ref: 1 })
    await client.until(({ kind }) => kind === 'pong')
    const heard = client.heard.length
    await store(1, 's2')
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(client.heard.length).toBe(heard)
    client.socket.close()
  })

  it('SUB-8 gives administrators the system every two seconds, and nobody else', async () => {
    const admin = await greet(STAFF)
    admin.say({ kind: 'watch', topic: 'system' })
    await expect.poll(() => admin.heard.filter(({ kind }) => kind === 'system').length, { timeout: 6000 }).toBe(2)
    expect(admin.heard.find(({ kind }) => kind === 'system')).toEqual(PULSE)
    expect(bed.hub.list({ kind: 'admin', limit: 10 })).toMatchObject([
      { topics: ['system'], rights: ['staff', 'admin'] },
    ])
    const other = await greet(instructor)
    other.say({ kind: 'watch', topic: 'system' })
    expect(await other.closed).toBe(4403)
    const foreign = await greet(instructor)
    foreign.say({ kind: 'watch', topic: 'help', class: 'k2' })
    expect((await foreign.until(({ kind }) => kind === 'error')).code).toBe('forbidden')
    const pupil = await greet(student('s1'))
    pupil.say({ kind: 'watch', topic: 'help', class: 'k1' })
    expect((await pupil.until(({ kind }) => kind === 'error')).code).toBe('forbidden')
    admin.socket.close()
  }, 15_000)
})

describe('the registry', () => {
  it('SUB-1 knows every socket: kind, class, topics, rights, resumes, and closes by code', async () => {
    const pupil = await greet(student('s1'))
    await pupil.until(({ kind }) => kind === 'welcome')
    const client = await watch(0)
    const [newest, older] = bed.hub.list({ limit: 10 })
    expect(newest).toMatchObject({ kind: 'admin', classes: ['k1'], topics: ['class'], resumes: 1, queuedBytes: 0 })
    expect(older).toMatchObject({ kind: 'student', classes: ['k1'], topics: ['student'], rights: ['events', 'help'] })
    expect(Math.abs(Date.now() - (newest?.since ?? 0))).toBeLessThan(5000)
    expect(bed.hub.list({ kind: 'student', limit: 10 })).toHaveLength(1)
    expect(bed.hub.list({ limit: 1 })).toHaveLength(1)
    expect(bed.hub.totals()).toMatchObject({ open: 2, resumes: 1, kinds: { student: 1, admin: 1, staff: 0 } })
    expect(bed.hub.closeOne(newest?.id ?? '')).toBe(true)
    expect(await client.closed).toBe(1012)
    expect(bed.hub.closeOne('c-none')).toBe(false)
    await expect
      .poll(() => bed.hub.totals())
      .toMatchObject({
        open: 1,
        closes: [{ code: 1012, reason: 'server restarting', count: 1 }],
      })
    pupil.socket.close()
  })

  it('CLS-6 refuses with 429 and Retry-After who opens sockets too fast, and lets others in again later', async () => {
    const ask = async (): Promise<number> => {
      const socket = new WebSocket(bed.url, SUBPROTOCOL)
      const answer = await new Promise<number>((resolve) => {
        socket.on('open', () => resolve(101))
        socket.on('unexpected-response', (_, { statusCode = 0, headers }) => {
          resolve(Number(headers['retry-after']) > 0 ? statusCode : 0)
        })
        socket.on('error', () => resolve(0))
      })
      socket.terminate()
      return answer
    }
    const answers: number[] = []
    // The clock stands still but for what is added.
    const began = performance.now()
    for (let asked = 0; asked < 2600; asked += 100) {
      bed.ahead = began - performance.now()
      answers.push(...(await Promise.all(Array.from({ length: 100 }, ask))))
    }
    expect(answers.filter((answer) => answer === 101).length).toBeGreaterThanOrEqual(1900)
    expect(answers.filter((answer) => answer === 101).length).toBeLessThan(2500)
    expect(answers).not.toContain(0)
    expect(bed.hub.totals().refused).toBe(answers.filter((answer) => answer === 429).length)
    bed.ahead += 5000
    expect(await ask()).toBe(101)
  }, 30_000)
})

describe('presence', () => {
  const onlineOf = async (name: string): Promise<boolean | undefined> =>
    JSON.parse(Buffer.from(await bed.log.state('k1')).toString('utf8')).students[name]?.online

  it('STA-8 a student whose socket vanished is offline within 45 seconds, and online when it is back', async () => {
    const pupil = await greet(student('s1'))
    await pupil.until(({ kind }) => kind === 'welcome')
    await store(1, 's1')
    await store(1, 's2')
    const raw = (pupil.socket as unknown as { _socket: Socket })._socket
    // Half open: the peer neither reads nor answers nor closes.
    raw.pause()
    for (let second = 0; second < 44; second += 1) {
      bed.ahead += 1000
      // The hub looks every quarter of a second.
      await new Promise((resolve) => setTimeout(resolve, 270))
    }
    await expect.poll(() => onlineOf('s1'), { timeout: 5000 }).toBe(false)
    // Who never had a socket, because a proxy lets none through, is not declared gone.
    expect(await onlineOf('s2')).toBe(true)
    const back = await greet(student('s1'))
    await expect.poll(() => onlineOf('s1'), { timeout: 5000 }).toBe(true)
    raw.resume()
    back.socket.close()
  }, 60_000)

  it('STA-8 a reload is no absence, nor is one of two windows closed', async () => {
    const first = await greet(student('s1'))
    const second = await greet(student('s1'))
    await Promise.all([first, second].map((client) => client.until(({ kind }) => kind === 'welcome')))
    await store(1, 's1')
    first.socket.close()
    await first.closed
    bed.ahead += 12_000
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(await onlineOf('s1')).toBe(true)
    second.socket.close()
    await second.closed
    bed.ahead += 5_000
    await new Promise((resolve) => setTimeout(resolve, 400))
    const third = await greet(student('s1'))
    await third.until(({ kind }) => kind === 'welcome')
    bed.ahead += 12_000
    await new Promise((resolve) => setTimeout(resolve, 400))
    const events = JSON.parse(Buffer.from(await bed.log.events('k1', 0, 100)).toString('utf8')).events
    expect(events.map(({ type }: any) => type)).toEqual(['help_requested'])
    third.socket.close()
  })
})
