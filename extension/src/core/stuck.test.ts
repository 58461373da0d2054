import { describe, expect, it } from 'vitest'
import { createOffers } from './offers.ts'
import { createStuckCells } from './stuck.ts'

const KEY_ERROR = { name: 'KeyError', message: "'a'" }

describe('the same error again and again', () => {
  it('is counted in a row, whatever numbers and quoted texts it holds', () => {
    let now = 10
    const stuck = createStuckCells(() => now)
    expect(stuck.ran('c1', KEY_ERROR)).toMatchObject({ count: 1, since: 10, name: 'KeyError' })
    now = 20
    expect(stuck.ran('c1', { name: 'KeyError', message: "'b'" })).toMatchObject({ count: 2, since: 10 })
    expect(stuck.ran('c2', KEY_ERROR)).toMatchObject({ count: 1, since: 20 })
    expect(stuck.ran('c1', { name: 'TypeError', message: 'at 0x7f3' })).toMatchObject({ count: 1, since: 20 })
    expect(stuck.ran('c1', { name: 'TypeError', message: 'at 0x81c' })).toMatchObject({ count: 2 })
    expect(stuck.ran('c1', undefined)).toBeUndefined()
    expect(stuck.ran('c1', KEY_ERROR)).toMatchObject({ count: 1 })
  })
})

describe('offers of help', () => {
  const kept = () => {
    const rows = new Map<string, string>()
    return {
      getItem: (key: string) => rows.get(key) ?? null,
      setItem: (key: string, value: string) => void rows.set(key, value),
    }
  }

  it('come once for a cell, at the third error', () => {
    const offers = createOffers({ storage: kept(), clock: () => 0, perDay: () => 9 })
    expect([1, 2, 3, 4].map((count) => offers.take('c1', { count }))).toEqual([false, false, true, false])
    expect(offers.take('c2', { count: 3 })).toBe(true)
  })

  it('are so many a day, of all tabs, and none when that is 0', () => {
    const storage = kept()
    let now = new Date(2026, 3, 10, 9).getTime()
    const tab = () => createOffers({ storage, clock: () => now, perDay: () => 2 })
    const [one, other] = [tab(), tab()]
    expect([one.take('c1', { count: 3 }), other.take('c2', { count: 3 }), one.take('c3', { count: 3 })]).toEqual([
      true,
      true,
      false,
    ])
    now = new Date(2026, 3, 11, 9).getTime()
    expect(one.take('c3', { count: 5 })).toBe(true)
    expect(createOffers({ storage: kept(), clock: () => 0, perDay: () => 0 }).take('c1', { count: 3 })).toBe(false)
  })
})
