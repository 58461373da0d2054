import { SERVER_EVENT_TYPES, type ActivityMinute } from '@lectern/protocol'
import type { Step } from './fold-state.ts'

const MINUTE_MS = 60_000
/** Minutes kept, up to the newest of the log. */
export const MINUTES_KEPT = 180

function dropOld({ state, touch }: Step, newest: number): void {
  const { activity } = state.view
  for (const key of Object.keys(activity)) {
    if (Number(key) > newest - MINUTES_KEPT) continue
    delete activity[key]
    touch('activity', key)
  }
}

function minuteOf(step: Step): ActivityMinute | undefined {
  const { activity } = step.state.view
  const minute = Math.floor(step.event.time / MINUTE_MS)
  const known = activity[minute]
  if (known) return known
  const newest = Math.max(minute, ...Object.keys(activity).map(Number))
  if (minute <= newest - MINUTES_KEPT) return undefined
  const made = { executions: 0, failures: 0, help: 0, students: 0 }
  activity[minute] = made
  dropOld(step, newest)
  return made
}

/** Counts an event in the minute in which it happened; minutes that are too old are not counted any more. */
export function foldActivity(step: Step): void {
  const { event, memory, touch } = step
  // The student did nothing.
  if (SERVER_EVENT_TYPES.has(event.type)) return
  const minute = minuteOf(step)
  if (!minute) return
  const key = Math.floor(event.time / MINUTE_MS)
  if (memory.minutes.at(-1) !== key && !memory.minutes.includes(key)) {
    memory.minutes.push(key)
    if (memory.minutes.length > MINUTES_KEPT) memory.minutes.shift()
    minute.students += 1
  }
  if (event.type === 'cell_executed') {
    minute.executions += 1
    if (event.data.status === 'error') minute.failures += 1
  }
  if (event.type === 'help_requested') minute.help += 1
  touch('activity', String(key))
}
