import type { LessonReport } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { byTeam, everyMinute, figuresOf, histogram } from './figures.ts'

const one = (student: string, over: Partial<LessonReport['attendance'][number]> = {}) => ({
  student,
  from: 0,
  to: 60_000,
  minutes: 1,
  executions: 0,
  failures: 0,
  done: 0,
  ...over,
})
const REPORT = {
  attendance: [
    one('a', { executions: 4, failures: 1, done: 3, minutes: 10 }),
    one('b', { executions: 6, failures: 4, done: 1, minutes: 30 }),
    one('c', { executions: 0, done: 0 }),
  ],
  absent: ['d', 'e'],
  activity: [
    { minute: 10, executions: 1, failures: 0, help: 0, students: 1 },
    { minute: 13, executions: 2, failures: 1, help: 1, students: 2 },
  ],
} as unknown as LessonReport

describe('figures of a report', () => {
  it('add up those who were there, and count those who were not', () => {
    expect(figuresOf(REPORT.attendance, 2)).toEqual({
      students: 5,
      there: 3,
      runs: 10,
      runsEach: 10 / 3,
      failed: 0.5,
      doneMedian: 1,
      minutesMedian: 10,
      done: [0, 1, 3],
    })
    expect(figuresOf([], 3)).toMatchObject({
      students: 3,
      there: 0,
      runsEach: 0,
      failed: undefined,
      doneMedian: undefined,
    })
  })

  it('are told by team, those without one last, whatever a team is called', () => {
    const teams: Record<string, string> = { a: 'Row 10', b: 'Row 2', d: 'Row 2', e: '__proto__' }
    const groups = byTeam(REPORT, (student) => (Object.hasOwn(teams, student) ? teams[student] : undefined))
    expect(groups.map(({ name, there, students }) => [name, there, students])).toEqual([
      ['__proto__', 0, 1],
      ['Row 2', 1, 2],
      ['Row 10', 1, 1],
      ['', 1, 1],
    ])
  })

  it('show how many have done how much, in bars of equal width', () => {
    expect(histogram([0, 1, 1, 3], { most: 3, bars: 8 })).toEqual({ step: 1, counts: [1, 2, 0, 1] })
    expect(histogram([0, 19, 20], { most: 20, bars: 8 })).toEqual({ step: 3, counts: [1, 0, 0, 0, 0, 0, 2] })
    expect(histogram([], { most: 0, bars: 8 })).toEqual({ step: 1, counts: [0] })
  })

  it('leave no minute out', () => {
    expect(everyMinute(REPORT).map(({ minute, executions }) => [minute, executions])).toEqual([
      [10, 1],
      [11, 0],
      [12, 0],
      [13, 2],
    ])
    expect(everyMinute({ ...REPORT, activity: [] })).toEqual([])
  })
})
