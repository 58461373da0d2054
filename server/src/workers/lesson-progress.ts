import type { CellProgress, ClassState, LessonReport, StoredEvent } from '@lectern/protocol'
import { cellKeyOf } from '../live/cell-key.ts'
import { isLater, placeOf, type Place } from '../live/fold-state.ts'
import { medianOf } from './median.ts'

const MOST_SLOWEST = 10

type CellReport = LessonReport['notebooks'][number]['cells'][number]
type Runs = { time: number; ok: boolean }[]

/** What one student did in one cell. */
interface Work {
  runs: Runs
  last: Place
  isDone: boolean
}

interface Spent {
  spentMs: number
  doneMs?: number
  tries?: number
}

/** Time and tries of one student in one cell, in the order in which they were made. */
function spentOf(runs: Runs): Spent {
  const made = runs.toSorted((a, b) => a.time - b.time)
  const began = made[0]?.time ?? 0
  const first = made.findIndex(({ ok }) => ok)
  if (first === -1) return { spentMs: (made.at(-1)?.time ?? began) - began }
  const ms = (made[first]?.time ?? began) - began
  return { spentMs: ms, doneMs: ms, tries: first + 1 }
}

function cellReport({ cell, reached, done, failing, tries }: CellProgress, spent: readonly Spent[]): CellReport {
  const doneMs = medianOf(spent.flatMap((one) => one.doneMs ?? []))
  const doneTries = medianOf(spent.flatMap((one) => one.tries ?? []))
  return {
    cell,
    reached,
    done,
    failing,
    tries,
    spentMs: Math.round(medianOf(spent.map(({ spentMs }) => spentMs)) ?? 0),
    ...(doneMs === undefined ? {} : { doneMs: Math.round(doneMs) }),
    ...(doneTries === undefined ? {} : { doneTries }),
  }
}

function slowestOf(notebooks: LessonReport['notebooks']): LessonReport['slowest'] {
  return notebooks
    .flatMap(({ notebook, cells }) =>
      cells.map(({ cell, spentMs }) => ({ notebook: notebook.id, cell: cell.id, spentMs })),
    )
    .filter(({ spentMs }) => spentMs > 0)
    .toSorted((a, b) => b.spentMs - a.spentMs)
    .slice(0, MOST_SLOWEST)
}

/** Counts how students got on with the cells. */
export function createProgressCount() {
  const cells = new Map<string, Map<string, Work>>()

  function workOf(key: string, event: StoredEvent): Work {
    const students = cells.get(key) ?? new Map<string, Work>()
    cells.set(key, students)
    const known = students.get(event.student)
    if (known) return known
    const made = { runs: [], last: placeOf(event), isDone: false }
    students.set(event.student, made)
    return made
  }

  return {
    add(event: StoredEvent): void {
      if (event.type !== 'cell_executed' || !event.notebook || !event.cell) return
      const work = workOf(cellKeyOf(event.notebook.id, event.cell.id), event)
      const { status } = event.data
      work.runs.push({ time: event.time, ok: status === 'ok' })
      if (!isLater(event, work.last) && work.runs.length > 1) return
      work.last = placeOf(event)
      // As in the fold: an aborted run, or one of which nothing is known, leaves the cell as it was.
      if (status === 'ok' || status === 'error') work.isDone = status === 'ok'
    },
    doneOf: (student: string): number =>
      [...cells.values()].reduce((sum, students) => sum + (students.get(student)?.isDone ? 1 : 0), 0),
    /** `state`: that of the fold over the same events. */
    report(state: ClassState): Pick<LessonReport, 'notebooks' | 'slowest'> {
      const byNotebook = new Map<string, LessonReport['notebooks'][number]>()
      for (const [key, progress] of Object.entries(state.cells)) {
        const { notebook } = progress
        const entry = byNotebook.get(notebook.id) ?? { notebook, cells: [] }
        byNotebook.set(notebook.id, entry)
        entry.cells.push(
          cellReport(
            progress,
            [...(cells.get(key)?.values() ?? [])].map(({ runs }) => spentOf(runs)),
          ),
        )
      }
      for (const { cells: list } of byNotebook.values()) list.sort((a, b) => a.cell.index - b.cell.index)
      const notebooks = [...byNotebook.values()]
      return { notebooks, slowest: slowestOf(notebooks) }
    },
  }
}
