import type { ClassInfo, LessonReport } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { may } from '../class/may.ts'
import { stopwatch } from '../i18n/duration.ts'
import { useStaff } from '../manage/queries.ts'
import { ReportCard } from './report-card.tsx'

interface ReportHelpProps {
  readonly info: ClassInfo
  readonly report: LessonReport
}

/** How each of the staff helped. */
function StaffTable({ info, report }: ReportHelpProps) {
  const t = useTranslations('report')
  const { data } = useStaff(info.id, may(info, 'staff.manage'))
  const names = new Map(data?.staff.map(({ id, name }) => [id, name]))
  return (
    <table className="report-table">
      <thead>
        <tr>
          <th scope="col">{t('staff')}</th>
          <th scope="col">{t('went')}</th>
          <th scope="col">{t('answered')}</th>
          <th scope="col">{t('waited')}</th>
          <th scope="col">{t('helping')}</th>
        </tr>
      </thead>
      <tbody>
        {report.help.by.map(({ user, claimed, resolved, waitMedianMs, helpingMs }) => (
          <tr key={user}>
            <th scope="row">{names.get(user) ?? t('someone')}</th>
            <td>{claimed}</td>
            <td>{resolved}</td>
            <td>{waitMedianMs !== undefined && stopwatch(waitMedianMs)}</td>
            <td>{stopwatch(helpingMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** How help was asked for and given. */
export function ReportHelp({ info, report }: ReportHelpProps) {
  const t = useTranslations('report')
  const { requests, resolved, withdrawn, open, waitMedianMs, waitMostMs, by } = report.help
  const figures: readonly (readonly [string, string])[] = [
    [String(resolved), t('resolved')],
    [String(withdrawn), t('withdrawn')],
    [String(open), t('openRequests')],
    ...(waitMedianMs === undefined ? [] : [[stopwatch(waitMedianMs), t('waitMedian')] as const]),
    ...(waitMostMs === undefined ? [] : [[stopwatch(waitMostMs), t('waitMost')] as const]),
  ]
  return (
    <ReportCard title={t('help')}>
      {requests === 0 && <p className="muted">{t('noHelp')}</p>}
      {requests > 0 && (
        <ul className="report-figures small-figures">
          {figures.map(([figure, what]) => (
            <li key={what}>
              <strong>{figure}</strong> <span>{what}</span>
            </li>
          ))}
        </ul>
      )}
      {by.length > 0 && <StaffTable info={info} report={report} />}
    </ReportCard>
  )
}
