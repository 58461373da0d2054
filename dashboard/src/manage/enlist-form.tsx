import { useState } from 'react'
import { Form, Label, Text, TextArea, TextField } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useEnlist } from './queries.ts'
import { readStudentLines } from './student-lines.ts'

const MOST_AT_ONCE = 500
const ROWS = 5

/** Adding students by their names, one a line. */
export function EnlistForm({ classId }: { readonly classId: string }) {
  const t = useTranslations('manage.roster')
  const enlist = useEnlist(classId)
  const [text, setText] = useState('')
  const [codes, setCodes] = useState(true)
  const { students, faults } = readStudentLines(text)
  const isTooMany = students.length > MOST_AT_ONCE
  const known = enlist.data?.students.filter((one) => one.known).length ?? 0
  return (
    <Form
      className="form enlist"
      onSubmit={(event) => {
        event.preventDefault()
        if (students.length === 0 || faults.length > 0 || isTooMany) return
        enlist.mutate({ students, codes }, { onSuccess: () => setText('') })
      }}
    >
      <h3>{t('add')}</h3>
      <TextField className="field" value={text} onChange={setText} isRequired>
        <Label>{t('lines')}</Label>
        <TextArea rows={ROWS} spellCheck={false} />
        <Text slot="description" className="hint">
          {t('linesHint')}
        </Text>
      </TextField>
      <div role="status">
        {faults.length > 0 && (
          <p className="field-error">{t('fault', { n: faults.length, lines: faults.join(', ') })}</p>
        )}
        {isTooMany && <p className="field-error">{t('tooMany', { n: MOST_AT_ONCE })}</p>}
        {enlist.data && text === '' && <p>{t('added', { added: enlist.data.students.length - known, known })}</p>}
      </div>
      <label className="check">
        <input type="checkbox" checked={codes} onChange={({ target }) => setCodes(target.checked)} />
        {t('withCodes')}
      </label>
      {enlist.error && <ProblemNote error={enlist.error} />}
      <WorkingButton className="button primary" isWorking={enlist.isPending}>
        {t('submit', { n: students.length })}
      </WorkingButton>
    </Form>
  )
}
