import { expect, it } from 'vitest'
import { inHeldOrder } from './use-steady-list.ts'

const entries = (text: string) => text.split(' ').map((name) => ({ name }))
const order = (held: string, now: string) =>
  inHeldOrder(entries(held), entries(now), ({ name }) => name).map(
    ({ entry, isGone }) => `${entry.name}${isGone ? '!' : ''}`,
  )

it('keeps the order in which a list was held: who is new comes last, who is gone keeps the place', () => {
  expect(order('a b c', 'a b c')).toEqual(['a', 'b', 'c'])
  expect(order('a b c', 'c d a')).toEqual(['a', 'b!', 'c', 'd'])
})
