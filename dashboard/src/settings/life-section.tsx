import { useState } from 'react'
import { DELETION_DAYS, LIMITS, type ClassInfo, type StaffUser } from '@lectern/protocol'
import { Button, Form } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { goTo, hrefOfClass } from '../app/route.ts'
import { useEditClass } from '../http/queries.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Field } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useClassLife } from './queries.ts'

interface LifeProps {
  readonly info: ClassInfo
}

/** Ending a class, and opening it again. */
function EndClass({ info }: LifeProps) {
  const t = useTranslations('settings')
  const privacy = useTranslations('privacy.class')
  const cancel = useTranslations('app')('cancel')
  const format = useFormatter()
  const edit = useEditClass(info.id)
  const [asked, setAsked] = useState(false)
  const end = (ended: boolean) => edit.mutate({ ended }, { onSettled: () => setAsked(false) })
  return (
    <div className="life-part">
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
    </div>
  )
}

/** A class like this one; its page follows. */
function CopyClass({ info }: LifeProps) {
  const t = useTranslations('classSettings')
  const { copy } = useClassLife(info.id)
  const [name, setName] = useState(t('copyOf', { name: info.name }).slice(0, LIMITS.nameChars))
  const [roster, setRoster] = useState(false)
  return (
    <Form
      className="form life-part"
      onSubmit={(event) => {
        event.preventDefault()
        copy.mutate({ name: name.trim(), roster }, { onSuccess: ({ id }) => goTo(hrefOfClass({ id })) })
      }}
    >
      <h3>{t('copy')}</h3>
      <p className="muted">{t('copyText')}</p>
      <Field label={t('copyName')} value={name} onChange={setName} maxLength={LIMITS.nameChars} isRequired />
      <label className="check">
        <input type="checkbox" checked={roster} onChange={({ target }) => setRoster(target.checked)} />
        {t('copyRoster')}
      </label>
      {copy.error && <ProblemNote error={copy.error} />}
      <WorkingButton className="button" isWorking={copy.isPending}>
        {t('copySubmit')}
      </WorkingButton>
    </Form>
  )
}

function PutAway({ info }: LifeProps) {
  const t = useTranslations('classSettings')
  const cancel = useTranslations('app')('cancel')
  const { archive, remove } = useClassLife(info.id)
  const [asked, setAsked] = useState(false)
  const fault = archive.error ?? remove.error
  return (
    <>
      <div className="life-part">
        <p className="muted">{t('archiveText')}</p>
        <WorkingButton className="button" isWorking={archive.isPending} onPress={() => archive.mutate(true)}>
          {t('archive')}
        </WorkingButton>
      </div>
      <div className="life-part">
        <p className="muted">{t('deleteText', { n: DELETION_DAYS })}</p>
        <Button className="button danger" onPress={() => setAsked(true)}>
          {t('delete')}
        </Button>
      </div>
      {fault && <ProblemNote error={fault} />}
      <Sheet title={t('deleteSure', { name: info.name })} isOpen={asked} onClose={() => setAsked(false)}>
        <p>{t('deleteText', { n: DELETION_DAYS })}</p>
        <div className="actions">
          <WorkingButton
            className="button danger"
            isWorking={remove.isPending}
            onPress={() => remove.mutate(undefined, { onSettled: () => setAsked(false) })}
          >
            {t('deleteYes')}
          </WorkingButton>
          <Button className="button quiet" autoFocus onPress={() => setAsked(false)}>
            {cancel}
          </Button>
        </div>
      </Sheet>
    </>
  )
}

/** How a class goes on: copied, ended, put away, deleted. */
export function LifeSection({ info, user }: LifeProps & { readonly user: StaffUser }) {
  const t = useTranslations('classSettings')
  return (
    <section className="card manage-card" aria-labelledby="life-title">
      <h2 id="life-title">{t('life')}</h2>
      {user.role !== 'member' && <CopyClass info={info} />}
      {info.archivedAt === undefined && <EndClass info={info} />}
      {info.archivedAt === undefined && <PutAway info={info} />}
    </section>
  )
}
