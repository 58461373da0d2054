import { sharesNothing } from '../core/outbox.ts'
import type { Shown } from '../lab/room.ts'
import { clockTime } from './clock-time.ts'
import type { Texts } from './texts.ts'

const OFFLINE = new Set(['unreachable', 'not_lectern'])

function head({ language, status: texts }: Texts, { status, paused }: Shown): string {
  if (typeof paused === 'number') return texts.pausedUntil(clockTime(paused, language))
  if (paused) return texts.paused
  if (status.state !== 'joined') return texts.joining
  return status.join && sharesNothing(status.join) ? texts.notSharing : texts.joined
}

/** The line of the status bar. */
export function statusLine(texts: Texts, shown: Shown): string {
  const { status, standing } = shown
  if (standing.kind !== 'in') return texts.status[standing.kind]
  const parts = [head(texts, shown)]
  const { join, problem } = status
  const { sent, waiting: waits, refused, offline, memory } = texts.status
  if (join && join.sent > 0) parts.push(sent(join.sent))
  const waiting = status.waiting + status.waitingElsewhere
  if (waiting > 0) parts.push(waits(waiting))
  if (join && join.refused > 0) parts.push(refused(join.refused))
  if (problem) parts.push(OFFLINE.has(problem.code) ? offline : '⚠')
  if (status.storage === 'memory') parts.push(`⚠ ${memory}`)
  return parts.join(' · ')
}
