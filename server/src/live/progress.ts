import type { CellProgress, StoredEvent } from '@lectern/protocol'
import { cellKeyOf } from './cell-key.ts'
import { foldErrors } from './errors.ts'
import { isLater, placeOf, type CellMemory, type Step } from './fold-state.ts'
import { noteColumn } from './matrix.ts'

function count(progress: CellProgress, status: CellMemory['status'], by: 1 | -1): void {
  if (status === 'ok') progress.done += by
  if (status === 'error') progress.failing += by
}

type Runs = Pick<CellMemory, 'tries' | 'failures' | 'firstAt' | 'doneAt'>

/** What does not depend on the order in which runs are heard of. */
function countRun(before: Runs | undefined, status: CellMemory['status'], time: number): Runs {
  const doneAt = status === 'ok' ? Math.min(time, before?.doneAt ?? time) : before?.doneAt
  return {
    tries: (before?.tries ?? 0) + 1,
    failures: (before?.failures ?? 0) + (status === 'error' ? 1 : 0),
    firstAt: Math.min(time, before?.firstAt ?? time),
    ...(doneAt === undefined ? {} : { doneAt }),
  }
}

/** Runs of cells: the student's counts and how far the class is with the cell (SPEC STA-5). */
export function foldProgress(step: Step): void {
  const { event, student, memory, state, touch } = step
  if (event.type !== 'cell_executed' || !event.notebook || !event.cell) return
  const executed: Extract<StoredEvent, { type: 'cell_executed' }> = event
  const { notebook, cell } = event
  const key = cellKeyOf(notebook.id, cell.id)
  const status = event.data.status === 'aborted' ? 'unknown' : (event.data.status ?? 'unknown')
  student.executions += 1
  if (status === 'error') student.failures += 1

  if (!state.view.cells[key]) noteColumn(state, notebook.id, cell.id)
  const progress = (state.view.cells[key] ??= { notebook, cell, reached: 0, done: 0, failing: 0, tries: 0 })
  progress.tries += 1
  touch('cells', key)

  memory.cellsAt = state.offset
  const before = memory.cells.get(key)
  const runs = countRun(before, status, event.time)
  if (before && !isLater(executed, before.last)) return void Object.assign(before, runs)
  if (before) count(progress, before.status, -1)
  else progress.reached += 1
  // An aborted run leaves the cell as it was.
  const now = status === 'unknown' && before ? before.status : status
  count(progress, now, 1)
  if (progress.cell.index !== cell.index) {
    progress.cell = cell
    noteColumn(state, notebook.id, cell.id)
  }
  const next: CellMemory & { key: string } = { ...before, ...runs, last: placeOf(executed), status: now, key }
  foldErrors(step, executed, next)
  const { key: _, ...kept } = next
  memory.cells.set(key, kept)
}
