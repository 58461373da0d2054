import type { ConsentAnswer, ConsentNow } from '../../../protocol/src/consent.ts'
import type { CollectionLevel } from '../../../protocol/src/levels.ts'
import type { Texts } from '../texts/texts.ts'
import { h } from './dom.ts'
import { FormBody } from './form-body.ts'

const NOTHING = 'nothing'

/** What the question stands on. */
export interface Asked {
  readonly texts: Texts
  readonly className: string
  readonly asks: ConsentNow['asks']
  /** Where everything goes, and what was typed of oneself. */
  readonly server: string
  readonly who: string
  /** The answer in force; `first`: none was given yet, and nothing is chosen beforehand. */
  readonly now: 'first' | 'nothing' | CollectionLevel
  /** The class asks for more than was agreed to. */
  readonly more: boolean
}

function option(value: string, { name, text }: { name: string; text: string }, badge?: string) {
  const input = h('input', { type: 'radio', name: 'lectern-level', value, required: true })
  const title = h('span', { class: 'lectern-option-name' }, name)
  if (badge !== undefined) title.append(h('span', { class: 'lectern-badge' }, badge))
  const label = h('label', { class: 'lectern-option' }, input, title, h('span', { class: 'lectern-hint' }, text))
  return { input, label }
}

function facts({ texts: { consent }, asks, server, who }: Asked): HTMLElement {
  const list = h('dl', { class: 'lectern-facts' })
  const rows = [
    [consent.why, consent.whyText],
    [consent.who, consent.whoText],
    [consent.keep, consent.keepText(asks.retentionDays)],
    [consent.where, consent.whereText(server, who)],
  ] as const
  for (const [term, text] of rows) list.append(h('dt', {}, term), h('dd', {}, text))
  return list
}

/** The question: nothing, or each level up to what the class asks, and whether researchers may have it. */
export function createConsentForm(asked: Asked): FormBody<ConsentAnswer | undefined> {
  const { asks, now, more } = asked
  const texts = asked.texts.consent
  const group = h('fieldset', {}, h('legend', {}, texts.choice))
  const research = h('input', { type: 'checkbox' })
  const add = (value: string, one: ReturnType<typeof option>) => {
    one.input.checked = value === String(now)
    one.input.addEventListener('change', () => (research.disabled = value === NOTHING))
    group.append(one.label)
  }
  add(NOTHING, option(NOTHING, texts.nothing))
  for (const [level, text] of texts.levels.entries()) {
    if (level > asks.level) break
    add(String(level), option(String(level), text, level === asks.level ? texts.asked : undefined))
  }
  research.disabled = now === 'nothing'
  const lead = now === 'first' ? texts.first : more ? texts.more : undefined
  const content = [
    ...(lead === undefined ? [] : [h('p', { class: 'lectern-lead' }, lead)]),
    facts(asked),
    group,
    h('label', { class: 'lectern-check' }, research, h('span', {}, texts.research)),
  ]
  return new FormBody(content, () => {
    const chosen = group.querySelector<HTMLInputElement>('input:checked')?.value
    if (chosen === undefined) return undefined
    const sharing = chosen !== NOTHING
    const level = (sharing ? Number(chosen) : 0) as CollectionLevel
    return { sharing, level, version: asks.version, research: sharing && research.checked }
  })
}
