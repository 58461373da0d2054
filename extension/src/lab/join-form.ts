import { deepLinkOf, type DeepLink } from '../core/deep-link.ts'
import { EMAIL, serverAddress, type Settings } from '../core/settings.ts'
import type { Texts } from '../texts/texts.ts'
import { h } from './dom.ts'
import { FormBody } from './form-body.ts'

/** What a person types to join a class. */
export type Typed = Pick<Settings, 'server' | 'code' | 'name' | 'email' | 'team'>

interface Field {
  readonly name: keyof Typed
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly required?: boolean
  readonly maxlength: string
}

function fieldOf({ name, label, hint, value, required = false, maxlength }: Field) {
  const hintId = hint === undefined ? undefined : `lectern-${name}-hint`
  const input = h('input', {
    class: 'jp-mod-styled',
    name,
    required,
    maxlength,
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-describedby': hintId,
  })
  input.value = value
  const whole = h('label', { class: 'lectern-field' }, h('span', {}, label), input)
  if (hint !== undefined) whole.append(h('span', { class: 'lectern-hint', id: hintId }, hint))
  return { input, label: whole }
}

interface Asked {
  readonly texts: Texts
  readonly known: Typed
  /** The Hub knows which class it is. */
  readonly codeNeeded: boolean
}

/** The form of joining; a link to a class in the field of the code fills in the server as well. */
export function createJoinForm({ texts: { join }, known, codeNeeded }: Asked): FormBody<Typed> {
  const long = '2048'
  const code = fieldOf({ name: 'code', label: join.code, value: known.code, required: codeNeeded, maxlength: long })
  const server = fieldOf({ name: 'server', label: join.server, value: known.server, required: true, maxlength: long })
  const name = fieldOf({ name: 'name', label: join.name, value: known.name, required: true, maxlength: '120' })
  const email = fieldOf({
    name: 'email',
    label: join.email,
    hint: join.emailHint,
    value: known.email,
    maxlength: '254',
  })
  const team = fieldOf({ name: 'team', label: join.team, value: known.team, maxlength: '120' })
  const fill = ({ server: to, code: by }: DeepLink) => {
    if (to !== undefined) server.input.value = to
    code.input.value = by ?? ''
  }
  code.input.addEventListener('input', () => {
    const link = deepLinkOf(code.input.value)
    if (link) fill(link)
  })
  const check = () => {
    const address = server.input.value.trim()
    server.input.setCustomValidity(address === '' || serverAddress(address) ? '' : join.gaps.server)
    const mail = email.input.value.trim()
    email.input.setCustomValidity(mail === '' || EMAIL.test(mail) ? '' : join.gaps.email)
  }
  const fields = [code, name, server, email, team]
  for (const { input } of fields) input.addEventListener('input', check)
  const content = [h('p', { class: 'lectern-lead' }, join.intro), ...fields.map(({ label }) => label)]
  return new FormBody(content, () => ({
    server: server.input.value.trim(),
    code: code.input.value.trim(),
    name: name.input.value.trim(),
    email: email.input.value.trim(),
    team: team.input.value.trim(),
  }))
}
