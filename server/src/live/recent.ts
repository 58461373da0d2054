import { RECENT_MINUTES } from '@lectern/protocol'
import type { Step } from './fold-state.ts'

const MINUTE_MS = 60_000

/** Counts a run in the minute of the student in which it happened, as far as that is still kept (SPEC STA-10). */
export function foldRecent({ event, student }: Step): void {
  if (event.type !== 'cell_executed') return
  const recent = (student.recent ??= {})
  const minute = Math.floor(event.time / MINUTE_MS)
  const known = recent[minute]
  const failed = event.data.status === 'error' ? 1 : 0
  if (known) {
    recent[minute] = [known[0] + 1, known[1] + failed]
    return
  }
  recent[minute] = [1, failed]
  const newest = Math.max(...Object.keys(recent).map(Number))
  for (const key of Object.keys(recent)) if (Number(key) <= newest - RECENT_MINUTES) delete recent[key]
}
