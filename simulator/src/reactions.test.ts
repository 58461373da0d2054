import { EVENT_DATA, type OwnMessage } from '@lectern/protocol'
import { Compile } from 'typebox/compile'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createRandom } from './random.ts'
import { createReactions } from './reactions.ts'
import type { Draft } from './student.ts'

const MINUTE = 60_000
const message = (id: string, over: Partial<OwnMessage> = {}): OwnMessage => ({
  id,
  at: 1,
  from: 'Aiko Mori',
  kind: 'hint',
  text: 'Look at the name.',
  state: 'sent',
  ...over,
})

function student(seed: number, kept: readonly OwnMessage[] = []) {
  const drafts: Draft[] = []
  const ending = new AbortController()
  const mood = { isHelped: false }
  const react = createReactions({
    random: createRandom(seed),
    http: async () => ({ status: 200, retryAfter: undefined, body: { messages: kept } }),
    token: 'secret',
    take: (draft) => void drafts.push(draft),
    mood,
    over: ending.signal,
  })
  return { drafts, ending, mood, react }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('TLK-4 sees each message once, and answers hints and cells alone', async () => {
  const { drafts, react } = student(3)
  react({ kind: 'message', message: message('m1', { kind: 'banner' }) })
  react({ kind: 'message', message: message('m1', { kind: 'banner' }) })
  react({ kind: 'message', message: message('m2', { state: 'applied' }) })
  react({ kind: 'help' })
  await vi.advanceTimersByTimeAsync(2 * MINUTE)
  expect(drafts.map(({ type, data }) => [type, data])).toEqual([['message_seen', { message: 'm1' }]])
})

it('TLK-4 answers in every way, each as the wire describes it, and is helped by what was applied', async () => {
  const outcomes = new Set<unknown>()
  for (let seed = 0; seed < 60; seed += 1) {
    const { drafts, mood, react } = student(seed)
    react({ kind: 'message', message: message('m1') })
    await vi.advanceTimersByTimeAsync(2 * MINUTE)
    for (const { type, data } of drafts) expect(Compile(EVENT_DATA[type]).Check(data), type).toBe(true)
    const outcome = drafts[1]?.data['outcome']
    outcomes.add(outcome)
    expect(mood.isHelped).toBe(outcome === 'applied')
  }
  expect(outcomes).toEqual(new Set(['applied', 'later', 'declined', undefined]))
})

it('TLK-3 asks on coming in for what was said meanwhile, and does nothing once the run is over', async () => {
  const { drafts, ending, react } = student(1, [message('m1'), message('m2')])
  react({ kind: 'welcome' })
  await vi.advanceTimersByTimeAsync(21_000)
  expect(new Set(drafts.map(({ data }) => data['message']))).toEqual(new Set(['m1', 'm2']))
  ending.abort()
  await vi.advanceTimersByTimeAsync(2 * MINUTE)
  expect(drafts).toHaveLength(2)
})
