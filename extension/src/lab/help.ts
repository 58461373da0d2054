import { InputDialog } from '@jupyterlab/apputils'
import type { INotebookTracker } from '@jupyterlab/notebook'
import { LabIcon } from '@jupyterlab/ui-components'
import { LIMITS } from '../../../protocol/src/limits.ts'
import type { Captured, Status } from '../core/client.ts'
import { cutText } from '../core/text.ts'
import type { Texts } from '../core/texts.ts'
import { cellRef, notebookRef } from './refs.ts'

const HAND = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path class="jp-icon3" fill="#616161" d="M13 2a1.5 1.5 0 0 1 1.5 1.5V10h.5V5a1.5 1.5 0 0 1 3 0v7h.5V8.5a1.5 1.5 0 0 1 3 0V15a7 7 0 0 1-7 7h-1.6a7 7 0 0 1-5.7-2.9L3 12.6a1.4 1.4 0 0 1 2.1-1.8L8 13.4V5a1.5 1.5 0 0 1 3 0v5h.5V3.5A1.5 1.5 0 0 1 13 2z"/></svg>`

/** A raised hand. */
export const handIcon = new LabIcon({ name: 'lectern:hand', svgstr: HAND })

interface Parts {
  readonly texts: Texts
  readonly tracker: INotebookTracker
  readonly capture: (captured: Captured) => Promise<unknown>
  readonly status: () => Status | undefined
}

/** Asks for a sentence and requests help, or withdraws the open request. */
export async function toggleHelp({ texts, tracker, capture, status }: Parts): Promise<void> {
  const panel = tracker.currentWidget
  const active = panel?.content.activeCell
  const where = {
    notebook: panel?.model ? notebookRef(panel) : undefined,
    cell: panel?.model && active ? cellRef(panel, active.model) : undefined,
  }
  if (status()?.join?.help.open) {
    await capture({ type: 'help_withdrawn', ...where })
    return
  }
  const { helpAsk: title, helpSentence: label, helpSend: okLabel, cancel: cancelLabel } = texts
  const answer = await InputDialog.getText({ title, label, okLabel, cancelLabel })
  if (!answer.button.accept) return
  const message = cutText((answer.value ?? '').trim(), LIMITS.helpMessageChars)
  await capture({ type: 'help_requested', ...where, data: message === '' ? {} : { message } })
}
