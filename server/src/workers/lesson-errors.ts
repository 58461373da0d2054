import type { ClassState, LessonReport, StoredEvent } from '@lectern/protocol'
import { cellKeyOf } from '../live/cell-key.ts'
import { MESSAGE_CHARS } from '../live/errors.ts'
import { errorGroupKey } from '../live/signature.ts'

const MOST_GROUPS = 200

type Group = Omit<LessonReport['errors'][number], 'students' | 'failing'> & { students: Set<string> }

/** Counts the mistakes of a lesson: the fold forgets a group once nobody is in it any more. */
export function createErrorCount() {
  const groups = new Map<string, Group>()

  return {
    add(event: StoredEvent): void {
      if (event.type !== 'cell_executed' || event.data.status !== 'error') return
      const { notebook, cell, student, time, data } = event
      if (!notebook || !cell) return
      const name = data.errorName ?? ''
      const message = data.errorMessage?.slice(0, MESSAGE_CHARS)
      const key = errorGroupKey(cellKeyOf(notebook.id, cell.id), name, message)
      let group = groups.get(key)
      if (!group) {
        const said = message === undefined ? {} : { message }
        const times = { firstAt: time, lastAt: time }
        group = { group: key, name, ...said, notebook, cell, total: 0, students: new Set(), ...times }
        groups.set(key, group)
      }
      group.total += 1
      group.students.add(student)
      group.firstAt = Math.min(group.firstAt, time)
      group.lastAt = Math.max(group.lastAt, time)
    },
    /** `state`: that of the fold over the same events. */
    report(state: ClassState): Pick<LessonReport, 'errors' | 'errorGroups'> {
      const all = [...groups.values()].toSorted((a, b) => b.students.size - a.students.size || b.total - a.total)
      const errors = all.slice(0, MOST_GROUPS).map(({ students, ...group }) => ({
        ...group,
        students: [...students].toSorted(),
        failing: Object.keys(state.errors[group.group]?.students ?? {}).toSorted(),
      }))
      return { errors, errorGroups: groups.size }
    },
  }
}
