import type { AttentionKind } from '@lectern/protocol'
import { expect, it } from 'vitest'
import { walkingOrder, type Stop } from './walking-order.ts'

const stop = (id: string, kind: AttentionKind, [x, y, since]: [number, number, number]): Stop => ({
  id,
  kind,
  since,
  x,
  y,
})
const order = (stops: readonly Stop[], aspect = 1) => walkingOrder(stops, aspect).map(({ id }) => id)

it('begins with who has waited longest and goes on to the nearest who also waits', () => {
  const far = stop('far', 'help', [90, 90, 2])
  const near = stop('near', 'help', [15, 10, 3])
  expect(order([far, near, stop('first', 'help', [10, 10, 1])])).toEqual(['first', 'near', 'far'])
})

it('goes to all who asked before anybody who is stuck, and to nobody else', () => {
  const stops = [stop('s', 'stuck', [10, 10, 0]), stop('a', 'active', [10, 11, 0]), stop('h', 'help', [90, 90, 9])]
  expect(order(stops)).toEqual(['h', 's'])
  expect(order([])).toEqual([])
  expect(order([stop('s2', 'stuck', [5, 5, 2]), stop('s1', 'stuck', [80, 5, 1])])).toEqual(['s1', 's2'])
})

it('measures a wide room by its true width', () => {
  const stops = [stop('from', 'help', [0, 0, 1]), stop('beside', 'help', [20, 0, 2]), stop('below', 'help', [0, 30, 3])]
  expect(order(stops, 1)).toEqual(['from', 'beside', 'below'])
  expect(order(stops, 2)).toEqual(['from', 'below', 'beside'])
})
