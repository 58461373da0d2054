import { Dialog, showDialog } from '@jupyterlab/apputils'
import { Widget } from '@lumino/widgets'
import type { Status } from '../core/client.ts'
import { sharesNothing } from '../core/outbox.ts'
import type { SettingsGap } from '../core/settings.ts'
import { gapsText, problemText, type Texts } from '../core/texts.ts'

/** What the dialog and the tips show. */
export interface View {
  readonly texts: Texts
  readonly status: Status
  readonly gaps: readonly SettingsGap[]
}

/** Label and value of everything worth knowing, in order. */
export function detailRows({ texts, status }: View): [string, string][] {
  const { join, problem } = status
  if (!join) return []
  const rows: [string, string][] = []
  if (join.member) rows.push([texts.klass, join.member.class.name])
  rows.push([texts.name, join.details.name], [texts.server, join.details.server])
  if (join.member) {
    rows.push([texts.collects, sharesNothing(join) ? texts.sharesNothing : (texts.levels[join.member.level] ?? '')])
  }
  rows.push([texts.sentLabel, String(join.sent)], [texts.waitingLabel, String(status.waiting)])
  if (status.waitingElsewhere > 0) rows.push([texts.elsewhereLabel, String(status.waitingElsewhere)])
  rows.push([texts.refusedLabel, String(join.refused)])
  if (join.lastRefusal) rows.push([texts.lastRefusal, `${join.lastRefusal.type}: ${join.lastRefusal.code}`])
  if (join.member) rows.push([texts.connection, status.live ? texts.live : texts.byPost])
  if (problem) rows.push([texts.problem, problemText(texts, problem.code)])
  return rows
}

/** Sentences that stand before the rows: what is missing, switched off or not kept. */
export function notices({ texts, status, gaps }: View): string[] {
  const said: string[] = []
  if (gaps.length > 0) said.push(gapsText(texts, gaps))
  else if (status.state === 'off') said.push(texts.offLong)
  if (status.storage === 'memory') said.push(texts.storageMemory)
  return said
}

/** Everything as plain text, for tips. */
export function tipText(view: View): string {
  return [...notices(view), ...detailRows(view).map(([label, value]) => `${label}: ${value}`)].join('\n')
}

function element(tag: string, text: string, className = ''): HTMLElement {
  const node = document.createElement(tag)
  node.textContent = text
  node.className = className
  return node
}

function body(view: View): Widget {
  const list = element('dl', '', 'lectern-details')
  for (const notice of notices(view)) list.append(element('div', notice, 'lectern-warning'))
  for (const [label, value] of detailRows(view)) list.append(element('dt', label), element('dd', value))
  const widget = new Widget()
  widget.node.append(list)
  return widget
}

/** Shows what is sent and what is waiting. Resolves to true when the person wants the settings. */
export async function showDetails(view: View): Promise<boolean> {
  const { texts } = view
  const settings = Dialog.createButton({ label: texts.openSettings, accept: true })
  const close = Dialog.cancelButton({ label: texts.close })
  const result = await showDialog({
    title: texts.title,
    body: body(view),
    buttons: [settings, close],
    defaultButton: 1,
  })
  return result.button.accept
}
