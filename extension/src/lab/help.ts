import { InputDialog } from '@jupyterlab/apputils'
import { LIMITS } from '../../../protocol/src/limits.ts'
import { cutText } from '../core/text.ts'
import { statusLine } from '../texts/status-line.ts'
import { handIcon } from './icons.ts'
import { cellRef, notebookRef } from './refs.ts'
import type { Room } from './room.ts'
import { tipText } from './tip-text.ts'

const HELP = 'lectern:help'

/** Asks for a sentence and requests help, or withdraws the open request. */
async function toggleHelp({ texts, tracker, capture, shown }: Room): Promise<void> {
  const panel = tracker.currentWidget
  const active = panel?.content.activeCell
  const where = {
    notebook: panel?.model ? notebookRef(panel) : undefined,
    cell: panel?.model && active ? cellRef(panel, active.model) : undefined,
  }
  if (shown.get().status.join?.help.open) {
    await capture({ type: 'help_withdrawn', ...where })
    return
  }
  const { ask: title, sentence: label, send: okLabel, cancel: cancelLabel } = texts.help
  const answer = await InputDialog.getText({ title, label, okLabel, cancelLabel })
  if (!answer.button.accept) return
  const message = cutText((answer.value ?? '').trim(), LIMITS.helpMessageChars)
  await capture({ type: 'help_requested', ...where, data: message === '' ? {} : { message } })
}

/** Asking for help, from the toolbar and the command palette. */
export function addHelp(room: Room): void {
  const { app, palette, shown, texts } = room
  const isIn = () => shown.get().standing.kind === 'in'
  const isOpen = () => shown.get().status.join?.help.open === true
  app.commands.addCommand(HELP, {
    // Beside an icon toolbars show no text, and a hand alone does not say what it does.
    label: ({ toolbar }) => {
      if (!isOpen()) return texts.help.ask
      return toolbar ? texts.help.open : texts.help.withdraw
    },
    // Notebook 7 has no status bar: what is sent and waiting stands in this tip as well.
    caption: () => {
      const { notJoined, withdraw, ask } = texts.help
      const does = isIn() ? (isOpen() ? withdraw : ask) : notJoined
      return `${does}\n\n${statusLine(texts, shown.get())}\n${tipText(texts, shown.get())}`
    },
    icon: ({ toolbar }) => (toolbar ? undefined : handIcon),
    className: () => (isOpen() ? 'lectern-help-open' : ''),
    isToggled: isOpen,
    isToggleable: true,
    isEnabled: isIn,
    execute: () => toggleHelp(room),
  })
  palette?.addItem({ command: HELP, category: texts.panel.title })
  shown.subscribe(() => app.commands.notifyCommandChanged(HELP))
}
