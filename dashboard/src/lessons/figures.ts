import type { LessonReport } from '@lectern/protocol'

type Attendance = LessonReport['attendance'][number]

/** What is compared between lessons and between groups of one lesson. Shares from 0 to 1; absent where there is nothing to share. */
export interface Figures {
  /** Of how many: those who were there and those who were not. */
  readonly students: number
  readonly there: number
  readonly runs: number
  readonly runsEach: number
  readonly failed: number | undefined
  /** Cells done: half of those who were there have done at least so many. */
  readonly doneMedian: number | undefined
  readonly minutesMedian: number | undefined
  /** Cells done by each who was there, ascending. */
  readonly done: readonly number[]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

/** The middle of numbers in ascending order; the lower of two. */
function middle(sorted: readonly number[]): number | undefined {
  return sorted[Math.floor((sorted.length - 1) / 2)]
}

const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b)

/** Adds up those who were there; `absent` counts those who were not. */
export function figuresOf(attendance: readonly Attendance[], absent: number): Figures {
  const runs = sum(attendance.map(({ executions }) => executions))
  const done = ascending(attendance.map((one) => one.done))
  return {
    students: attendance.length + absent,
    there: attendance.length,
    runs,
    runsEach: attendance.length === 0 ? 0 : runs / attendance.length,
    failed: runs === 0 ? undefined : sum(attendance.map(({ failures }) => failures)) / runs,
    doneMedian: middle(done),
    minutesMedian: middle(ascending(attendance.map(({ minutes }) => minutes))),
    done,
  }
}

/** A group of students in one report. `name` is empty for those without one. */
export interface GroupFigures extends Figures {
  readonly name: string
}

/** The figures of each team of a lesson, by name; those without a team last. */
export function byTeam(report: LessonReport, teamOf: (student: string) => string | undefined): GroupFigures[] {
  const groups = new Map<string, { there: Attendance[]; absent: number }>()
  const groupOf = (student: string) => {
    const name = teamOf(student) ?? ''
    const known = groups.get(name)
    if (known) return known
    const made = { there: [], absent: 0 }
    groups.set(name, made)
    return made
  }
  for (const one of report.attendance) groupOf(one.student).there.push(one)
  for (const student of report.absent) groupOf(student).absent += 1
  const order = (name: string) => (name === '' ? 1 : 0)
  return [...groups]
    .toSorted(([a], [b]) => order(a) - order(b) || a.localeCompare(b, undefined, { numeric: true }))
    .map(([name, { there, absent }]) => ({ name, ...figuresOf(there, absent) }))
}

/** How many students have done how many cells: `count` in steps of `step` cells, from none on. */
export function histogram(done: readonly number[], { most, bars }: { most: number; bars: number }) {
  const step = Math.max(1, Math.ceil((most + 1) / bars))
  const counts = Array.from({ length: Math.floor(most / step) + 1 }, () => 0)
  for (const one of done) counts[Math.floor(one / step)] = (counts[Math.floor(one / step)] ?? 0) + 1
  return { step, counts }
}

/** Every minute of a lesson from its first to its last, also those in which nothing was done. */
export function everyMinute({ activity }: LessonReport): LessonReport['activity'] {
  const [first, last] = [activity[0], activity.at(-1)]
  if (!first || !last) return []
  const known = new Map(activity.map((one) => [one.minute, one]))
  const nothing = { executions: 0, failures: 0, help: 0, students: 0 }
  return Array.from({ length: last.minute - first.minute + 1 }, (_, index) => {
    const minute = first.minute + index
    return known.get(minute) ?? { minute, ...nothing }
  })
}
