import { useState } from 'react'
import { LIMITS, type RosterEntry } from '@lectern/protocol'
import { Button, Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { ApiProblem } from '../http/problem.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Field } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useEditStudent } from './queries.ts'

interface EditStudentProps {
  readonly classId: string
  readonly entry: RosterEntry
}

function StudentForm({ classId, entry, onClose }: EditStudentProps & { readonly onClose: () => void }) {
  const t = useTranslations('studentEdit')
  const save = useTranslations('app')('save')
  const edit = useEditStudent(classId)
  const [name, setName] = useState(entry.name)
  const [email, setEmail] = useState(entry.email ?? '')
  const [team, setTeam] = useState(entry.team ?? '')
  const isTaken = edit.error instanceof ApiProblem && edit.error.code === 'conflict'
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        const body = { name: name.trim(), email: email.trim(), team: team.trim() }
        edit.mutate({ student: entry.id, edit: body }, { onSuccess: onClose })
      }}
    >
      <Field label={t('name')} value={name} onChange={setName} maxLength={LIMITS.nameChars} isRequired autoFocus />
      <Field label={t('email')} type="email" value={email} onChange={setEmail} hint={t('hint')} />
      <Field label={t('team')} value={team} onChange={setTeam} maxLength={LIMITS.nameChars} hint={t('hint')} />
      {isTaken && (
        <p className="field-error" role="alert">
          {t('taken')}
        </p>
      )}
      {edit.error && !isTaken && <ProblemNote error={edit.error} />}
      <WorkingButton className="button primary" isWorking={edit.isPending}>
        {save}
      </WorkingButton>
    </Form>
  )
}

/** Changing who a student is said to be. */
export function EditStudent({ classId, entry }: EditStudentProps) {
  const t = useTranslations('studentEdit')
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <Button
        className="button quiet small-button"
        aria-label={t('buttonOf', { name: entry.name })}
        onPress={() => setOpen(true)}
      >
        {t('button')}
      </Button>
      <Sheet title={t('title')} isOpen={open} onClose={close}>
        <StudentForm classId={classId} entry={entry} onClose={close} />
      </Sheet>
    </>
  )
}
