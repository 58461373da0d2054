import { sharesNothing } from '../core/outbox.ts'
import { gapsText } from '../texts/gaps-text.ts'
import { problemText } from '../texts/problem-text.ts'
import type { Texts } from '../texts/texts.ts'
import type { Shown } from './room.ts'

/** Sentences that come before everything else: what is missing, switched off or not kept. */
export function notices(texts: Texts, { status, gaps }: Shown): string[] {
  const said: string[] = []
  if (gaps.length > 0) said.push(gapsText(texts, gaps))
  else if (status.state === 'off') said.push(texts.panel.offLong)
  if (status.storage === 'memory') said.push(texts.panel.storageMemory)
  return said
}

/** Label and value of everything worth knowing of the class and the line to it, in order. */
export function detailRows(texts: Texts, { status }: Shown): [string, string][] {
  const { panel } = texts
  const { join, problem } = status
  if (!join) return []
  const rows: [string, string][] = []
  if (join.member) rows.push([panel.klass, join.member.class.name])
  rows.push([panel.name, join.details.name], [panel.server, join.details.server])
  if (join.member) {
    const { sharesNothing: nothing, levels } = texts.consent
    rows.push([panel.collects, sharesNothing(join) ? nothing : (levels[join.member.level] ?? '')])
  }
  rows.push([panel.sent, String(join.sent)], [panel.waiting, String(status.waiting)])
  if (status.waitingElsewhere > 0) rows.push([panel.elsewhere, String(status.waitingElsewhere)])
  rows.push([panel.refused, String(join.refused)])
  if (join.lastRefusal) rows.push([panel.lastRefusal, `${join.lastRefusal.type}: ${join.lastRefusal.code}`])
  if (join.member) rows.push([panel.connection, status.live ? panel.live : panel.byPost])
  if (problem) rows.push([panel.problem, problemText(texts, problem.code)])
  return rows
}

/** Everything as plain text, for tips. */
export function tipText(texts: Texts, shown: Shown): string {
  return [...notices(texts, shown), ...detailRows(texts, shown).map(([label, value]) => `${label}: ${value}`)].join(
    '\n',
  )
}
