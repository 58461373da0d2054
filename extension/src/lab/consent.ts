import { Dialog, Notification, showDialog } from '@jupyterlab/apputils'
import { Widget } from '@lumino/widgets'
import type { ConsentAnswer, ConsentNow } from '../../../protocol/src/consent.ts'
import type { CollectionLevel } from '../../../protocol/src/levels.ts'
import { problemText } from '../texts/problem-text.ts'
import type { Texts } from '../texts/texts.ts'
import type { Room } from './room.ts'

const CONSENT = 'lectern:consent'
const NOTHING = 'nothing'

interface Asked {
  readonly texts: Texts
  readonly className: string
  readonly consent: ConsentNow
}

function paragraph(text: string): HTMLElement {
  const node = document.createElement('p')
  node.textContent = text
  return node
}

function choice(
  type: 'radio' | 'checkbox',
  text: string,
  value: string,
): { label: HTMLElement; input: HTMLInputElement } {
  const label = document.createElement('label')
  const input = document.createElement('input')
  input.type = type
  input.value = value
  input.name = `lectern-consent-${type}`
  label.append(input, ` ${text}`)
  return { label, input }
}

/** The question: each level up to what the class asks, or nothing, and whether researchers may have it. */
class ConsentForm extends Widget {
  readonly #asked: Asked
  readonly #research: HTMLInputElement

  constructor(asked: Asked) {
    super()
    this.#asked = asked
    const { consent } = asked
    const texts = asked.texts.consent
    const { asks, inForce, open } = consent
    this.addClass('lectern-consent')
    if (open) this.node.append(paragraph(texts.more))
    const group = document.createElement('fieldset')
    const legend = document.createElement('legend')
    legend.textContent = texts.choice
    group.append(legend)
    const option = (text: string, value: string, isChosen: boolean) => {
      const { label, input } = choice('radio', text, value)
      input.checked = isChosen
      group.append(label)
    }
    for (const [level, text] of texts.levels.entries()) {
      if (level > asks.level) break
      option(level === asks.level ? `${text} (${texts.asked})` : text, String(level), level === inForce)
    }
    option(texts.nothing, NOTHING, inForce === undefined)
    const research = choice('checkbox', texts.research, 'research')
    this.#research = research.input
    this.node.append(group, paragraph(texts.who(asks.retentionDays)), research.label)
  }

  /** What stands there now; called by the dialog. */
  getValue(): ConsentAnswer {
    const { asks } = this.#asked.consent
    const chosen = this.node.querySelector<HTMLInputElement>('input[type=radio]:checked')?.value ?? NOTHING
    const sharing = chosen !== NOTHING
    const level = (sharing ? Number(chosen) : 0) as CollectionLevel
    return { sharing, level, version: asks.version, research: sharing && this.#research.checked }
  }
}

/** Shows what the class asks; resolves with the answer, or undefined when it is put off. */
async function showConsent(asked: Asked): Promise<ConsentAnswer | undefined> {
  const texts = asked.texts.consent
  const result = await showDialog({
    title: texts.title(asked.className),
    body: new ConsentForm(asked),
    buttons: [Dialog.cancelButton({ label: texts.later }), Dialog.okButton({ label: texts.save })],
    // An answer is a decision: Enter alone must not give it.
    defaultButton: 0,
  })
  return result.button.accept ? (result.value ?? undefined) : undefined
}

/** Asks what may be collected: by command at any time, and by itself once when the class asks for more. */
export function addConsent({ app, palette, texts, client, shown }: Room): void {
  const put = new Set<string>()
  let isOpen = false

  async function ask(): Promise<void> {
    const member = shown.get().status.join?.member
    if (isOpen || !member) return
    if (!member.consent) {
      Notification.info(texts.consent.unknown)
      return
    }
    isOpen = true
    try {
      const given = await showConsent({ texts, className: member.class.name, consent: member.consent })
      const problem = given && (await client.answerConsent(given))
      if (problem) Notification.error(problemText(texts, problem.code))
    } finally {
      isOpen = false
    }
  }

  /** Told every status: asks when there is something to answer that was not put off on this page. */
  function look(): void {
    app.commands.notifyCommandChanged(CONSENT)
    const { join } = shown.get().status
    const consent = join?.member?.consent
    if (!join || !consent?.open || document.visibilityState === 'hidden') return
    const key = `${join.install} ${consent.asks.level} ${consent.asks.version}`
    if (put.has(key)) return
    put.add(key)
    void ask()
  }

  app.commands.addCommand(CONSENT, {
    label: texts.consent.command,
    isEnabled: () => shown.get().status.state === 'joined',
    execute: ask,
  })
  palette?.addItem({ command: CONSENT, category: texts.panel.title })
  shown.subscribe(look)
}
