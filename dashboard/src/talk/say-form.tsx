import { useState } from 'react'
import { LIMITS, type NewMessageAnswer } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { AreaField } from '../parts/area-field.tsx'
import { Choice } from '../parts/fields.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { draftOf, kindsFor, messageOf, missingIn, type Draft } from './draft.ts'
import { PlaceFields } from './place-fields.tsx'
import { useSending } from './queries.ts'
import type { SayWish } from './say.tsx'
import '../styles/talk.css'

interface SayFormProps {
  readonly classId: string
  readonly wish: SayWish
  readonly onSent: (answer: NewMessageAnswer) => void
  /** Not in a dialog: the page keeps the focus where it is. */
  readonly isInPage?: boolean
}

const CODE_ROWS = 6

/** What is written: its kind, the words or the source, and where it belongs. */
function DraftFields({ wish, draft, onChange, onDone, isInPage = false }: DraftFieldsProps) {
  const t = useTranslations('say')
  const isCode = draft.kind === 'cell'
  return (
    <>
      <Choice
        label={t('kind')}
        value={draft.kind}
        options={kindsFor(wish).map((id) => ({ id, text: t(`kinds.${id}`) }))}
        onChange={(kind) => onChange({ kind })}
      />
      <AreaField
        label={isCode ? t('source') : t('text')}
        hint={t(`hints.${draft.kind}`)}
        value={draft.text}
        onChange={(text) => onChange({ text })}
        maxLength={LIMITS.messageChars}
        isCode={isCode}
        autoFocus={!isInPage}
        onDone={onDone}
        {...(isCode ? { rows: CODE_ROWS } : {})}
      />
      {(draft.kind === 'hint' || isCode) && (
        <PlaceFields
          notebook={draft.notebook}
          cell={draft.cell}
          isNeeded={isCode}
          onChange={(spot) => onChange({ notebook: spot?.notebook, cell: spot?.cell })}
        />
      )}
    </>
  )
}

interface DraftFieldsProps extends Pick<SayFormProps, 'wish' | 'isInPage'> {
  readonly draft: Draft
  readonly onChange: (change: Partial<Draft>) => void
  readonly onDone: () => void
}

/** The form in which staff write to students. After sending it is empty again. */
export function SayForm({ classId, wish, onSent, isInPage = false }: SayFormProps) {
  const t = useTranslations('say')
  const [draft, setDraft] = useState(() => draftOf(wish))
  const [isAsked, setAsked] = useState(false)
  const sending = useSending(classId)
  const missing = missingIn(draft)
  const send = () => {
    setAsked(true)
    if (missing || sending.isPending) return
    sending.mutate(messageOf(wish, draft), {
      onSuccess: (answer) => {
        setAsked(false)
        onSent(answer)
      },
    })
  }
  return (
    <form
      className="form say-form"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <DraftFields
        wish={wish}
        draft={draft}
        isInPage={isInPage}
        onDone={send}
        onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
      />
      {wish.closes && (
        <label className="check">
          <input
            type="checkbox"
            checked={draft.resolves}
            onChange={({ target }) => setDraft((before) => ({ ...before, resolves: target.checked }))}
          />
          {t('resolves')}
        </label>
      )}
      {isAsked && missing && (
        <p className="field-error" role="alert">
          {t(`missing.${missing}`)}
        </p>
      )}
      {sending.isError && <ProblemNote error={sending.error} />}
      <div className="actions">
        <WorkingButton className="button primary" isWorking={sending.isPending}>
          <Icon name="talk" />
          {t('send')}
        </WorkingButton>
        <span className="muted small wide-only">{t('keys')}</span>
      </div>
    </form>
  )
}
