import {
  applyChanges,
  ReplayLine,
  stateHash,
  type ClassState,
  type Patch,
  type StateAnswer,
  type StoredEvent,
} from '@lectern/protocol'
import fc from 'fast-check'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { createClassFold } from '../live/class-fold.ts'
import { lessonReplay } from './lesson-replay.ts'
import { offsetBefore, replaySpan, replayStep } from './replay-span.ts'

const START = 1_775_782_800_000
const HOUR_MS = 3_600_000

interface Said {
  student?: string
  type?: StoredEvent['type']
  status?: 'ok' | 'error'
  sharing?: boolean
  /** Seconds after the start. */
  at: number
}

function logOf(said: readonly Said[]): StoredEvent[] {
  return said.map(({ student = 's1', type = 'cell_executed', status = 'ok', sharing, at }, index) => {
    const time = START + at * 1000
    const made = {
      offset: index + 1,
      student,
      id: `id-${index}`,
      install: `i-${student}`,
      seq: index + 1,
      type,
      at: new Date(time).toISOString(),
      received: time,
      time,
      ...(type === 'cell_executed'
        ? { notebook: { id: 'nb', path: 'a.ipynb' }, cell: { id: 'c1', index: 0, type: 'code' } }
        : {}),
      data: sharing === undefined ? { status, ...(status === 'error' ? { errorName: 'NameError' } : {}) } : { sharing },
    }
    return made as StoredEvent
  })
}

function liveOf(log: readonly StoredEvent[]): StateAnswer {
  const fold = createClassFold()
  fold.apply(log)
  fold.flush()
  const { offset, state } = fold.snapshot()
  return { offset, hash: stateHash(state), at: 0, ...structuredClone(state) }
}

interface Asked {
  from?: number
  to?: number
  notebook?: string
}

/** The lines of a replay of this log; `top`: what of it there is. */
function replayOf(log: readonly StoredEvent[], { notebook, ...asked }: Asked = {}): ReplayLine[] {
  const outline = (after: number, limit = 7) =>
    log.slice(after, after + limit).map(({ offset, student, type, received, data }) => ({
      offset,
      student,
      type,
      received,
      ...(type === 'sharing_changed' ? { sharing: data.sharing } : {}),
    }))
  const lines = lessonReplay({
    class: 'k1',
    top: log.length,
    live: liveOf(log),
    asked,
    ...(notebook === undefined ? {} : { notebook }),
    // Parts are smaller than what is asked for, as they may be.
    read: (after, limit) => structuredClone(log.slice(after, after + Math.min(limit, 5))),
    outline,
  })
  // A state is lent until the next line is asked for.
  return Array.from(lines, (line) => structuredClone(line))
}

type Of<K extends ReplayLine['kind']> = Extract<ReplayLine, { kind: K }>
const linesOf = <K extends ReplayLine['kind']>(lines: readonly ReplayLine[], kind: K): Of<K>[] =>
  lines.filter((line): line is Of<K> => line.kind === kind)

/** The states that a reader holds, by the time of the class. */
function statesOf(lines: readonly ReplayLine[]): Map<number, ClassState> {
  const [first] = linesOf(lines, 'snapshot')
  let state = first!.state
  const states = new Map([[first!.at, state]])
  let offset = first!.offset
  for (const { at, from, to, changes } of linesOf(lines, 'changes')) {
    expect(from, 'joins without a gap').toBeLessThanOrEqual(offset)
    offset = to
    state = applyChanges(state, changes as Patch[])
    states.set(at, state)
  }
  return states
}

describe('a replay', () => {
  it('RPL-1 tells the last lesson, step by step, in the frames of the sockets', () => {
    const log = logOf([
      { at: -5 * 3600, status: 'error' },
      { at: 0 },
      { at: 0.5, student: 's2', status: 'error' },
      { at: 61, student: 's2' },
    ])
    const lines = replayOf(log, { notebook: 'nb' })
    for (const line of lines) expect(Value.Check(ReplayLine, line), JSON.stringify(line)).toBe(true)
    expect(lines[0]).toEqual({
      kind: 'replay',
      class: 'k1',
      from: START,
      to: START + 61_000,
      everyMs: 1000,
      offset: 4,
    })
    const states = statesOf(lines)
    expect([...states.keys()]).toEqual([START, START + 1000, START + 61_000])
    const present = [...states.values()].map(({ students }) => Object.keys(students).length)
    expect(present).toEqual([1, 2, 2])
    const rows = linesOf(lines, 'matrix').map((line) => line.rows)
    expect(rows).toEqual([{ s1: 'f' }, { s1: 'r2.dw0', s2: 'f' }, { s2: 'r2.1p' }])
    expect(linesOf(lines, 'progress').at(-1)).toEqual({ kind: 'progress', done: 1 })
  })

  it('RPL-2 holds in each step what the class held then, and ends with its hash', () => {
    const said = fc.record({
      student: fc.constantFrom('s1', 's2', 's3'),
      type: fc.constantFrom('cell_executed', 'help_requested', 'session_ended', 'presence'),
      status: fc.constantFrom('ok', 'error'),
      at: fc.nat(4000),
    }) as fc.Arbitrary<Said>
    fc.assert(
      fc.property(fc.array(said, { minLength: 1, maxLength: 60 }), fc.nat(4000), (all, cut) => {
        const log = logOf(all.toSorted((a, b) => a.at - b.at))
        const from = START + cut * 1000
        const lines = replayOf(log, { from, to: START + HOUR_MS * 2 })
        for (const [at, state] of statesOf(lines)) {
          const then = log.filter(({ received }) => (at === from ? received < at : received <= at))
          expect(stateHash(state)).toBe(liveOf(then).hash)
        }
        expect(lines.at(-1)).toEqual({ kind: 'end', offset: log.length, hash: liveOf(log).hash })
      }),
      { numRuns: 60 },
    )
  })

  it('RPL-2 ends at the offset of a part that is over with the hash of then', () => {
    const log = logOf([{ at: 0 }, { at: 10, status: 'error' }, { at: 20 }])
    const lines = replayOf(log, { from: START, to: START + 12_000 })
    expect(lines.at(-1)).toEqual({ kind: 'end', offset: 2, hash: liveOf(log.slice(0, 2)).hash })
    expect(replayOf(log, { from: START + HOUR_MS, to: START + HOUR_MS }).at(-1)).toMatchObject({ offset: 3 })
    expect(replayOf([]).at(-1)).toMatchObject({ kind: 'end', offset: 0 })
  })

  it('RPL-3 shows nothing of then of who does not share now, and ends in the state of now', () => {
    const log = logOf([
      { at: 0, student: 's1', status: 'error' },
      { at: 1, student: 's2', status: 'error' },
      { at: 5, student: 's1', type: 'sharing_changed', sharing: false },
      { at: 9, student: 's2' },
    ])
    const lines = replayOf(log, { from: START - 1000, to: START + 10_000, notebook: 'nb' })
    const states = [...statesOf(lines).values()]
    for (const state of states.slice(0, -1)) {
      expect(state.students['s1'] ?? { sharing: false }).toMatchObject({ sharing: false })
      expect(Object.values(state.errors).flatMap(({ students }) => Object.keys(students))).not.toContain('s1')
    }
    expect(stateHash(states.at(-1)!)).toBe(liveOf(log).hash)
    expect(lines.at(-1)).toMatchObject({ hash: liveOf(log).hash })
    expect(linesOf(lines, 'matrix').flatMap(({ rows }) => Object.entries(rows))).not.toContainEqual(['s1', 'f'])
    const before = replayOf(log, { from: START - 1000, to: START + 3000 })
    expect(Object.keys([...statesOf(before).values()].at(-1)!.students)).toEqual(['s2'])
  })

  it('RPL-3 shows of who shares again only what came after', () => {
    const log = logOf([
      { at: 0, status: 'error' },
      { at: 1, type: 'sharing_changed', sharing: false },
      { at: 2, type: 'sharing_changed', sharing: true },
      { at: 3, status: 'ok' },
      { at: 4, type: 'erased', student: 's9' },
    ])
    const lines = replayOf(log, { from: START, to: START + 5000 })
    const [first] = statesOf(lines).values()
    expect(first).toMatchObject({ students: {}, errors: {} })
    expect([...statesOf(lines).values()].at(-1)!.students['s1']).toMatchObject({ executions: 1 })
    expect(lines.at(-1)).toMatchObject({ hash: liveOf(log).hash })
  })

  it('RPL-1 takes steps that are as fine as a page can hold', () => {
    const students = Array.from({ length: 250 }, (_, index) => `s${index}`)
    const log = Array.from({ length: 500 }, (_, second) => students.map((student) => ({ student, second }))).flat()
    const read = (after: number, limit = 20_000) =>
      log.slice(after, after + limit).map(({ student, second }, index) => {
        const offset = after + index + 1
        return { offset, student, type: 'presence' as const, received: START + second * 1000 }
      })
    // 250 students in 500 seconds are 125,000 changes; half of them when two seconds are told at once.
    expect(replayStep(read, { from: 0, to: 125_000 }, START)).toBe(2000)
    expect(replayStep(read, { from: 0, to: 100_000 }, START)).toBe(1000)
    expect(offsetBefore(read, 125_000, START + 10_000)).toBe(2500)
    expect(offsetBefore(read, 125_000, START)).toBe(0)
    expect(replaySpan(read, 125_000, {})).toEqual({ from: START, to: START + 499_000 })
  })
})
