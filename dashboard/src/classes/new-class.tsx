import { useState } from 'react'
import { DEFAULT_LEVEL, LIMITS, type CollectionLevel } from '@lectern/protocol'
import { Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { FIRST_VIEW, go } from '../app/route.ts'
import { useMakeClass } from '../http/queries.ts'
import { Field, LevelField } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'

/** Making a class; its page follows. */
export function NewClassForm() {
  const t = useTranslations('classes')
  const make = useMakeClass()
  const [name, setName] = useState('')
  const [level, setLevel] = useState<CollectionLevel>(DEFAULT_LEVEL)
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        make.mutate(
          { name: name.trim(), level },
          { onSuccess: ({ id }) => go({ page: 'class', id, view: FIRST_VIEW, query: {} }) },
        )
      }}
    >
      <Field
        label={t('name')}
        value={name}
        onChange={setName}
        placeholder={t('namePlaceholder')}
        maxLength={LIMITS.nameChars}
        isRequired
        autoFocus
      />
      <LevelField value={level} onChange={setLevel} />
      {make.error && <ProblemNote error={make.error} />}
      <WorkingButton className="button primary" isWorking={make.isPending}>
        {t('submit')}
      </WorkingButton>
    </Form>
  )
}
