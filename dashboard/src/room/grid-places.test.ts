import { seatNames } from '@lectern/protocol'
import { expect, it } from 'vitest'
import { gridPlaces, percent } from './grid-places.ts'

const students = (n: number) => Array.from({ length: n }, (_, index) => `s${index}`)

it.each([
  [1, 1.6],
  [20, 1.6],
  [200, 1.6],
  [1000, 2.5],
])('seats %i students apart from each other, in rows that have names', (n, aspect) => {
  const places = gridPlaces(students(n), aspect)
  expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(n)
  for (const { x = -1, y = -1 } of places) {
    expect(Math.min(x, y)).toBeGreaterThan(0)
    expect(Math.max(x, y)).toBeLessThan(100)
  }
  const names = seatNames(places)
  expect(names.get('s0')).toBe('A1')
  expect(new Set(names.values()).size).toBe(n)
})

it('keeps places within the plan, in steps', () => {
  expect([-3, 0.2, 33.3, 99.9, 140].map(percent)).toEqual([0, 0, 33.5, 100, 100])
})
