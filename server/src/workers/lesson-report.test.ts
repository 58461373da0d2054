import { LessonReport, type EventType, type StoredEvent } from '@lectern/protocol'
import fc from 'fast-check'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { createClassFold } from '../live/class-fold.ts'
import { createLessonCount } from './lesson-report.ts'
import { createLessonSharing } from './lesson-sharing.ts'
import { createSpanFinder } from './lesson-span.ts'
import { medianOf } from './median.ts'

const MINUTE = 60_000
const START = 29_000_000 * MINUTE
const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER }

let offset = 0
const seqs = new Map<string, number>()

/** An event of a student, `minute` minutes after the lesson began. */
function eventOf(student: string, minute: number, more: { type: string } & Record<string, unknown>): StoredEvent {
  offset += 1
  const seq = (seqs.get(student) ?? 0) + 1
  seqs.set(student, seq)
  const time = Math.round(START + minute * MINUTE)
  const id = `0192f0c1-7b1a-7000-8000-${String(offset).padStart(12, '0')}`
  const common = { id, install: student, seq, at: '', data: {}, offset, student, received: time, time }
  return { ...common, ...more } as StoredEvent
}

type Outcome = 'ok' | 'error' | 'aborted'
const run = (student: string, minute: number, [cell, status]: [cell: number, status: Outcome]): StoredEvent =>
  eventOf(student, minute, {
    type: 'cell_executed',
    notebook: { id: 'nb', path: 'nb.ipynb' },
    cell: { id: `c${cell}`, index: cell, type: 'code' },
    data:
      status === 'error'
        ? { status, errorName: 'NameError', errorMessage: `name 'x${cell}' is not defined` }
        : { status },
  })

function reportOn(events: readonly StoredEvent[], over: Partial<Parameters<typeof createLessonCount>[0]> = {}) {
  const sharing = createLessonSharing()
  sharing.add(events)
  const count = createLessonCount({ class: 'k1', offset: events.length, roster: [], sharing, ...ALL, ...over })
  for (let from = 0; from < events.length; from += 3) count.add(events.slice(from, from + 3))
  return count.report()
}

function begin(): void {
  offset = 0
  seqs.clear()
}

/** Three students: Ann is quick, Ben struggles and asks for help, Cid comes late and leaves with an error. Dan is not there. */
function lesson(): StoredEvent[] {
  begin()
  return [
    eventOf('ann', 0, { type: 'session_started' }),
    eventOf('ben', 1, { type: 'session_started' }),
    run('ann', 2, [0, 'ok']),
    run('ben', 2, [0, 'error']),
    run('ben', 4, [0, 'error']),
    eventOf('ben', 5, { type: 'help_requested', data: { message: 'Why?' } }),
    eventOf('ann', 6, { type: 'help_requested' }),
    eventOf('ann', 7, { type: 'help_withdrawn' }),
    eventOf('ben', 9, { type: 'help_resolved', install: 'server', data: { by: 'u_1' } }),
    run('ben', 12, [0, 'ok']),
    run('ann', 12, [1, 'ok']),
    eventOf('cid', 20, { type: 'session_started' }),
    run('cid', 21, [0, 'error']),
    run('cid', 25, [0, 'error']),
    eventOf('cid', 26, { type: 'help_requested' }),
  ]
}

describe('a report of a lesson', () => {
  it('says who was there and when, and who was not', () => {
    const report = reportOn(lesson(), { roster: ['ann', 'ben', 'cid', 'dan'] })
    expect(Value.Check(LessonReport, report)).toBe(true)
    expect(report.absent).toEqual(['dan'])
    const at = (minute: number) => START + minute * MINUTE
    expect(report.attendance).toEqual([
      { student: 'ann', from: at(0), to: at(12), minutes: 5, executions: 2, failures: 0, done: 2 },
      { student: 'ben', from: at(1), to: at(12), minutes: 5, executions: 3, failures: 2, done: 1 },
      { student: 'cid', from: at(20), to: at(26), minutes: 4, executions: 2, failures: 2, done: 0 },
    ])
    expect(report.activity.find(({ minute }) => minute === START / MINUTE + 2)).toEqual({
      minute: START / MINUTE + 2,
      executions: 2,
      failures: 1,
      help: 0,
      students: 2,
    })
  })

  it('says how far they came, where it took long, and which mistakes were made', () => {
    const { notebooks, slowest, errors, errorGroups } = reportOn(lesson())
    expect(notebooks).toHaveLength(1)
    expect(notebooks[0]?.cells).toEqual([
      {
        cell: { id: 'c0', index: 0, type: 'code' },
        reached: 3,
        done: 2,
        failing: 1,
        tries: 6,
        // 0, 10 and 4 minutes; of those who came through 0 and 10, at the first and at the third try.
        spentMs: 4 * MINUTE,
        doneMs: 5 * MINUTE,
        doneTries: 2,
      },
      {
        cell: { id: 'c1', index: 1, type: 'code' },
        reached: 1,
        done: 1,
        failing: 0,
        tries: 1,
        spentMs: 0,
        doneMs: 0,
        doneTries: 1,
      },
    ])
    expect(slowest).toEqual([{ notebook: 'nb', cell: 'c0', spentMs: 4 * MINUTE }])
    expect(errorGroups).toBe(1)
    expect(errors).toMatchObject([
      {
        name: 'NameError',
        total: 4,
        students: ['ben', 'cid'],
        failing: ['cid'],
        firstAt: START + 2 * MINUTE,
        lastAt: START + 25 * MINUTE,
      },
    ])
  })

  it('says how help was asked for and given', () => {
    expect(reportOn(lesson()).help).toEqual({
      requests: 3,
      resolved: 1,
      withdrawn: 1,
      open: 1,
      waitMedianMs: 2.5 * MINUTE,
      waitMostMs: 4 * MINUTE,
      by: [{ user: 'u_1', resolved: 1, claimed: 0, helpingMs: 0 }],
    })
  })

  it('CON-5 says nothing of those who do not share, but that; and of others nothing from before they did', () => {
    const before = lesson()
    const say = (student: string, minute: number, sharing: boolean) =>
      eventOf(student, minute, { type: 'sharing_changed', install: 'server', data: { sharing } })
    // Long after the lesson.
    const events = [...before, say('ben', 500, false), say('cid', 500, false), say('cid', 501, true)]
    const span = { from: START, to: START + 30 * MINUTE }
    const report = reportOn([...events, run('cid', 28, [1, 'ok'])], { ...span, roster: ['ann', 'ben', 'cid', 'dan'] })
    expect(report).toMatchObject({ absent: ['dan'], notSharing: ['ben'], errors: [], help: { requests: 1 } })
    expect(report.attendance.map(({ student, executions }) => [student, executions])).toEqual([
      ['ann', 2],
      ['cid', 1],
    ])
    const { notSharing, ...rest } = report
    expect(notSharing).toEqual(['ben'])
    expect(JSON.stringify(rest)).not.toContain('ben')
  })

  it('REP-1 says how long each member of staff was waited for, and was there', () => {
    begin()
    const by = (student: string, minute: number, [type, user]: [EventType, string]) =>
      eventOf(student, minute, { type, install: 'server', data: { by: user } })
    const report = reportOn([
      eventOf('ann', 0, { type: 'help_requested' }),
      eventOf('ben', 1, { type: 'help_requested' }),
      by('ann', 4, ['help_claimed', 'u_1']),
      by('ben', 3, ['help_claimed', 'u_1']),
      by('ben', 5, ['help_claimed', 'u_2']),
      by('ann', 9, ['help_resolved', 'u_1']),
      by('ben', 8, ['help_released', 'u_2']),
    ])
    expect(report.help.by).toEqual([
      { user: 'u_1', resolved: 1, claimed: 2, waitMedianMs: 3 * MINUTE, helpingMs: 7 * MINUTE },
      { user: 'u_2', resolved: 0, claimed: 1, waitMedianMs: 4 * MINUTE, helpingMs: 3 * MINUTE },
    ])
  })

  it('leaves out what lies before and after', () => {
    const { attendance, help, activity } = reportOn(lesson(), { from: START + 20 * MINUTE, to: START + 25 * MINUTE })
    expect(attendance.map(({ student, executions }) => [student, executions])).toEqual([['cid', 2]])
    expect(help.requests).toBe(0)
    expect(activity).toHaveLength(3)
    expect(reportOn([], { roster: ['ann'] })).toMatchObject({ attendance: [], absent: ['ann'], errorGroups: 0 })
  })

  it('REP-1 STA-2 agrees with the state of the class at the same offset, whatever was done', () => {
    const student = fc.constantFrom('ann', 'ben', 'cid', 'dan')
    const minute = fc.integer({ min: 0, max: 120 })
    const status = fc.constantFrom<Outcome>('ok', 'error', 'aborted')
    const help = ['help_requested', 'help_withdrawn', 'help_resolved'] as const
    const step = fc.record({
      type: fc.constantFrom('run', 'run', ...help, 'run', 'presence', 'connection_lost', 'rules_changed', 'erased'),
      who: student,
      at: minute,
      cell: fc.nat(4),
      how: status,
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        begin()
        const events = steps.map(({ type, who, at, cell, how }) => {
          if (type === 'run') return run(who, at, [cell, how])
          return eventOf(who, at, { type: type, data: type === 'rules_changed' ? { rules: 'patient' } : {} })
        })
        const fold = createClassFold()
        fold.apply(events)
        fold.flush()
        const { state } = fold.snapshot()
        const report = reportOn(events)
        expect(Value.Check(LessonReport, report)).toBe(true)
        const cells = report.notebooks.flatMap((one) => one.cells)
        const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
        for (const { cell, reached, done, failing, tries } of cells) {
          expect(state.cells[`nb#${cell.id}`]).toMatchObject({ reached, done, failing, tries })
        }
        expect(cells).toHaveLength(Object.keys(state.cells).length)
        expect(sum(report.attendance.map(({ done }) => done))).toBe(sum(cells.map(({ done }) => done)))
        const students = Object.values(state.students)
        expect(sum(report.attendance.map(({ executions }) => executions))).toBe(
          sum(students.map(({ executions }) => executions)),
        )
        expect(sum(report.errors.map(({ total }) => total))).toBe(sum(students.map(({ failures }) => failures)))
        const failing = Object.entries(state.errors).map(([group, entry]) => [
          group,
          Object.keys(entry.students).toSorted(),
        ])
        const said = report.errors.flatMap((entry) => (entry.failing.length > 0 ? [[entry.group, entry.failing]] : []))
        expect(Object.fromEntries(said)).toEqual(Object.fromEntries(failing))
        const { requests, resolved, withdrawn, open } = report.help
        expect(open).toBe(Object.keys(state.help).length)
        expect(requests).toBe(resolved + withdrawn + open)
        const activity = report.activity.map(({ minute: key, ...sums }) => [key, sums])
        expect(Object.fromEntries(activity)).toEqual(state.activity)
      }),
      { numRuns: 200 },
    )
  })
})

describe('the span of a lesson', () => {
  const at = (...minutes: number[]) =>
    minutes.map((minute) => ({ type: 'presence', time: START + minute * MINUTE }) as StoredEvent)
  const found = (minutes: number[], asked: { from?: number; to?: number } = {}) => {
    const finder = createSpanFinder(asked)
    finder.add(at(...minutes))
    const span = finder.found()
    return span && [(span.from - START) / MINUTE, (span.to - START) / MINUTE]
  }

  it('is the last run without a pause over three hours', () => {
    expect(found([0, 30, 211, 230, 220])).toEqual([211, 230])
    expect(found([0, 30, 210])).toEqual([0, 210])
    expect(found([5])).toEqual([5, 5])
    expect(found([])).toBeUndefined()
  })

  it('is what was asked for, or the last one before', () => {
    expect(found([0, 30, 300], { from: START + 10 * MINUTE, to: START + 40 * MINUTE })).toEqual([10, 40])
    expect(found([0, 30, 300], { to: START + 60 * MINUTE })).toEqual([0, 60])
    expect(found([0, 30, 300], { from: START + 10 * MINUTE })).toEqual([10, 300])
  })

  it('knows what students did, not what the server noted', () => {
    const finder = createSpanFinder({})
    finder.add([...at(0), { type: 'connection_lost', time: START + 1000 * MINUTE } as StoredEvent])
    expect(finder.found()).toEqual({ from: START, to: START })
  })
})

it('takes the middle, or the mean of the two in the middle', () => {
  expect([medianOf([]), medianOf([3]), medianOf([9, 1]), medianOf([9, 1, 2])]).toEqual([undefined, 3, 5, 2])
})
