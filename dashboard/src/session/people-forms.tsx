import { useState } from 'react'
import { LIMITS, type Person, type PersonLink, type StaffRole } from '@lectern/protocol'
import { Form, Label, Radio, RadioGroup } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Field } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { staffApi } from './api.ts'
import { useChange } from './queries.ts'

const ROLES = ['instructor', 'member', 'admin'] as const satisfies readonly StaffRole[]

interface RoleFieldProps {
  readonly value: StaffRole
  readonly onChange: (role: StaffRole) => void
}

function RoleField({ value, onChange }: RoleFieldProps) {
  const t = useTranslations('people')
  return (
    <RadioGroup
      className="field levels"
      value={value}
      onChange={(chosen) => onChange(ROLES.find((role) => role === chosen) ?? value)}
    >
      <Label>{t('role')}</Label>
      {ROLES.map((role) => (
        <Radio key={role} value={role} className="level">
          <span className="level-dot" aria-hidden="true" />
          <span>
            <strong>{t(`role_${role}`)}</strong> <span className="muted">{t(`role_${role}Text`)}</span>
          </span>
        </Radio>
      ))}
    </RadioGroup>
  )
}

interface WhoFieldsProps {
  readonly name: string
  readonly email: string
  readonly onName: (name: string) => void
  readonly onEmail: (email: string) => void
}

function WhoFields({ name, email, onName, onEmail }: WhoFieldsProps) {
  const t = useTranslations('people')
  return (
    <>
      <Field label={t('name')} value={name} onChange={onName} isRequired autoFocus maxLength={LIMITS.nameChars} />
      <Field label={t('email')} type="email" value={email} onChange={onEmail} isRequired maxLength={254} />
    </>
  )
}

/** Inviting somebody; a link to hand on follows. */
export function InviteForm({ onLink }: { readonly onLink: (made: PersonLink) => void }) {
  const t = useTranslations('people')
  const invite = useChange('people', staffApi.invite)
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<StaffRole>('instructor')
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        invite.mutate({ name: name.trim(), email: email.trim(), role }, { onSuccess: onLink })
      }}
    >
      <WhoFields name={name} email={email} onName={setName} onEmail={setEmail} />
      <RoleField value={role} onChange={setRole} />
      {invite.error && <ProblemNote error={invite.error} />}
      <WorkingButton className="button primary" isWorking={invite.isPending}>
        {t('makeLink')}
      </WorkingButton>
    </Form>
  )
}

/** Name, address and role of somebody. */
export function EditForm({ person, onDone }: { readonly person: Person; readonly onDone: () => void }) {
  const t = useTranslations('people')
  const save = useTranslations('app')('save')
  const edit = useChange('people', staffApi.editPerson.bind(undefined, person.id))
  const [name, setName] = useState(person.name)
  const [email, setEmail] = useState(person.email)
  const [role, setRole] = useState(person.role)
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        const address = email.trim() === person.email ? {} : { email: email.trim() }
        edit.mutate({ name: name.trim(), role, ...address }, { onSuccess: onDone })
      }}
    >
      <WhoFields name={name} email={email} onName={setName} onEmail={setEmail} />
      <RoleField value={role} onChange={setRole} />
      {role !== person.role && <p className="muted">{t('roleEnds')}</p>}
      {edit.error && <ProblemNote error={edit.error} />}
      <WorkingButton className="button primary" isWorking={edit.isPending}>
        {save}
      </WorkingButton>
    </Form>
  )
}

interface RecoverProps {
  readonly person: Person
  readonly onLink: (made: PersonLink) => void
}

/** A new link for somebody, and what is taken away with it. */
export function RecoverForm({ person, onLink }: RecoverProps) {
  const t = useTranslations('people')
  const recover = useChange('people', staffApi.recover.bind(undefined, person.id))
  const [endSessions, setEndSessions] = useState(false)
  const [removeFactors, setRemoveFactors] = useState(false)
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        recover.mutate({ endSessions, removeFactors }, { onSuccess: onLink })
      }}
    >
      <p>{t('recoverText')}</p>
      <label className="check">
        <input type="checkbox" checked={endSessions} onChange={({ target }) => setEndSessions(target.checked)} />
        {t('endSessions')}
      </label>
      <label className="check">
        <input type="checkbox" checked={removeFactors} onChange={({ target }) => setRemoveFactors(target.checked)} />
        {t('removeFactors')}
      </label>
      {recover.error && <ProblemNote error={recover.error} />}
      <WorkingButton className="button primary" isWorking={recover.isPending}>
        {t('makeRecovery')}
      </WorkingButton>
    </Form>
  )
}
