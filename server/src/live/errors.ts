import type { ErrorStreak, StoredEvent } from '@lectern/protocol'
import type { CellMemory, Step } from './fold-state.ts'
import { errorGroupKey } from './signature.ts'

type Executed = Extract<StoredEvent, { type: 'cell_executed' }>

/** The longest text of a message that the state carries; the log has all of it. */
export const MESSAGE_CHARS = 300

function leave({ state, event, touch }: Step, group: string): void {
  const found = state.view.errors[group]
  if (!found || !Object.hasOwn(found.students, event.student)) return
  delete found.students[event.student]
  if (Object.keys(found.students).length === 0) delete state.view.errors[group]
  touch('errors', group)
}

function enter({ state, event, touch }: Step, executed: Executed, streak: ErrorStreak): void {
  const { errors } = state.view
  const { cell, notebook, time } = executed
  if (!cell || !notebook) return
  let group = errors[streak.group]
  if (!group) {
    group = { name: streak.name, notebook, cell, since: time, lastAt: time, total: 0, students: {} }
    if (streak.message !== undefined) group.message = streak.message
    errors[streak.group] = group
  }
  group.total += 1
  group.since = Math.min(group.since, time)
  group.lastAt = Math.max(group.lastAt, time)
  const before = group.students[event.student]
  group.students[event.student] = { count: (before?.count ?? 0) + 1, since: before?.since ?? time }
  touch('errors', streak.group)
}

function nextStreak(executed: Executed, key: string, before: ErrorStreak | undefined): ErrorStreak {
  const name = executed.data.errorName ?? ''
  const message = executed.data.errorMessage?.slice(0, MESSAGE_CHARS)
  const streak: ErrorStreak = {
    cell: key,
    group: errorGroupKey(key, name, message),
    index: executed.cell?.index ?? 0,
    name,
    count: (before?.count ?? 0) + 1,
    since: before?.since ?? executed.time,
  }
  if (message !== undefined) streak.message = message
  return streak
}

/** Groups of the same error, and the student's errors in a row, after the newest run of a cell (SPEC STA-7). */
export function foldErrors(step: Step, executed: Executed, cell: CellMemory & { key: string }): void {
  const before = cell.streak
  const { status } = executed.data
  if (status === 'error') {
    cell.streak = nextStreak(executed, cell.key, before)
    if (before && before.group !== cell.streak.group) leave(step, before.group)
    enter(step, executed, cell.streak)
    step.student.streak = cell.streak
    return
  }
  // An aborted run says nothing of the cell; without a status nothing is known (SPEC LVL-1).
  if (status !== 'ok') return
  if (before) leave(step, before.group)
  delete cell.streak
  if (step.student.streak?.cell === cell.key) delete step.student.streak
}
