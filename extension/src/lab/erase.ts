import { Dialog, Notification, showDialog } from '@jupyterlab/apputils'
import { problemText } from '../texts/problem-text.ts'
import { h } from './dom.ts'
import { FormBody } from './form-body.ts'
import type { Room } from './room.ts'

function confirmForm({ texts: { own }, shown }: Room): FormBody<undefined> {
  const { waiting } = shown.get().status
  const input = h('input', { class: 'jp-mod-styled', name: 'confirm', required: true, autocomplete: 'off' })
  input.addEventListener('input', () => {
    const isRight = input.value.trim().toLowerCase() === own.eraseWord
    input.setCustomValidity(isRight ? '' : own.eraseType(own.eraseWord))
  })
  const label = h('label', { class: 'lectern-field' }, h('span', {}, own.eraseType(own.eraseWord)), input)
  const content = [h('p', { class: 'lectern-lead' }, own.eraseText)]
  if (waiting > 0) content.push(h('p', {}, own.eraseWaiting(waiting)))
  return new FormBody([...content, label], () => undefined)
}

/** Has the server delete everything of the student, once a word was typed, and forgets it here. */
export async function eraseAll(room: Room): Promise<void> {
  const { texts, client, memberships, shown } = room
  const { own } = texts
  const result = await showDialog({
    title: own.eraseTitle(shown.get().status.join?.member?.class.name ?? ''),
    body: confirmForm(room),
    buttons: [Dialog.cancelButton({ label: own.cancel }), Dialog.warnButton({ label: own.eraseSubmit })],
    defaultButton: 0,
    focusNodeSelector: 'input',
  })
  if (!result.button.accept) return
  const answer = await client.own({ method: 'DELETE', path: '/me' })
  if (!answer.ok) {
    Notification.error(problemText(texts, answer.problem.code))
    return
  }
  await memberships.forget()
  Notification.success(own.erased(Number(answer.value['events'])))
}
