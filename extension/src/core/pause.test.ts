import { expect, it } from 'vitest'
import { createPause, type PausedUntil } from './pause.ts'

/** A browser with one clock, whose timers go off when it is moved. */
function browser() {
  const kept = new Map<string, string>()
  let now = 1_000
  let timers: { at: number; work: () => void }[] = []
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  const wake = (at: number, work: () => void) => {
    const timer = { at, work }
    timers.push(timer)
    return () => void (timers = timers.filter((other) => other !== timer))
  }
  return {
    tab(said: PausedUntil[]) {
      return createPause({ storage, clock: () => now, wake, onChange: (until) => said.push(until) })
    },
    pass(ms: number) {
      now += ms
      for (const timer of timers.filter(({ at }) => at <= now)) timer.work()
    },
  }
}

it('holds for a time, in every tab and after a reload, and ends by itself', () => {
  const { tab, pass } = browser()
  const said: PausedUntil[] = []
  const pause = tab(said)
  pause.look()
  pause.begin(500)
  const other: PausedUntil[] = []
  const second = tab(other)
  second.look()
  expect([pause.until(), other]).toEqual([1_500, [1_500]])
  pass(499)
  expect(said).toEqual([1_500])
  pass(1)
  expect([said, other]).toEqual([
    [1_500, undefined],
    [1_500, undefined],
  ])
  expect(pause.until()).toBeUndefined()
})

it('holds until it is ended, when no time was said', () => {
  const { tab, pass } = browser()
  const said: PausedUntil[] = []
  const pause = tab(said)
  pause.begin(undefined)
  pass(1e9)
  expect([said, pause.until()]).toEqual([['resumed'], 'resumed'])
  pause.end()
  expect([said, pause.until()]).toEqual([['resumed', undefined], undefined])
})
