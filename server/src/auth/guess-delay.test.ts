import { describe, expect, it } from 'vitest'
import { agentLabel } from './agent-label.ts'
import { createGuessDelay } from './guess-delay.ts'

/** Time that passes when something sleeps. */
function bed(maxKeys?: number) {
  const time = { now: 0, slept: 0 }
  const sleep = async (ms: number) => {
    time.slept += ms
    time.now += ms
  }
  const delay = createGuessDelay({ now: () => time.now, sleep, ...(maxKeys === undefined ? {} : { maxKeys }) })
  const fail = async (key = 'a') => {
    const before = time.slept
    await delay.wait(key)
    delay.failed(key)
    return time.slept - before
  }
  return { time, delay, fail }
}

describe('the pause between guesses', () => {
  it('AUT-9 grows with each failure up to ten seconds, and never becomes a lock', async () => {
    const { fail, delay, time } = bed()
    const pauses: number[] = []
    for (let count = 0; count < 12; count += 1) pauses.push(Math.round(await fail()))
    expect(pauses.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
    expect(pauses.toSorted((a, b) => a - b)).toEqual(pauses)
    expect(pauses.at(-1)).toBe(10_000)
    const before = time.slept
    await delay.wait('a')
    expect(time.slept - before).toBeLessThanOrEqual(10_000)
    delay.succeeded('a')
    expect(await fail()).toBe(0)
  })

  it('AUT-9 holds for attempts at the same time too, and turns away those whose turn is far', async () => {
    const { fail } = bed()
    for (let count = 0; count < 12; count += 1) await fail()
    // Time stands still while these wait.
    const still = createGuessDelay({ now: () => 0, sleep: async () => undefined })
    for (let count = 0; count < 12; count += 1) still.failed('a')
    const attempts = await Promise.allSettled(Array.from({ length: 9 }, () => still.wait('a')))
    expect(attempts.map(({ status }) => status)).toEqual(['fulfilled', ...Array(8).fill('rejected')])
    expect(attempts[1]).toMatchObject({ reason: { code: 'rate_limited', retryAfter: 20 } })
  })

  it('AUT-9 forgets a failure a minute, and the longest unused accounts', async () => {
    const { fail, time, delay } = bed(2)
    for (let count = 0; count < 8; count += 1) await fail()
    time.now += 20 * 60_000
    expect(await fail()).toBe(0)
    for (let count = 0; count < 8; count += 1) delay.failed('a')
    delay.failed('b')
    delay.failed('c')
    expect(await fail('a')).toBe(0)
  })
})

it('AUT-6 browsers have coarse names', () => {
  const label = (text: string) => agentLabel(`Mozilla/5.0 ${text}`)
  expect(label('(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe('Firefox, Linux')
  expect(label('(iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1')).toBe(
    'Safari, iOS',
  )
  expect(label('(Windows NT 10.0) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0')).toBe('Edge, Windows')
  expect(label('(Linux; Android 16) Chrome/150.0.0.0 Mobile Safari/537.36')).toBe('Chrome, Android')
  expect(agentLabel(undefined)).toBe('')
  expect(agentLabel('curl/8.9')).toBe('')
})
