import { useRef, useState } from 'react'
import { CLASS_STAFF_ROLES, type ClassStaff, type ClassStaffRole } from '@lectern/protocol'
import { Button, Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { ApiProblem } from '../http/problem.ts'
import { Field } from '../parts/fields.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Select } from '../parts/select.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useEditStaff, useStaff } from './queries.ts'

type Edit = ReturnType<typeof useEditStaff>

function useRoleOptions() {
  const t = useTranslations('manage.role')
  return CLASS_STAFF_ROLES.map((id) => ({ id, text: t(id) }))
}

/** What was refused, in words that fit here. */
function StaffProblem({ error }: { readonly error: unknown }) {
  const t = useTranslations('manage.staff')
  const code = error instanceof ApiProblem ? error.code : undefined
  if (code !== 'conflict' && code !== 'not_found') return <ProblemNote error={error} />
  return (
    <div className="problem" role="alert">
      <Icon name="failing" />
      <p>{t(code === 'conflict' ? 'last' : 'unknown')}</p>
    </div>
  )
}

interface PersonProps {
  readonly person: ClassStaff
  readonly edit: Edit
  readonly onRemove: (person: ClassStaff) => void
}

function Person({ person, edit, onRemove }: PersonProps) {
  const t = useTranslations('manage.staff')
  const options = useRoleOptions()
  const { id, name, email, role } = person
  return (
    <li className="person">
      <span className="person-name">
        <strong>{name}</strong>
        <span className="muted small">{email}</span>
      </span>
      <Select
        label={t('roleOf', { name })}
        isLabelHidden
        value={role}
        options={options}
        onChange={(chosen) => edit.give.mutate({ user: id, role: chosen })}
      />
      <Button className="button quiet" aria-label={t('removeOf', { name })} onPress={() => onRemove(person)}>
        {t('remove')}
      </Button>
    </li>
  )
}

function AddPerson({ edit }: { readonly edit: Edit }) {
  const t = useTranslations('manage.staff')
  const texts = useTranslations('manage.roleText')
  const options = useRoleOptions()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<ClassStaffRole>('assistant')
  return (
    <Form
      className="form add-person"
      onSubmit={(event) => {
        event.preventDefault()
        edit.give.mutate({ user: email.trim(), role }, { onSuccess: () => setEmail('') })
      }}
    >
      <h3>{t('add')}</h3>
      <Field label={t('email')} type="email" value={email} onChange={setEmail} hint={t('addHint')} isRequired />
      <Select label={t('role')} value={role} options={options} onChange={setRole} />
      <p className="hint">{texts(role)}</p>
      <WorkingButton className="button primary" isWorking={edit.give.isPending}>
        {t('submit')}
      </WorkingButton>
    </Form>
  )
}

/** Who of the staff may do what in the class. A removal can be undone as long as the page is open. */
export function StaffSection({ classId }: { readonly classId: string }) {
  const t = useTranslations('manage.staff')
  const undo = useTranslations('manage')('undo')
  const loading = useTranslations('app')('loading')
  const { data, error, refetch } = useStaff(classId)
  const edit = useEditStaff(classId)
  const [removed, setRemoved] = useState<ClassStaff>()
  const title = useRef<HTMLHeadingElement>(null)
  const remove = (person: ClassStaff) => edit.take.mutate(person.id, { onSuccess: () => setRemoved(person) })
  const restore = ({ id, role }: ClassStaff) =>
    edit.give.mutate(
      { user: id, role },
      {
        onSuccess: () => {
          setRemoved(undefined)
          // The button that had the focus is gone.
          title.current?.focus()
        },
      },
    )
  const fault = edit.give.error ?? edit.take.error
  return (
    <section className="card manage-card" aria-labelledby="staff-title">
      <h2 id="staff-title" ref={title} tabIndex={-1}>
        {t('title')}
      </h2>
      <p className="muted">{t('text')}</p>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <p role="status">{loading}</p>}
      {data?.staff.length === 0 && <p className="empty">{t('none')}</p>}
      <ul className="people">
        {data?.staff.map((person) => (
          <Person key={person.id} person={person} edit={edit} onRemove={remove} />
        ))}
      </ul>
      <div role="status">
        {removed && (
          <p className="undo-line">
            {t('removed', { name: removed.name })}
            <Button
              className="button"
              aria-label={t('undoOf', { name: removed.name })}
              onPress={() => restore(removed)}
              autoFocus
            >
              <Icon name="undo" />
              {undo}
            </Button>
          </p>
        )}
      </div>
      {fault && <StaffProblem error={fault} />}
      <AddPerson edit={edit} />
    </section>
  )
}
