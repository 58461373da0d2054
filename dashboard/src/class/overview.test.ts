import { emptyState, type AttentionPhase, type ClassState, type StudentState } from '@lectern/protocol'
import { expect, it } from 'vitest'
import { inFrozenOrder, takeOrder } from './frozen-order.ts'
import { createOverviews } from './overview.ts'

const MINUTE = 60_000

function student(...attention: AttentionPhase[]): StudentState {
  return { firstAt: 0, lastAt: 0, online: true, executions: 0, failures: 0, attention }
}

const stuck = (since: number): AttentionPhase => ({
  from: since,
  kind: 'stuck',
  score: 700,
  reason: { code: 'same_error', since, error: 'NameError', count: 3, cell: 6 },
})
const active: AttentionPhase = { from: 0, kind: 'active', score: 100, reason: { code: 'working' } }
const idleFrom = (from: number): AttentionPhase => ({
  from,
  kind: 'idle',
  score: 200,
  reason: { code: 'quiet', since: 0 },
})

function stateOf(students: ClassState['students']): ClassState {
  return { ...emptyState(), students }
}

const NAMES = new Map([
  ['a', 'Aki'],
  ['b', 'Ben'],
  ['c', 'Chie'],
  ['d', 'Dai'],
])

it('puts the more urgent first, then who has waited longest, then by name', () => {
  const state = stateOf({ d: student(active), c: student(stuck(2_000)), b: student(stuck(1_000)), a: student(active) })
  const { rows, counts } = createOverviews()(state, NAMES, MINUTE)
  expect(rows.map(({ name }) => name)).toEqual(['Ben', 'Chie', 'Aki', 'Dai'])
  expect(counts).toEqual({ help: 0, stuck: 2, failing: 0, active: 2, idle: 0, away: 0 })
})

it('STA-2 takes the phase in force at the time of reading, without any event', () => {
  const state = stateOf({ a: student(active, idleFrom(2 * MINUTE)) })
  const overviews = createOverviews()
  expect(overviews(state, NAMES, MINUTE).counts.active).toBe(1)
  expect(overviews(state, NAMES, 2 * MINUTE).counts.idle).toBe(1)
})

it('keeps the row of a student in whom nothing changed, and makes a new one where something did', () => {
  const overviews = createOverviews()
  const a = student(active)
  const first = overviews(stateOf({ a, b: student(active) }), NAMES, 0)
  const second = overviews(stateOf({ a, b: student(stuck(0)) }), NAMES, MINUTE)
  expect(second.byId.get('a')).toBe(first.byId.get('a'))
  expect(second.byId.get('b')).not.toBe(first.byId.get('b'))
})

it('calls a student whose name is not known by the beginning of the pseudonymous id', () => {
  const { rows } = createOverviews()(stateOf({ s_123456789: student(active) }), NAMES, 0)
  expect(rows[0]?.name).toBe('#s_1234')
})

it('keeps the order while it is frozen, and counts what has changed', () => {
  const overviews = createOverviews()
  const before = overviews(stateOf({ a: student(active), b: student(active), c: student(active) }), NAMES, 0)
  const frozen = takeOrder(before.rows)
  const after = overviews(stateOf({ a: student(active), c: student(stuck(0)), d: student(active) }), NAMES, 0)
  expect(after.rows.map(({ id }) => id)).toEqual(['c', 'a', 'd'])
  const { rows, changed } = inFrozenOrder(after.rows, frozen)
  expect(rows.map(({ id }) => id)).toEqual(['a', 'c', 'd'])
  expect(rows[1]?.phase.kind).toBe('stuck')
  expect(changed).toBe(2)
})
