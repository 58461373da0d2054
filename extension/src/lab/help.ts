import { InputDialog } from '@jupyterlab/apputils'
import { createHelpSection } from '../panel/help-section.tsx'
import { helpLine } from '../texts/help-line.ts'
import { statusLine } from '../texts/status-line.ts'
import { requestHelp, withdrawHelp } from './ask-help.ts'
import { handIcon } from './icons.ts'
import type { Room } from './room.ts'
import { tipText } from './tip-text.ts'

/** The command that asks for help, or shows the open request. */
export const HELP = 'lectern:help'
const WITHDRAW = 'lectern:withdraw-help'
const SECTION = 'help'

/** Asks for a sentence, then for help; an open request is shown instead, with its place in the queue. */
async function askOrShow(room: Room): Promise<void> {
  const { texts, shown, panel } = room
  if (shown.get().status.join?.help.open) return panel.reveal(SECTION)
  const { ask: title, sentence: label, send: okLabel, cancel: cancelLabel } = texts.help
  const answer = await InputDialog.getText({ title, label, okLabel, cancelLabel })
  if (answer.button.accept) await requestHelp(room, answer.value ?? '')
}

/** Asking for help: from the toolbar, the command palette, a shortcut and the panel. */
export function addHelp(room: Room): void {
  const { app, palette, panel, shown, texts } = room
  const isIn = () => shown.get().standing.kind === 'in'
  const open = () => {
    const help = shown.get().status.join?.help
    return help?.open ? help : undefined
  }
  const label = () => {
    const help = open()
    return help ? helpLine(texts, help) : texts.help.ask
  }
  app.commands.addCommand(HELP, {
    label,
    // Notebook 7 has no status bar: what is sent and waiting stands in this tip as well.
    caption: () => {
      const does = isIn() ? label() : texts.help.notJoined
      return `${does}\n\n${statusLine(texts, shown.get())}\n${tipText(texts, shown.get())}`
    },
    // Beside an icon toolbars show no text, and a hand alone does not say what it does.
    icon: ({ toolbar }) => (toolbar ? undefined : handIcon),
    className: () => {
      const help = open()
      return help ? `lectern-help-open${help.coming === undefined ? '' : ' lectern-help-coming'}` : ''
    },
    isEnabled: isIn,
    execute: () => askOrShow(room),
  })
  app.commands.addCommand(WITHDRAW, {
    label: texts.help.withdraw,
    isEnabled: () => open() !== undefined,
    execute: () => withdrawHelp(room),
  })
  for (const command of [HELP, WITHDRAW]) {
    palette?.addItem({ command, category: texts.panel.title })
    shown.subscribe(() => app.commands.notifyCommandChanged(command))
  }
  panel.add({ id: SECTION, title: texts.help.title, rank: 10, Body: createHelpSection(room) })
}
