import { useState } from 'react'
import { LIMITS, type Lesson } from '@lectern/protocol'
import { Form, Label, Text, TextArea, TextField } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Sheet } from '../parts/dialog.tsx'
import { Field } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Select } from '../parts/select.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useEditLessons } from './queries.ts'

const MINUTE_MS = 60_000
const MINUTES_OF_HOUR = 60
const ROWS = 4
/** Minutes after which a lesson ends by itself. */
const LASTING = ['45', '50', '60', '90', '120', '180', 'open'] as const
type Lasting = (typeof LASTING)[number]

interface LessonSheetProps {
  readonly classId: string
  /** The lesson to edit; without one, one is begun. */
  readonly lesson: Lesson | undefined
  readonly isOpen: boolean
  readonly onClose: () => void
}

function useLastings() {
  const t = useTranslations('lessons')
  return LASTING.map((id) => {
    const minutes = Number(id)
    if (id === 'open') return { id, text: t('untilNever') }
    const hours = minutes / MINUTES_OF_HOUR
    const text = Number.isInteger(hours) ? t('untilHours', { n: hours }) : t('untilMinutes', { n: minutes })
    return { id, text }
  })
}

function LessonForm({ classId, lesson, onClose }: Omit<LessonSheetProps, 'isOpen'>) {
  const t = useTranslations('lessons')
  const save = useTranslations('app')('save')
  const { begin, edit } = useEditLessons(classId)
  const lastings = useLastings()
  const [title, setTitle] = useState(lesson?.title ?? '')
  const [notebooks, setNotebooks] = useState(lesson?.notebooks.join('\n') ?? '')
  const [lasting, setLasting] = useState<Lasting>('open')
  const about = {
    title,
    notebooks: notebooks
      .split(/\r?\n/)
      .map((name) => name.trim())
      .filter(Boolean),
  }
  const submit = () => {
    if (lesson) return edit.mutate({ lesson: lesson.id, edit: about }, { onSuccess: onClose })
    const until = lasting === 'open' ? {} : { until: Date.now() + Number(lasting) * MINUTE_MS }
    begin.mutate({ ...about, ...until }, { onSuccess: onClose })
  }
  const fault = begin.error ?? edit.error
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Field
        label={t('titleField')}
        hint={t('titleHint')}
        value={title}
        onChange={setTitle}
        maxLength={LIMITS.nameChars}
        autoFocus
      />
      <TextField className="field" value={notebooks} onChange={setNotebooks}>
        <Label>{t('notebooksField')}</Label>
        <TextArea rows={ROWS} spellCheck={false} />
        <Text slot="description" className="hint">
          {t('notebooksHint')}
        </Text>
      </TextField>
      {!lesson && <Select label={t('until')} value={lasting} options={lastings} onChange={setLasting} />}
      {fault && <ProblemNote error={fault} />}
      <WorkingButton className="button primary" isWorking={begin.isPending || edit.isPending}>
        {lesson ? save : t('begin')}
      </WorkingButton>
    </Form>
  )
}

/** Begins a lesson, or says what one is about. */
export function LessonSheet({ isOpen, ...props }: LessonSheetProps) {
  const t = useTranslations('lessons')
  return (
    <Sheet title={t(props.lesson ? 'sheetEdit' : 'sheetBegin')} isOpen={isOpen} onClose={props.onClose}>
      <LessonForm {...props} />
    </Sheet>
  )
}
