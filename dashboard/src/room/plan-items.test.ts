import type { AttentionKind, SeatPlace } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import type { Row } from '../class/overview.ts'
import { createTeams } from '../teams/teams.ts'
import { itemAfterKey, planItems } from './plan-items.ts'
import { seatKey } from './seat-store.ts'

const row = (id: string, rank: number, kind: AttentionKind = 'active') =>
  ({ id, rank, name: id, phase: { kind } }) as unknown as Row
const ROWS = [row('b', 1), row('a', 0, 'help'), row('c', 2)]
const ROSTER = new Map([
  ['a', { id: 'a', name: 'a', team: 'Team 2' }],
  ['c', { id: 'c', name: 'c', team: 'Team 2' }],
])
const PRESENT = { byId: new Map(ROWS.map((one) => [one.id, one])), teams: createTeams()(ROWS, ROSTER) }
const placesOf = (...places: readonly SeatPlace[]) => new Map(places.map((place) => [seatKey(place), place]))
const at = (id: string, x: number, y: number): SeatPlace => ({ kind: 'student', id, x, y })

describe('what a plan shows', () => {
  it('is everybody in rows by team and name as long as nothing was placed', () => {
    const { items, isProvisional, unplaced } = planItems(new Map(), PRESENT, 1.6)
    expect(isProvisional).toBe(true)
    expect(items.map(({ place, seat }) => [place.id, seat])).toEqual([
      ['a', 'A1'],
      ['c', 'A2'],
      ['b', 'A3'],
    ])
    expect(unplaced.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  })

  it('is who was placed, with need and seat; who was not waits beside it', () => {
    const team: SeatPlace = { kind: 'team', id: 'Team 2', x: 5, y: 50 }
    const gone = at('erased', 1, 1)
    const { items, unplaced, unplacedTeams } = planItems(placesOf(team, gone, at('a', 50, 10)), PRESENT, 1)
    expect(items.map(({ key, kind, seat }) => [key, kind, seat])).toEqual([
      ['student a', 'help', 'B1'],
      ['team Team 2', 'help', ''],
    ])
    expect(unplaced.map(({ id }) => id)).toEqual(['b', 'c'])
    expect(unplacedTeams).toEqual([])
  })
})

it('leads by arrow keys to the nearest in that direction', () => {
  const { items } = planItems(placesOf(at('a', 10, 10), at('b', 50, 12), at('c', 12, 60)), PRESENT, 1)
  const of = (from: number, key: string) => itemAfterKey(items, from, key)
  expect([of(0, 'ArrowRight'), of(0, 'ArrowDown'), of(2, 'ArrowUp'), of(1, 'ArrowLeft')]).toEqual([1, 2, 0, 0])
  expect([of(0, 'ArrowLeft'), of(0, 'Enter'), of(9, 'ArrowUp')]).toEqual([undefined, undefined, undefined])
})
