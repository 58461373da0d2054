import { useState } from 'react'
import { LIMITS, type ClassInfo } from '@lectern/protocol'
import { Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useEditClass } from '../http/queries.ts'
import { Field, LevelField } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { LevelPreview } from './level-preview.tsx'

/** As the server takes it. */
const MOST_DAYS = 3650

/** Name, collection level with what it shows, how long everything is kept, what students see of the class. */
export function GeneralSection({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('classSettings')
  const settings = useTranslations('settings')
  const privacy = useTranslations('privacy.class')
  const save = useTranslations('app')('save')
  const edit = useEditClass(info.id)
  const [name, setName] = useState(info.name)
  const [level, setLevel] = useState(info.level)
  const [days, setDays] = useState(String(info.retentionDays))
  const [showBand, setShowBand] = useState(info.showBand)
  const retentionDays = Number(days)
  const daysGood = Number.isInteger(retentionDays) && retentionDays >= 1 && retentionDays <= MOST_DAYS
  return (
    <section className="card manage-card" aria-labelledby="general-title">
      <h2 id="general-title">{t('general')}</h2>
      <Form
        className="settings-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (daysGood) edit.mutate({ name: name.trim(), level, retentionDays, showBand })
        }}
      >
        <div className="form">
          <Field label={settings('name')} value={name} onChange={setName} isRequired maxLength={LIMITS.nameChars} />
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
              {settings('band')} <span className="muted">{settings('bandText')}</span>
            </span>
          </label>
          <p role="status">{edit.isSuccess && t('saved')}</p>
          {edit.error && <ProblemNote error={edit.error} />}
          <WorkingButton className="button primary" isWorking={edit.isPending}>
            {save}
          </WorkingButton>
        </div>
        <LevelPreview level={level} />
      </Form>
    </section>
  )
}
