import type { LessonReportInfo } from '@lectern/protocol'
import { useTranslations } from 'use-intl'

/** How far a report is that is being made, or why it could not be. */
export function MakingReport({ info: { state, progress, reason = '' } }: { readonly info: LessonReportInfo }) {
  const t = useTranslations('report')
  if (state === 'dead') {
    return (
      <p className="field-error" role="alert">
        {t('failed', { reason })}
      </p>
    )
  }
  const said = state === 'waiting' ? t('waiting') : t('making')
  return (
    <div className="making-report" role="status">
      <span>{said}</span>
      <progress aria-label={said} max={1} {...(state === 'running' ? { value: progress ?? 0 } : {})} />
    </div>
  )
}
