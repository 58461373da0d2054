import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createPendingResolves, UNDO_MS } from './pending-resolves.ts'

const REQUEST = { event: 'e1', since: 0 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('sends a resolve only after the time in which it can be undone', async () => {
  const sent: string[] = []
  const resolves = createPendingResolves(async (student) => void sent.push(student))
  resolves.resolve('s1', REQUEST)
  await vi.advanceTimersByTimeAsync(UNDO_MS - 1)
  expect(sent).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(sent).toEqual(['s1'])
  expect(resolves.get().get('s1')).toEqual({ is: 'sent', event: 'e1' })
})

it('sends nothing when it was undone', async () => {
  const sent: string[] = []
  const resolves = createPendingResolves(async (student) => void sent.push(student))
  resolves.resolve('s1', REQUEST)
  resolves.undo('s1')
  await vi.advanceTimersByTimeAsync(2 * UNDO_MS)
  expect(sent).toEqual([])
  expect(resolves.get().has('s1')).toBe(false)
})

it('sends once, at once, when the page goes away', async () => {
  const sent: string[] = []
  const resolves = createPendingResolves(async (student) => void sent.push(student))
  resolves.resolve('s1', REQUEST)
  resolves.flush()
  await vi.advanceTimersByTimeAsync(2 * UNDO_MS)
  expect(sent).toEqual(['s1'])
})

it('keeps the fault when the server did not take it', async () => {
  const fault = new Error('no')
  const resolves = createPendingResolves(() => Promise.reject(fault))
  resolves.resolve('s1', REQUEST)
  await vi.advanceTimersByTimeAsync(UNDO_MS)
  expect(resolves.get().get('s1')).toEqual({ is: 'failed', event: 'e1', error: fault })
})
