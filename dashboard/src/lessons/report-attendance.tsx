import type { LessonReport } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { ReportCard } from './report-card.tsx'
import type { ReportPeople } from './report-people.ts'

const MINUTE_MS = 60_000
/** The palest that a bar is drawn, so that it is seen at all. */
const PALEST = 0.3

interface AttendanceProps {
  readonly report: LessonReport
  readonly people: ReportPeople
}

function AttendanceRow({
  report,
  people,
  one,
}: AttendanceProps & { readonly one: LessonReport['attendance'][number] }) {
  const t = useTranslations('report')
  const format = useFormatter()
  const span = Math.max(1, report.to - report.from)
  const time = (ms: number) => format.dateTime(ms, { timeStyle: 'short' })
  const active = Math.min(1, one.minutes / Math.max(1, (one.to - one.from) / MINUTE_MS))
  const name = people.name(one.student)
  const said = { name, time: time(one.from), text: time(one.to), n: one.minutes, runs: one.executions, done: one.done }
  return (
    <li className="attendance-row">
      <span className="attendance-name" aria-hidden="true">
        {name}
      </span>
      <span className="attendance-track" role="img" aria-label={t('row', said)} title={t('row', said)}>
        <span
          className="attendance-bar"
          style={{
            insetInlineStart: `${(100 * (one.from - report.from)) / span}%`,
            width: `${Math.max(0.6, (100 * (one.to - one.from)) / span)}%`,
            opacity: PALEST + (1 - PALEST) * active,
          }}
        />
      </span>
    </li>
  )
}

function Scale({ report }: { readonly report: LessonReport }) {
  const format = useFormatter()
  const time = (ms: number) => format.dateTime(ms, { timeStyle: 'short' })
  return (
    <p className="attendance-scale" aria-hidden="true">
      <span>{time(report.from)}</span>
      <span>{time((report.from + report.to) / 2)}</span>
      <span>{time(report.to)}</span>
    </p>
  )
}

/** Who was there and when, and who was not. */
export function ReportAttendance({ report, people }: AttendanceProps) {
  const t = useTranslations('report')
  const absent = report.absent.map((student) => ({ student, name: people.name(student) }))
  return (
    <ReportCard title={t('attendance')} text={t('attendanceText')}>
      <Scale report={report} />
      <ul className="attendance" data-many={report.attendance.length > 12}>
        {report.attendance.map((one) => (
          <AttendanceRow key={one.student} report={report} people={people} one={one} />
        ))}
      </ul>
      <h3>
        {t('absentTitle')} {absent.length > 0 && <span className="count-mark">{absent.length}</span>}
      </h3>
      {absent.length === 0 && <p className="muted">{t('nobodyAbsent')}</p>}
      <ul className="name-chips">
        {absent
          .toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
          .map(({ student, name }) => (
            <li key={student}>{name}</li>
          ))}
      </ul>
      {report.notSharing.length > 0 && <p className="muted">{t('notSharing', { n: report.notSharing.length })}</p>}
    </ReportCard>
  )
}
