import { useState } from 'react'
import type { HubDoor } from '@lectern/protocol'
import { Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useEditClass } from '../http/queries.ts'
import { Choice, Field } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { doorOf, typedDoor } from './hub-door.ts'

const OPEN = ['nobody', 'everyone', 'groups'] as const

interface HubSectionProps {
  readonly classId: string
  readonly hub: HubDoor
}

/** Which users of the JupyterHub join without a code (SPEC JOI-21). */
export function HubSection({ classId, hub }: HubSectionProps) {
  const t = useTranslations('hub')
  const saved = useTranslations('classSettings')('saved')
  const save = useTranslations('app')('save')
  const edit = useEditClass(classId)
  const [typed, setTyped] = useState(typedDoor(hub))
  const door = doorOf(typed)
  return (
    <section className="card manage-card" aria-labelledby="hub-title">
      <h2 id="hub-title">{t('title')}</h2>
      <p className="muted">{t('text')}</p>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (door) edit.mutate({ hub: door })
        }}
      >
        <Choice
          label={t('title')}
          value={typed.open}
          options={OPEN.map((id) => ({ id, text: t(id) }))}
          onChange={(open) => setTyped({ ...typed, open })}
        />
        {typed.open === 'groups' && (
          <Field
            label={t('names')}
            value={typed.groups}
            onChange={(groups) => setTyped({ ...typed, groups })}
            hint={door ? t('namesHint') : t('namesFault')}
            isRequired
          />
        )}
        <p role="status">{edit.isSuccess && saved}</p>
        {edit.error && <ProblemNote error={edit.error} />}
        <WorkingButton className="button primary" isWorking={edit.isPending}>
          {save}
        </WorkingButton>
      </Form>
    </section>
  )
}
