import type { CellProgress, ClassState, ErrorGroup, StudentState } from '@lectern/protocol'
import type { Mark } from './replay.ts'

/** What a student did between two moments. */
export interface Moved {
  readonly id: string
  readonly runs: number
  readonly failures: number
  readonly before: StudentState | undefined
  readonly after: StudentState
}

/** How far a cell came. */
export interface CellMoved {
  readonly key: string
  readonly cell: CellProgress
  readonly done: number
}

/** What changed between two moments of a class. */
export interface Changed {
  /** Students who came, and who left. */
  readonly came: readonly string[]
  readonly left: readonly string[]
  /** Who ran anything, the most runs first. */
  readonly moved: readonly Moved[]
  /** Who was there all the time and ran nothing. */
  readonly still: readonly string[]
  /** Cells with which more are done. */
  readonly cells: readonly CellMoved[]
  /** Groups of errors that there were not, the largest first; and those that are gone. */
  readonly errors: readonly (readonly [string, ErrorGroup])[]
  readonly solved: readonly (readonly [string, ErrorGroup])[]
  /** Who asked for help in between, and who still waits. */
  readonly asked: readonly string[]
  readonly waiting: readonly string[]
}

const isThere = (student: StudentState | undefined): boolean => student?.online === true && student.sharing !== false

/** Compares two moments; `marks` are those in between. Who does not share is in none of it. */
export function changesBetween(before: ClassState, after: ClassState, marks: readonly Mark[]): Changed {
  const students = Object.entries(after.students).filter(([, { sharing }]) => sharing !== false)
  const moved = students.map(([id, student]): Moved => {
    const was = before.students[id]
    return {
      id,
      before: was,
      after: student,
      runs: student.executions - (was?.executions ?? 0),
      failures: student.failures - (was?.failures ?? 0),
    }
  })
  const size = ([, { students: all }]: readonly [string, ErrorGroup]) => Object.keys(all).length
  const asked = marks.filter(({ is }) => is === 'help').map(({ key }) => key)
  return {
    came: students.filter(([id, one]) => isThere(one) && !isThere(before.students[id])).map(([id]) => id),
    left: students.filter(([id, one]) => !isThere(one) && isThere(before.students[id])).map(([id]) => id),
    moved: moved.filter(({ runs }) => runs > 0).toSorted((a, b) => b.runs - a.runs),
    still: moved.filter((one) => one.runs === 0 && isThere(one.after) && isThere(one.before)).map(({ id }) => id),
    cells: Object.entries(after.cells)
      .map(([key, cell]) => ({ key, cell, done: cell.done - (before.cells[key]?.done ?? 0) }))
      .filter(({ done }) => done > 0)
      .toSorted((a, b) => b.done - a.done),
    errors: Object.entries(after.errors)
      .filter(([key]) => !Object.hasOwn(before.errors, key))
      .toSorted((a, b) => size(b) - size(a)),
    solved: Object.entries(before.errors).filter(([key]) => !Object.hasOwn(after.errors, key)),
    asked: [...new Set(asked)],
    waiting: Object.keys(after.help),
  }
}
