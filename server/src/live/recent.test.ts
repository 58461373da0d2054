import type { StoredEvent } from '@lectern/protocol'
import { expect, it } from 'vitest'
import { createClassFold } from './class-fold.ts'

const MINUTE_MS = 60_000
const FIRST = 29_596_380

type Happened = readonly [minute: number, type: StoredEvent['type'], data?: object]

const ok = (minute: number): Happened => [minute, 'cell_executed', { status: 'ok' }]

/** The minutes that are kept of a student to whom all this happened, in this order, counted from the first. */
function recentOf(...log: readonly Happened[]): Record<number, readonly number[]> | undefined {
  const fold = createClassFold()
  fold.apply(
    log.map(([minute, type, data = {}], index) => {
      const time = (FIRST + minute) * MINUTE_MS
      const ids = { offset: index + 1, student: 's1', id: `id-${index}`, install: 'i1', seq: index + 1 }
      const place = { notebook: { id: 'nb', path: 'nb.ipynb' }, cell: { id: 'c', index: 0, type: 'code' } }
      return { ...ids, ...place, type, at: '', received: time, time, data } as unknown as StoredEvent
    }),
  )
  fold.flush()
  const { recent } = fold.snapshot().state.students['s1']!
  return recent && Object.fromEntries(Object.entries(recent).map(([minute, runs]) => [Number(minute) - FIRST, runs]))
}

it('STA-10 counts runs by minute, failed ones beside all, and other events not at all', () => {
  const failed: Happened = [0, 'cell_executed', { status: 'error' }]
  expect(recentOf(ok(0), failed, [1, 'presence'], [2, 'cell_executed'])).toEqual({ 0: [2, 1], 2: [1, 0] })
})

it('STA-10 keeps twelve minutes up to the newest run, whatever comes late', () => {
  expect(recentOf(ok(0), ok(5), ok(12), ok(2), ok(16), ok(2))).toEqual({ 5: [1, 0], 12: [1, 0], 16: [1, 0] })
  expect(recentOf(ok(20), ok(2))).toEqual({ 20: [1, 0] })
})

it('STA-10 forgets them with everything else of a student who does not share any more', () => {
  expect(recentOf(ok(0), [1, 'sharing_changed', { sharing: false }], ok(2))).toBeUndefined()
})
