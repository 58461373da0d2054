import type { AttentionKind, RosterEntry } from '@lectern/protocol'
import { expect, it } from 'vitest'
import type { Row } from '../class/overview.ts'
import { createTeams } from './teams.ts'

const row = (id: string, kind: AttentionKind) => ({ id, name: id, phase: { kind } }) as unknown as Row
const rosterOf = (teams: Readonly<Record<string, string>>): ReadonlyMap<string, RosterEntry> =>
  new Map(Object.entries(teams).map(([id, team]) => [id, { id, name: id, team }]))

const ROSTER = rosterOf({ a: 'Team 10', b: 'Team 2', c: 'Team 10', d: '__proto__' })

it('puts teams with the most urgent students first, then by name, and who is in none last', () => {
  const teams = createTeams()([row('z', 'help'), row('b', 'active'), row('a', 'stuck'), row('c', 'idle')], ROSTER)
  expect(teams.map(({ id }) => id)).toEqual(['Team 10', 'Team 2', ''])
  expect(teams[0]).toMatchObject({ phase: { kind: 'stuck' }, counts: { stuck: 1, idle: 1, active: 0 } })
  const calm = createTeams()([row('a', 'idle'), row('b', 'active')], ROSTER)
  expect(calm.map(({ id }) => id)).toEqual(['Team 2', 'Team 10'])
})

it('keeps a team as it is while nothing in it changes', () => {
  const teams = createTeams()
  const [a, b] = [row('a', 'active'), row('b', 'active')]
  const [first] = teams([b, a], ROSTER)
  expect(teams([b, row('a', 'help')], ROSTER).find(({ id }) => id === 'Team 2')).toBe(first)
  expect(teams([row('b', 'idle')], ROSTER)[0]).not.toBe(first)
})

it('takes any text for the name of a team', () => {
  expect(createTeams()([row('d', 'active')], ROSTER).map(({ id }) => id)).toEqual(['__proto__'])
})
