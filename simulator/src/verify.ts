import { setTimeout as wait } from 'node:timers/promises'
import type { StoredEvent } from '@lectern/protocol'
import type { Http } from './transport.ts'

const PAGE = 10_000

/** What a log was found to hold of what was acknowledged. */
export interface Verdict {
  /** Acknowledged as stored or duplicate, and not in the log. */
  lost: number
  /** In the log more than once. */
  doubled: number
  /** Not in the order of the student's own numbers, though it was sent in order. */
  disordered: number
  /** Offsets that do not follow the one before. */
  gaps: number
  /** Events in the log. */
  found: number
}

/** Compares a log with what was acknowledged (ids). Reads only what it needs of each event. */
export function judgeLog(
  log: Iterable<Pick<StoredEvent, 'offset' | 'id' | 'install' | 'seq'>>,
  acknowledged: ReadonlySet<string>,
): Verdict {
  const seen = new Set<string>()
  const newest = new Map<string, number>()
  const verdict: Verdict = { lost: 0, doubled: 0, disordered: 0, gaps: 0, found: 0 }
  let last = 0
  for (const { offset, id, install, seq } of log) {
    if (offset !== last + 1) verdict.gaps += 1
    last = offset
    verdict.found += 1
    if (seen.has(id)) verdict.doubled += 1
    seen.add(id)
    if (seq <= (newest.get(install) ?? 0)) verdict.disordered += 1
    newest.set(install, Math.max(seq, newest.get(install) ?? 0))
  }
  for (const id of acknowledged) if (!seen.has(id)) verdict.lost += 1
  return verdict
}

/** A busy server puts reading off for a while (SPEC LIM-6); after so long it is not that any more. */
const PATIENCE_MS = 5 * 60_000

/** Every event of a class, page by page (SPEC LOG-4). Throws Error when the server refuses for good. */
export async function readLog(http: Http, classId: string, token: string): Promise<StoredEvent[]> {
  const log: StoredEvent[] = []
  const until = performance.now() + PATIENCE_MS
  for (let after = 0; ;) {
    const path = `/api/v2/classes/${encodeURIComponent(classId)}/events?after=${after}&limit=${PAGE}`
    const { status, body, retryAfter } = await http(path, { method: 'GET', token })
    if (status === 503 && retryAfter !== undefined && performance.now() < until) {
      await wait(retryAfter * 1000)
      continue
    }
    if (status !== 200) throw new Error(`The log could not be read: HTTP ${status}.`)
    const { events, next } = body as { events: StoredEvent[]; next: number }
    if (events.length === 0) return log
    log.push(...events)
    after = next
  }
}
