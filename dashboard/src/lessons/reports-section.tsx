import { useCallback } from 'react'
import type { ClassInfo, LessonReportInfo } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { goTo, hrefOfClass } from '../app/route.ts'
import { may } from '../class/may.ts'
import { useDuration } from '../i18n/duration.ts'
import { useDelayed } from '../manage/delayed.ts'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { MakingReport } from './making-report.tsx'
import { useEditReports, useReports } from './queries.ts'
import { useReportName } from './report-name.ts'

interface ReportLineProps {
  readonly classId: string
  readonly report: LessonReportInfo
  readonly onRemove: ((report: string) => void) | undefined
}

function ReportLine({ classId, report, onRemove }: ReportLineProps) {
  const t = useTranslations('report')
  const lessons = useTranslations('lessons')
  const duration = useDuration()
  const nameOf = useReportName()
  const { id, state, from, to, students } = report
  const name = nameOf(report)
  return (
    <li className="report-line">
      <a
        href={hrefOfClass({ id: classId, view: 'lessons', part: String(id) })}
        aria-label={t('openOf', { name })}
        className="report-link"
      >
        <strong>{name}</strong>
        {from !== undefined && to !== undefined && <span className="muted">{duration(to - from)}</span>}
        {students !== undefined && <span className="muted">{lessons('there', { n: students })}</span>}
      </a>
      {state !== 'done' && <MakingReport info={report} />}
      {onRemove && state !== 'waiting' && state !== 'running' && (
        <Button
          className="button quiet small-button"
          aria-label={t('removeOf', { name })}
          onPress={() => onRemove(String(id))}
        >
          {t('remove')}
        </Button>
      )}
    </li>
  )
}

/** The reports of a class: made, opened, and removed with some seconds to undo that. */
export function ReportsSection({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('report')
  const undo = useTranslations('lessons')('undo')
  const nameOf = useReportName()
  const { data, error, refetch } = useReports(info.id)
  const { make, remove } = useEditReports(info.id)
  const { mutateAsync } = remove
  const delayed = useDelayed(useCallback((report: string) => mutateAsync(report), [mutateAsync]))
  const reports = data?.reports ?? []
  const waiting = reports.filter(({ id }) => delayed.waiting.has(String(id)))
  const shown = reports.filter(({ id }) => !delayed.waiting.has(String(id)))
  const show = ({ id }: LessonReportInfo) => goTo(hrefOfClass({ id: info.id, view: 'lessons', part: String(id) }))
  return (
    <section className="card manage-card" aria-labelledby="reports-title">
      <h2 id="reports-title">{t('reports')}</h2>
      <p className="muted">{t('reportsText')}</p>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data && shown.length === 0 && <p className="empty">{t('none')}</p>}
      <ul className="report-lines">
        {shown.map((report) => (
          <ReportLine
            key={report.id}
            classId={info.id}
            report={report}
            onRemove={may(info, 'class.edit') ? delayed.begin : undefined}
          />
        ))}
      </ul>
      <div role="status">
        {waiting.map((report) => (
          <p key={report.id} className="undo-line">
            {t('removed', { name: nameOf(report) })}
            <Button className="button" onPress={() => delayed.undo(String(report.id))}>
              <Icon name="undo" />
              {undo}
            </Button>
          </p>
        ))}
      </div>
      {(make.error ?? remove.error) && <ProblemNote error={make.error ?? remove.error} />}
      <WorkingButton className="button" isWorking={make.isPending} onPress={() => make.mutate({}, { onSuccess: show })}>
        {t('makeLast')}
      </WorkingButton>
    </section>
  )
}
