import { Dialog, showDialog } from '@jupyterlab/apputils'
import type { DeepLink } from '../core/deep-link.ts'
import { createJoinForm, type Typed } from './join-form.ts'
import type { Room } from './room.ts'
import type { SettingsSource } from './settings-source.ts'

const JOIN = 'lectern:join'

/** Joining by a form: by command, and with a link to a class. What is typed becomes the person's settings. */
export function addJoin(room: Room, source: SettingsSource): { open(link?: DeepLink): Promise<void> } {
  const { app, palette, texts, memberships, shown } = room
  let isOpen = false

  async function ask(known: Typed): Promise<void> {
    const result = await showDialog({
      title: texts.join.title,
      body: createJoinForm({ texts, known, codeNeeded: !source.knowsClass() }),
      buttons: [Dialog.cancelButton({ label: texts.join.cancel }), Dialog.okButton({ label: texts.join.submit })],
      focusNodeSelector: known.code === '' ? 'input[name=code]' : 'input[name=name]',
    })
    if (!result.button.accept || !result.value) return
    await source.save(result.value)
    if (shown.get().standing.kind === 'left') await memberships.comeBack()
  }

  async function open(link: DeepLink = {}): Promise<void> {
    if (isOpen) return
    isOpen = true
    try {
      await ask({ ...source.typed(), ...link })
    } finally {
      isOpen = false
    }
  }

  app.commands.addCommand(JOIN, { label: texts.join.command, execute: () => open() })
  palette?.addItem({ command: JOIN, category: texts.panel.title })
  return { open }
}

/** Asks whether to leave the class on this computer, and leaves it. */
export async function leaveClass({ texts, memberships, shown }: Room): Promise<void> {
  const { status } = shown.get()
  const { join } = texts
  const waiting = status.waiting > 0 ? `\n\n${join.leaveWaiting(status.waiting)}` : ''
  const result = await showDialog({
    title: join.leaveTitle(status.join?.member?.class.name ?? status.join?.details.code ?? ''),
    body: `${join.leaveText}${waiting}`,
    buttons: [Dialog.cancelButton({ label: join.cancel }), Dialog.warnButton({ label: join.leaveSubmit })],
    defaultButton: 0,
  })
  if (result.button.accept) await memberships.leave()
}
