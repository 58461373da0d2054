import { describe, expect, it } from 'vitest'
import type { Principal } from '../auth/principal.ts'
import type { CodedError } from '../errors.ts'
import { createRates, RATES, type RateName } from './rates.ts'

const staff = (user: string): Principal => ({ kind: 'staff', user, role: 'admin', session: undefined })

function refusal(take: () => void): CodedError | undefined {
  try {
    take()
    return undefined
  } catch (error) {
    return error as CodedError
  }
}

describe('limits of routes', () => {
  it('LIM-7 take so many in a window, refuse the next with the time to wait, and take again', () => {
    let now = 0
    const rates = createRates(() => now)
    const ask = () => refusal(() => rates.take('system', { ip: '::1', principal: staff('u') }))
    now = 15_000
    for (let count = 0; count < RATES.system.requests; count += 1) expect(ask()).toBeUndefined()
    now = 30_500
    expect(ask()).toMatchObject({ code: 'rate_limited', retryAfter: 45 })
    now = 74_999
    expect(ask()).toMatchObject({ code: 'rate_limited', retryAfter: 1 })
    now = 75_000
    expect(ask()).toBeUndefined()
  })

  it('LIM-7 count principals apart from each other, and rate classes too', () => {
    const rates = createRates(() => 0)
    const ask = (name: RateName, user: string) => refusal(() => rates.take(name, { ip: '::1', principal: staff(user) }))
    for (let count = 0; count < RATES.system.requests; count += 1) ask('system', 'one')
    expect(ask('system', 'one')).toBeDefined()
    expect(ask('system', 'two')).toBeUndefined()
    expect(ask('reads', 'one')).toBeUndefined()
  })

  it('LIM-7 count by address where nobody is known, and where the class says so', () => {
    const rates = createRates(() => 0)
    const ask = (address: string, user?: string) =>
      refusal(() => rates.take('sign-in', { ip: address, principal: user === undefined ? undefined : staff(user) }))
    for (let count = 0; count < RATES['sign-in'].requests; count += 1) ask('192.0.2.1', `u${count}`)
    expect(ask('192.0.2.1', 'another')).toBeDefined()
    expect(ask('192.0.2.1')).toBeDefined()
    expect(ask('192.0.2.2')).toBeUndefined()
    const nobody = { ip: '192.0.2.1', principal: undefined }
    for (let count = 0; count < RATES.reads.requests; count += 1) rates.take('reads', nobody)
    expect(refusal(() => rates.take('reads', nobody))).toBeDefined()
    expect(refusal(() => rates.take('reads', { ...nobody, principal: staff('u') }))).toBeUndefined()
  })
})
