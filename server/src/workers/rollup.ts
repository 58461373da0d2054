import { SERVER_EVENT_TYPES, type StoredEvent } from '@lectern/protocol'

const MINUTE_MS = 60_000

/** What happened in one minute (of the epoch). */
export interface MinuteSum {
  minute: number
  events: number
  runs: number
  errors: number
  help: number
  /** Who was there, by pseudonymous id. */
  students: string[]
}

/** What one student did in one cell. */
export interface CellSum {
  notebook: string
  cell: string
  student: string
  runs: number
  errors: number
  durationMs: number
  done: boolean
  firstAt: number
}

/** The sums of events with offsets in (from, to] of one class. */
export interface RollUp {
  class: string
  from: number
  to: number
  minutes: MinuteSum[]
  cells: CellSum[]
}

function minuteOf(minutes: Map<number, MinuteSum & { there: Set<string> }>, time: number) {
  const minute = Math.floor(time / MINUTE_MS)
  const found = minutes.get(minute)
  if (found) return found
  const made = { minute, events: 0, runs: 0, errors: 0, help: 0, students: [], there: new Set<string>() }
  minutes.set(minute, made)
  return made
}

function addRun(cells: Map<string, CellSum>, event: StoredEvent & { type: 'cell_executed' }): void {
  const { notebook, cell, student, data, time } = event
  if (!notebook || !cell) return
  const key = JSON.stringify([notebook.id, cell.id, student])
  let sum = cells.get(key)
  if (!sum) {
    sum = {
      notebook: notebook.id,
      cell: cell.id,
      student,
      runs: 0,
      errors: 0,
      durationMs: 0,
      done: false,
      firstAt: time,
    }
    cells.set(key, sum)
  }
  sum.runs += 1
  if (data.status === 'error') sum.errors += 1
  if (data.status === 'ok') sum.done = true
  sum.durationMs += data.durationMs ?? 0
  sum.firstAt = Math.min(sum.firstAt, time)
}

/** Adds events up by minute and by cell. Pure: the same events give the same sums. */
export function rollUp(
  classId: string,
  { from, to }: { from: number; to: number },
  events: readonly StoredEvent[],
): RollUp {
  const minutes = new Map<number, MinuteSum & { there: Set<string> }>()
  const cells = new Map<string, CellSum>()
  for (const event of events) {
    // What the server noted is nothing that a student did.
    if (SERVER_EVENT_TYPES.has(event.type)) continue
    const minute = minuteOf(minutes, event.time)
    minute.events += 1
    minute.there.add(event.student)
    if (event.type === 'help_requested') minute.help += 1
    if (event.type !== 'cell_executed') continue
    minute.runs += 1
    if (event.data.status === 'error') minute.errors += 1
    addRun(cells, event)
  }
  const sums = [...minutes.values()].map(({ there, ...sum }) => ({ ...sum, students: [...there] }))
  return { class: classId, from, to, minutes: sums, cells: [...cells.values()] }
}
