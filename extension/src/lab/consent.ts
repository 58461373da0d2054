import { Dialog, Notification, showDialog } from '@jupyterlab/apputils'
import type { ConsentAnswer } from '../../../protocol/src/consent.ts'
import type { JoinDetails } from '../core/outbox.ts'
import { problemText } from '../texts/problem-text.ts'
import { createConsentForm, type Asked } from './consent-form.ts'
import type { Room, Shown } from './room.ts'

const CONSENT = 'lectern:consent'

/** Shows what the class asks; resolves with the answer, or undefined when it is put off. */
async function showConsent(asked: Asked): Promise<ConsentAnswer | undefined> {
  const { consent } = asked.texts
  const result = await showDialog({
    title: consent.title(asked.className),
    body: createConsentForm(asked),
    buttons: [Dialog.cancelButton({ label: consent.later }), Dialog.okButton({ label: consent.save })],
    // An answer is a decision: Enter alone must not give it.
    defaultButton: 0,
    focusNodeSelector: 'input[type=radio]',
  })
  return result.button.accept ? (result.value ?? undefined) : undefined
}

type Question = Omit<Asked, 'texts'>

/** What a student has said of themselves. */
const whoOf = ({ name, email, team }: JoinDetails): string => [name, email, team].filter(Boolean).join(', ')

/** What can be asked now: of who has not answered yet, or of who is in the class. */
function questionOf({ standing, status }: Pick<Shown, 'standing' | 'status'>): Question | undefined {
  if (standing.kind === 'unanswered' && standing.preview) {
    const { preview, details } = standing
    return { ...preview, server: details.server, who: whoOf(details), now: 'first', more: false }
  }
  const member = standing.kind === 'in' ? status.join?.member : undefined
  if (standing.kind !== 'in' || !member?.consent) return undefined
  const { asks, inForce, open } = member.consent
  const { details } = standing
  const { server } = details
  return { className: member.class.name, asks, server, who: whoOf(details), now: inForce ?? 'nothing', more: open }
}

/** Asks what may be collected: before anything is, by itself when the class asks for more, and by command at any time. */
export function addConsent(room: Room): void {
  const { app, palette, texts, shown } = room
  const put = new Set<string>()
  let isOpen = false

  /** Where no socket is open nobody has said yet what is asked: then the server is asked. */
  async function currentQuestion(): Promise<Question | undefined> {
    const known = questionOf(shown.get())
    if (known || (await room.client.consent())) return known
    const { status, standing } = shown.get()
    const join = standing.kind === 'in' ? await room.client.known(standing.details) : undefined
    return join && questionOf({ ...shown.get(), status: { ...status, join } })
  }

  async function ask(): Promise<void> {
    if (isOpen) return
    isOpen = true
    try {
      const question = await currentQuestion()
      if (!question) {
        Notification.info(texts.consent.unknown)
        return
      }
      const given = await showConsent({ texts, ...question })
      if (!given) return
      put.clear()
      const problem = await room.answer(given)
      if (problem) Notification.error(problemText(texts, problem.code))
    } finally {
      isOpen = false
    }
  }

  /** Asks when there is something to answer that was not put off on this page. */
  function look(): void {
    app.commands.notifyCommandChanged(CONSENT)
    const question = questionOf(shown.get())
    if (!question || document.visibilityState === 'hidden') return
    if (question.now !== 'first' && !question.more) return
    const { asks, server, who, className, now } = question
    const key = JSON.stringify([server, who, className, now, asks])
    if (put.has(key)) return
    put.add(key)
    void ask()
  }

  app.commands.addCommand(CONSENT, {
    label: texts.consent.command,
    isEnabled: () => questionOf(shown.get()) !== undefined || shown.get().status.state === 'joined',
    execute: ask,
  })
  palette?.addItem({ command: CONSENT, category: texts.panel.title })
  shown.subscribe(look)
  document.addEventListener('visibilitychange', look)
}
