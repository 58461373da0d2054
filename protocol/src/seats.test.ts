import { expect, it } from 'vitest'
import { seatNames, type SeatPlace } from './seats.ts'

const at = (id: string, x: number, y: number): SeatPlace => ({ kind: 'student', id, x, y })

it('PLN-6 names seats by row from the top and by number from the left, whatever the order in which they are told', () => {
  const places = [at('c', 60, 10), at('d', 20, 40), at('a', 10, 12), at('b', 40, 9.5), at('e', 90, 41)]
  const names = { a: 'A1', b: 'A2', c: 'A3', d: 'B1', e: 'B2' }
  expect(Object.fromEntries(seatNames(places))).toEqual(names)
  expect(Object.fromEntries(seatNames(places.toReversed()))).toEqual(names)
})

it('PLN-6 gives no seat to a team, nor to who stands nowhere, and has names for more rows than letters', () => {
  const team: SeatPlace = { kind: 'team', id: 'Row 1', x: 5, y: 5 }
  expect(seatNames([team, { kind: 'student', id: 'a' }]).size).toBe(0)
  const rows = Array.from({ length: 30 }, (_, row) => at(`s${row}`, 50, row * 3.3))
  expect(seatNames(rows).get('s25')).toBe('Z1')
  expect(seatNames(rows).get('s26')).toBe('AA1')
})
