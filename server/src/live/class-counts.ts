import { COUNTED_MINUTES, currentAttention, type ClassCounts, type ClassState } from '@lectern/protocol'

const MINUTE_MS = 60_000

/** How many students of a class need what at `now` (ms), and what was run in the last hour (SPEC AGG-3). */
export function countClass({ students, activity }: ClassState, now: number): ClassCounts {
  const counts = { help: 0, stuck: 0, failing: 0, idle: 0, active: 0, away: 0 }
  for (const { attention } of Object.values(students)) counts[currentAttention(attention, now)?.kind ?? 'away'] += 1
  const first = Math.floor(now / MINUTE_MS) - COUNTED_MINUTES
  const minutes = Object.entries(activity).flatMap(([key, { executions, failures }]) => {
    const minute = Number(key)
    return minute > first && executions > 0 ? [{ minute, executions, failures }] : []
  })
  return { at: now, ...counts, minutes: minutes.toSorted((a, b) => a.minute - b.minute) }
}
