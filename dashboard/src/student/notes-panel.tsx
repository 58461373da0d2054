import { useState } from 'react'
import { TextArea, TextField, Label, Button } from 'react-aria-components'
import { LIMITS } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { Panel } from '../class/panel.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useNotes } from './queries.ts'

interface NotesPanelProps {
  readonly classId: string
  readonly student: string
  /** Names of the staff by id. */
  readonly staff: ReadonlyMap<string, string>
}

/** What the staff note about a student, who reads it too (SPEC NTE-1). A note that was removed by mistake is written again. */
export function NotesPanel({ classId, student, staff }: NotesPanelProps) {
  const t = useTranslations('story')
  const format = useFormatter()
  const [text, setText] = useState('')
  const { notes, add, remove } = useNotes(classId, student)
  const all = notes.data?.notes ?? []
  return (
    <Panel id="notes" title={t('notes')}>
      <div className="notes">
        <p className="muted small">{t('notesText')}</p>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (text.trim() !== '') add.mutate(text.trim(), { onSuccess: () => setText('') })
          }}
        >
          <TextField className="field" value={text} onChange={setText} maxLength={LIMITS.helpMessageChars}>
            <Label>{t('newNote')}</Label>
            <TextArea rows={2} />
          </TextField>
          <WorkingButton isWorking={add.isPending} className="button">
            {t('addNote')}
          </WorkingButton>
        </form>
        {[notes, add, remove].map(({ error }, index) => error && <ProblemNote key={index} error={error} />)}
        {notes.isSuccess && all.length === 0 && <p className="muted">{t('noNotes')}</p>}
        <ul className="note-list">
          {all.map(({ id, at, by, text: written }) => (
            <li key={id}>
              <p className="note-text">{written}</p>
              <p className="muted small">
                {t('noteBy', {
                  name: by === undefined ? t('script') : (staff.get(by) ?? by),
                  time: format.dateTime(at, { dateStyle: 'medium', timeStyle: 'short' }),
                })}
                <Button
                  className="button quiet icon-only"
                  aria-label={t('removeNote')}
                  onPress={() => {
                    remove.mutate(id)
                    // It can be taken back by adding it again.
                    setText((before) => before || written)
                  }}
                >
                  <Icon name="close" />
                </Button>
              </p>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  )
}
