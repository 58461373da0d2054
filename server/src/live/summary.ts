import {
  currentAttention,
  SMALLEST_GROUP,
  type AttentionKind,
  type CellSummary,
  type ClassState,
  type ClassSummary,
  type MinuteSummary,
} from '@lectern/protocol'
import { ATTENTION_GROUPS, CELL_GROUPS, isSmall, PAIR, tellGroups } from './small-groups.ts'

function attentionOf({ students }: ClassState, now: number): ClassSummary['attention'] {
  const counts: Partial<Record<AttentionKind, number>> = {}
  for (const { attention } of Object.values(students)) {
    // Who does not share is away to others: a number of their own would tell of a small group.
    const kind = currentAttention(attention, now)?.kind ?? 'away'
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return tellGroups(counts, ATTENTION_GROUPS)
}

/** Cells that enough students have come to: what so many have run is no private notebook. */
function cellsOf({ cells }: ClassState, students: number): CellSummary[] {
  const shown = Object.values(cells).filter(({ reached }) => reached >= SMALLEST_GROUP)
  const summaries = shown.map(({ notebook, cell, reached, done }) => ({
    notebook: notebook.id,
    index: cell.index,
    ...tellGroups({ done, tried: reached - done, open: Math.max(0, students - reached) }, CELL_GROUPS),
  }))
  return summaries.toSorted((a, b) => a.notebook.localeCompare(b.notebook) || a.index - b.index)
}

function errorsOf({ errors }: ClassState, students: number): ClassSummary['errors'] {
  const byName = new Map<string, Set<string>>()
  for (const { name, students: having } of Object.values(errors)) {
    const all = byName.get(name) ?? new Set()
    byName.set(name, all)
    for (const student of Object.keys(having)) all.add(student)
  }
  const counted = [...byName].flatMap(([name, { size }]) => {
    const { some = 0 } = tellGroups({ some: size, others: students - size }, PAIR)
    return some === 0 ? [] : [{ name, students: some }]
  })
  return counted.toSorted((a, b) => b.students - a.students || a.name.localeCompare(b.name))
}

function minutesOf({ activity }: ClassState, all: number): MinuteSummary[] {
  return Object.entries(activity).map(([key, { students, executions, failures }]) => {
    const minute = Number(key)
    // What so few did is theirs.
    if (isSmall(students)) return { minute }
    const { some: present } = tellGroups({ some: students, others: Math.max(0, all - students) }, PAIR)
    const { some: failed } = tellGroups({ some: failures, others: executions - failures }, PAIR)
    return {
      minute,
      ...(present === undefined ? {} : { students: present }),
      ...(isSmall(executions) ? {} : { executions }),
      ...(failed === undefined ? {} : { failures: failed }),
    }
  })
}

/**
 * How the class as a whole is doing at `now` (ms), for those who may not see its students: no ids, no texts, and no number
 * from which a group of fewer than `SMALLEST_GROUP` could be worked out (SPEC AGG-1). The names that it holds, of notebooks
 * and errors, are those that at least so many students have in common.
 */
export function summarize(state: ClassState, now: number): ClassSummary {
  const students = Object.keys(state.students).length
  const about = { at: now, smallest: SMALLEST_GROUP }
  if (isSmall(students)) return { ...about, attention: {}, cells: [], errors: [], minutes: [] }
  return {
    ...about,
    students,
    attention: attentionOf(state, now),
    cells: cellsOf(state, students),
    errors: errorsOf(state, students),
    minutes: minutesOf(state, students),
  }
}
