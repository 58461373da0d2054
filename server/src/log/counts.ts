import type { GroupResult } from '../ingest/ingest.ts'
import type { LogCounts } from './log.ts'

/** Counts before the first batch. */
export function noCounts(): LogCounts {
  return {
    received: 0,
    stored: 0,
    duplicate: 0,
    refused: 0,
    conflicts: 0,
    groups: 0,
    queueBytes: 0,
    foldLag: 0,
    lastGroup: { events: 0, parseMs: 0, commitMs: 0, foldMs: 0 },
  }
}

/** Adds a group to the counts. Throws RangeError when they do not add up any more (SPEC ING-6). */
export function countGroup(counts: LogCounts, result: Omit<GroupResult, 'answers'>): void {
  const stored = [...result.stored.values()].reduce((sum, events) => sum + events.length, 0)
  counts.received += result.received
  counts.stored += stored
  counts.duplicate += result.duplicate
  counts.refused += result.refused
  counts.conflicts += result.conflicts
  counts.groups += 1
  counts.lastGroup = { ...counts.lastGroup, events: stored, parseMs: result.parseMs, commitMs: result.commitMs }
  if (counts.received !== counts.stored + counts.duplicate + counts.refused) {
    throw new RangeError(`received is not stored + duplicate + refused (SPEC ING-6): ${JSON.stringify(counts)}`)
  }
}
