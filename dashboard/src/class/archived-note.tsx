import type { ClassInfo } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useClassLife } from '../settings/queries.ts'
import { may } from './may.ts'

/** Says that a class is put away, or deleted soon, and brings it back. */
export function ArchivedNote({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('classSettings')
  const format = useFormatter()
  const { archive } = useClassLife(info.id)
  const { deletesAt } = info
  return (
    <div className="banner archived-note" role="status">
      <p>
        {deletesAt === undefined
          ? t('archived')
          : t('deleted', { date: format.dateTime(deletesAt, { dateStyle: 'medium', timeStyle: 'short' }) })}
      </p>
      {may(info, 'class.edit') && (
        <WorkingButton className="button" isWorking={archive.isPending} onPress={() => archive.mutate(false)}>
          {t('bringBack')}
        </WorkingButton>
      )}
      {archive.error && <ProblemNote error={archive.error} />}
    </div>
  )
}
