import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEdits, type EditData } from './edits.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

function bed() {
  const said: [string, EditData][] = []
  const edits = createEdits<string>({ quietMs: 100, clock: Date.now, report: (cell, data) => said.push([cell, data]) })
  return { said, edits }
}

describe('edits', () => {
  it('EVT-10 says what changed in a cell, and when, once the cell stands still', () => {
    const { said, edits } = bed()
    edits.changed('a', [{ insert: 'x' }], false)
    vi.advanceTimersByTime(60)
    edits.changed('a', [{ retain: 1 }, { insert: 'yz' }, { delete: 1 }], true)
    vi.advanceTimersByTime(99)
    expect(said).toEqual([])
    vi.advanceTimersByTime(1)
    const deltas = [
      [0, [{ insert: 'x' }]],
      [60, [{ retain: 1 }, { insert: 'yz' }, { delete: 1 }]],
    ]
    expect(said).toEqual([['a', { typed: 1, pasted: 2, deleted: 1, deltas }]])
  })

  it('EVT-10 begins another event when one holds as much as it may', () => {
    const { said, edits } = bed()
    for (let key = 0; key < 1_500; key += 1) edits.changed('a', [{ insert: 'x' }], false)
    edits.changed('b', [{ insert: 'p'.repeat(100_000) }], true)
    edits.flushAll()
    expect(said.map(([cell, { typed, pasted, deltas }]) => [cell, typed, pasted, deltas.length])).toEqual([
      ['a', 1_000, 0, 1_000],
      ['b', 0, 100_000, 1],
      ['a', 500, 0, 500],
    ])
    expect(JSON.stringify(said[1]).length).toBeLessThan(33_000)
  })
})
