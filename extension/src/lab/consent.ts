import { Dialog, Notification, showDialog } from '@jupyterlab/apputils'
import { Widget } from '@lumino/widgets'
import type { ConsentAnswer, ConsentNow } from '../../../protocol/src/consent.ts'
import type { CollectionLevel } from '../../../protocol/src/levels.ts'
import type { Client, Status } from '../core/client.ts'
import { problemText, type Texts } from '../core/texts.ts'

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
    const { texts, consent } = asked
    const { asks, inForce, open } = consent
    this.addClass('lectern-consent')
    if (open) this.node.append(paragraph(texts.consentMore))
    const group = document.createElement('fieldset')
    const legend = document.createElement('legend')
    legend.textContent = texts.consentChoice
    group.append(legend)
    const option = (text: string, value: string, isChosen: boolean) => {
      const { label, input } = choice('radio', text, value)
      input.checked = isChosen
      group.append(label)
    }
    for (const [level, text] of texts.levels.entries()) {
      if (level > asks.level) break
      option(level === asks.level ? `${text} (${texts.consentAsked})` : text, String(level), level === inForce)
    }
    option(texts.consentNothing, NOTHING, inForce === undefined)
    const research = choice('checkbox', texts.consentResearch, 'research')
    this.#research = research.input
    this.node.append(group, paragraph(texts.consentWho(asks.retentionDays)), research.label)
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
  const { texts } = asked
  const result = await showDialog({
    title: texts.consentTitle(asked.className),
    body: new ConsentForm(asked),
    buttons: [Dialog.cancelButton({ label: texts.consentLater }), Dialog.okButton({ label: texts.consentSave })],
    // An answer is a decision: Enter alone must not give it.
    defaultButton: 0,
  })
  return result.button.accept ? (result.value ?? undefined) : undefined
}

interface Parts {
  readonly texts: Texts
  readonly answer: Client['answerConsent']
  readonly status: () => Status
}

/** Asks what may be collected: by command at any time, and by itself once when the class asks for more. */
export function createConsent({ texts, answer, status }: Parts) {
  const put = new Set<string>()
  let isOpen = false

  async function ask(): Promise<void> {
    const member = status().join?.member
    if (isOpen || !member) return
    if (!member.consent) {
      Notification.info(texts.consentUnknown)
      return
    }
    isOpen = true
    try {
      const given = await showConsent({ texts, className: member.class.name, consent: member.consent })
      const problem = given && (await answer(given))
      if (problem) Notification.error(problemText(texts, problem.code))
    } finally {
      isOpen = false
    }
  }

  return {
    ask,
    /** Told every status: asks when there is something to answer that was not put off on this page. */
    look(): void {
      const join = status().join
      const consent = join?.member?.consent
      if (!join || !consent?.open || document.visibilityState === 'hidden') return
      const key = `${join.install} ${consent.asks.level} ${consent.asks.version}`
      if (put.has(key)) return
      put.add(key)
      void ask()
    },
  }
}
