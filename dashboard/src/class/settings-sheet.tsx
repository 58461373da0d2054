import { useState } from 'react'
import { LIMITS, type ClassInfo } from '@lectern/protocol'
import { Button, Form } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { useEditClass } from '../http/queries.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Field, LevelField } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'

/** As the server takes it. */
const MOST_DAYS = 3650

interface SettingsSheetProps {
  readonly info: ClassInfo
  readonly isOpen: boolean
  readonly onClose: () => void
}

function EndClass({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('settings')
  const privacy = useTranslations('privacy.class')
  const cancel = useTranslations('app')('cancel')
  const format = useFormatter()
  const edit = useEditClass(info.id)
  const [asked, setAsked] = useState(false)
  const end = (ended: boolean) => edit.mutate({ ended }, { onSettled: () => setAsked(false) })
  return (
    <section className="end-class">
      {edit.error && <ProblemNote error={edit.error} />}
      {info.endedAt !== undefined && (
        <>
          {info.clearedAt !== undefined && (
            <p>{privacy('cleared', { date: format.dateTime(info.clearedAt, { dateStyle: 'medium' }) })}</p>
          )}
          <p>{t('ended', { date: format.dateTime(info.endedAt, { dateStyle: 'medium', timeStyle: 'short' }) })}</p>
          <WorkingButton className="button" onPress={() => end(false)} isWorking={edit.isPending}>
            {t('reopen')}
          </WorkingButton>
        </>
      )}
      {info.endedAt === undefined && !asked && (
        <>
          <p className="muted">{t('endText')}</p>
          <Button className="button danger" onPress={() => setAsked(true)}>
            {t('end')}
          </Button>
        </>
      )}
      {info.endedAt === undefined && asked && (
        <div className="actions" role="group" aria-label={t('endSure')}>
          <strong>{t('endSure')}</strong>
          <WorkingButton className="button danger" onPress={() => end(true)} isWorking={edit.isPending}>
            {t('endYes')}
          </WorkingButton>
          <Button className="button quiet" onPress={() => setAsked(false)} autoFocus>
            {cancel}
          </Button>
        </div>
      )}
    </section>
  )
}

function SettingsForm({ info, onClose }: Omit<SettingsSheetProps, 'isOpen'>) {
  const t = useTranslations('settings')
  const save = useTranslations('app')('save')
  const edit = useEditClass(info.id)
  const [name, setName] = useState(info.name)
  const privacy = useTranslations('privacy.class')
  const [level, setLevel] = useState(info.level)
  const [days, setDays] = useState(String(info.retentionDays))
  const [showBand, setShowBand] = useState(info.showBand)
  const retentionDays = Number(days)
  const daysGood = Number.isInteger(retentionDays) && retentionDays >= 1 && retentionDays <= MOST_DAYS
  return (
    <>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (daysGood) edit.mutate({ name: name.trim(), level, retentionDays, showBand }, { onSuccess: onClose })
        }}
      >
        <Field label={t('name')} value={name} onChange={setName} isRequired maxLength={LIMITS.nameChars} />
        <LevelField value={level} onChange={setLevel} />
        <p role="status" className="hint">
          {level > info.level && privacy('raised')}
        </p>
        <Field
          label={privacy('days')}
          value={days}
          onChange={setDays}
          inputMode="numeric"
          hint={daysGood ? privacy('daysHint') : privacy('daysFault')}
          isRequired
        />
        <label className="check">
          <input type="checkbox" checked={showBand} onChange={({ target }) => setShowBand(target.checked)} />
          <span>
            {t('band')} <span className="muted small">{t('bandText')}</span>
          </span>
        </label>
        {edit.error && <ProblemNote error={edit.error} />}
        <WorkingButton className="button primary" isWorking={edit.isPending}>
          {save}
        </WorkingButton>
      </Form>
      <EndClass info={info} />
    </>
  )
}

/** Name, collection level, and the end of a class. */
export function SettingsSheet({ info, isOpen, onClose }: SettingsSheetProps) {
  const t = useTranslations('settings')
  return (
    <Sheet title={t('title')} isOpen={isOpen} onClose={onClose}>
      <SettingsForm info={info} onClose={onClose} />
    </Sheet>
  )
}
