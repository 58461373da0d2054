import { emptyState } from '@lectern/protocol'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { LiveView } from './live-client.ts'
import { createLiveSource } from './state-source.ts'

const START = 1_775_782_800_400

beforeEach(() => vi.useFakeTimers({ now: START }))
afterEach(() => vi.useRealTimers())

function createView() {
  const listeners = new Set<() => void>()
  let view: LiveView = { connection: { is: 'live' }, held: undefined, skew: 0, version: undefined }
  return {
    view: () => view,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    put(part: Partial<LiveView>) {
      view = { ...view, ...part }
      for (const listener of listeners) listener()
    },
    listeners,
  }
}

it('shows nothing before the first state, then the same moment until something changes', () => {
  const live = createView()
  const source = createLiveSource({ ...live, clock: Date.now })
  expect(source.read()).toBeUndefined()
  live.put({ held: { offset: 3, state: emptyState() }, skew: 700 })
  const moment = source.read()
  expect(moment).toMatchObject({ offset: 3, now: 1_775_782_801_000 })
  expect(source.read()).toBe(moment)
})

it('moves on each second and with each change, for as long as somebody looks', () => {
  const live = createView()
  const source = createLiveSource({ ...live, clock: Date.now })
  live.put({ held: { offset: 1, state: emptyState() } })
  const told = vi.fn<() => void>()
  const leave = source.subscribe(told)
  vi.advanceTimersByTime(3_000)
  expect(told).toHaveBeenCalledTimes(3)
  expect(source.read()?.now).toBe(1_775_782_803_000)
  live.put({ held: { offset: 2, state: emptyState() } })
  live.put({ skew: 5 })
  expect(told).toHaveBeenCalledTimes(4)
  leave()
  expect([live.listeners.size, vi.getTimerCount()]).toEqual([0, 0])
})
