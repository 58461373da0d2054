import 'fake-indexeddb/auto'
import { expect, it, vi } from 'vitest'
import { startClassServer, type Fault } from '../test/class-server.ts'
import { createLock, openTab } from '../test/tab.ts'
import { createMemberships, type Standing } from './membership.ts'

let count = 0
const YES = { sharing: true, level: 2, version: 1 } as const

/** A browser with its storage; every tab has the same settings. */
function browser() {
  const name = `membership-${(count += 1)}`
  const lock = createLock()
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  return async () => {
    const tab = await openTab({ name, lock, random: () => 0.5 })
    const stood: Standing[] = []
    const memberships = createMemberships({
      client: tab.client,
      storage,
      retryMs: 5,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          setTimeout(resolve, ms)
          signal.addEventListener('abort', () => resolve())
        }),
      onStanding: (standing) => stood.push(standing),
    })
    const now = () => stood.at(-1)
    return { ...memberships, tab, now, is: (part: object) => vi.waitFor(() => expect(now()).toMatchObject(part)) }
  }
}

it('CON-2 asks what the class collects, joins with the answer, and does not ask again after a reload', async () => {
  await using server = await startClassServer({ sockets: false })
  const open = browser()
  const details = { server: server.url, code: 'ABC', name: 'Aiko' }
  const first = await open()
  const second = await open()
  for (const one of [first, second]) {
    await one.use({ details, gaps: [] })
    await one.is({ kind: 'unanswered', preview: { className: 'K', asks: { level: 2 } } })
  }
  expect(server.joins).toEqual([])
  await first.answer(YES)
  await first.is({ kind: 'in' })
  await second.look()
  await second.is({ kind: 'in' })
  await vi.waitFor(() => expect(server.joins).toHaveLength(1))
  first.tab.crash()
  const reloaded = await open()
  await reloaded.use({ details, gaps: [] })
  await reloaded.is({ kind: 'in' })
  expect(server.previews).toHaveLength(2)
  for (const { tab } of [second, reloaded]) await tab.close()
})

it('asks until the server answers, and not again where a code is wrong', async () => {
  let fault: Fault = 'error'
  await using server = await startClassServer({ sockets: false, fault: () => fault })
  const student = await browser()()
  const details = { server: server.url, code: 'ABC', name: 'Aiko' }
  await student.use({ details, gaps: [] })
  await student.is({ problem: { code: 'internal' } })
  fault = 'none'
  await student.is({ preview: { className: 'K' } })
  fault = 'wrong code'
  await student.retry()
  await student.is({ problem: { code: 'code_invalid' } })
  fault = 'none'
  await student.look()
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(student.now()).toMatchObject({ problem: { code: 'code_invalid' } })
  await student.retry()
  await student.is({ preview: { className: 'K' } })
  await student.tab.close()
})

it('leaves a class with what waits, comes back to it, and forgets it', async () => {
  let fault: Fault = 'none'
  await using server = await startClassServer({ sockets: false, fault: () => fault })
  const open = browser()
  const student = await open()
  const details = { server: server.url, code: 'ABC', name: 'Aiko' }
  await student.use({ details, gaps: [] })
  await student.answer(YES)
  await vi.waitFor(() => expect(student.tab.status()?.state).toBe('joined'))
  fault = 'error'
  await student.tab.client.capture({ type: 'presence', data: { idleMs: 1 } })
  const other = await open()
  await other.use({ details, gaps: [] })
  await other.is({ kind: 'in' })
  await student.leave()
  await student.is({ kind: 'left' })
  await other.look()
  await other.is({ kind: 'left' })
  other.tab.crash()
  await vi.waitFor(() => expect(student.tab.status()).toMatchObject({ state: 'off', waitingElsewhere: 1 }))
  expect(await student.tab.client.capture({ type: 'presence', data: { idleMs: 1 } })).toBeUndefined()
  fault = 'none'
  const reloaded = await open()
  await reloaded.use({ details, gaps: [] })
  await reloaded.is({ kind: 'left' })
  expect(server.events.size).toBe(0)
  await student.comeBack()
  await student.is({ kind: 'in' })
  await vi.waitFor(() => expect(server.events.size).toBe(1))
  await student.forget()
  await student.is({ kind: 'left' })
  await student.comeBack()
  await student.is({ kind: 'unanswered', preview: {} })
  await student.use({ gaps: ['code'] })
  expect(student.now()).toEqual({ kind: 'incomplete', gaps: ['code'] })
  await student.use({ gaps: [] })
  expect(student.now()).toEqual({ kind: 'off' })
  for (const { tab } of [student, reloaded]) await tab.close()
})
