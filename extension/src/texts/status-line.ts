import type { Status } from '../core/client.ts'
import type { SettingsGap } from '../core/settings.ts'
import type { Texts } from './texts.ts'

const OFFLINE = new Set(['unreachable', 'not_lectern'])

/** The line of the status bar. */
export function statusLine({ status: texts }: Texts, status: Status, gaps: readonly SettingsGap[]): string {
  if (status.state === 'off') return gaps.length > 0 ? texts.unset : texts.off
  const parts = [status.state === 'joined' ? texts.joined : texts.joining]
  const { join, problem } = status
  if (join) parts.push(texts.sent(join.sent))
  const waiting = status.waiting + status.waitingElsewhere
  if (waiting > 0) parts.push(texts.waiting(waiting))
  if (join && join.refused > 0) parts.push(texts.refused(join.refused))
  if (problem) parts.push(OFFLINE.has(problem.code) ? texts.offline : '⚠')
  if (status.storage === 'memory') parts.push(`⚠ ${texts.memory}`)
  return parts.join(' · ')
}
