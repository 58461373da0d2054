import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createDelayed, UNDO_MS } from './delayed.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('sends when the time for undoing is over, and not before', async () => {
  const send = vi.fn<(key: string) => Promise<void>>(async () => {})
  const delayed = createDelayed(send)
  delayed.begin('a')
  delayed.begin('a')
  await vi.advanceTimersByTimeAsync(UNDO_MS - 1)
  expect([send.mock.calls, [...delayed.get()]]).toEqual([[], ['a']])
  await vi.advanceTimersByTimeAsync(1)
  expect([send.mock.calls, [...delayed.get()]]).toEqual([[['a']], []])
})

it('sends nothing that was undone, and at once what waits when the page goes', async () => {
  const send = vi.fn<(key: string) => Promise<void>>(() => Promise.reject(new Error('no network')))
  const delayed = createDelayed(send)
  const told = vi.fn<() => void>()
  const stop = delayed.subscribe(told)
  delayed.begin('a')
  delayed.begin('b')
  delayed.undo('a')
  delayed.undo('c')
  expect([...delayed.get()]).toEqual(['b'])
  delayed.flush()
  await vi.advanceTimersByTimeAsync(2 * UNDO_MS)
  expect([send.mock.calls, [...delayed.get()]]).toEqual([[['b']], []])
  expect(told).toHaveBeenCalledTimes(4)
  stop()
  delayed.begin('d')
  expect(told).toHaveBeenCalledTimes(4)
})
