import type { ClassInfo, LessonReport } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { hrefOfClass } from '../app/route.ts'
import { may } from '../class/may.ts'
import { useDuration } from '../i18n/duration.ts'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { TakeOut } from '../parts/take-out.tsx'
import { byTeam, figuresOf } from './figures.ts'
import { FigureCards } from './figure-cards.tsx'
import { MakingReport } from './making-report.tsx'
import { useReport } from './queries.ts'
import { ReportActivity } from './report-activity.tsx'
import { ReportAttendance } from './report-attendance.tsx'
import { ReportCard } from './report-card.tsx'
import { ReportCompare } from './report-compare.tsx'
import { ReportErrors } from './report-errors.tsx'
import { ReportHelp } from './report-help.tsx'
import { useReportPeople, type ReportPeople } from './report-people.ts'
import { ReportProgress, ReportSlowest } from './report-progress.tsx'
import { useReportTables } from './report-tables.ts'

interface ReportProps {
  readonly info: ClassInfo
  readonly report: LessonReport
  readonly people: ReportPeople
}

/** The lesson in six numbers. */
function Glance({ report }: { readonly report: LessonReport }) {
  const t = useTranslations('report')
  const format = useFormatter()
  const { there, runs, failed, doneMedian } = figuresOf(report.attendance, report.absent.length)
  const figures: readonly (readonly [string, string])[] = [
    [format.number(there), t('there')],
    [format.number(report.absent.length), t('absent')],
    [format.number(runs), t('runs')],
    [failed === undefined ? '–' : format.number(failed, { style: 'percent' }), t('failedRuns')],
    [doneMedian === undefined ? '–' : format.number(doneMedian), t('done')],
    [format.number(report.help.requests), t('requests')],
  ]
  return (
    <ul className="card report-figures">
      {figures.map(([figure, what]) => (
        <li key={what}>
          <strong>{figure}</strong> <span>{what}</span>
        </li>
      ))}
    </ul>
  )
}

/** The groups of the class side by side, where there are groups. */
function Teams({ report, people }: Pick<ReportProps, 'report' | 'people'>) {
  const t = useTranslations('report')
  const groups = byTeam(report, people.team)
  if (groups.length < 2) return null
  return (
    <ReportCard title={t('teams')} text={t('teamsText')}>
      <FigureCards
        all={groups.map(({ name, ...figures }) => ({ key: `group ${name}`, title: name || t('noTeam'), figures }))}
      />
    </ReportCard>
  )
}

function Body({ info, report, people, id }: ReportProps & { readonly id: number }) {
  const tables = useReportTables()
  const t = useTranslations('report')
  const isTaken = may(info, 'class.edit')
  const takeOut = (what: 'progress' | 'errors') =>
    isTaken && <TakeOut name={`${info.name} ${t(what)}`} table={() => tables[what](report)} />
  return (
    <>
      <Glance report={report} />
      <div className="report-columns">
        <ReportAttendance report={report} people={people} />
        <div className="report-column">
          <ReportSlowest report={report} />
          <ReportHelp info={info} report={report} />
          <ReportActivity report={report} />
        </div>
      </div>
      <ReportProgress report={report} tools={takeOut('progress')} />
      <ReportErrors report={report} tools={takeOut('errors')} />
      <Teams report={report} people={people} />
      <ReportCompare info={info} report={report} id={id} />
    </>
  )
}

/** Who is behind the ids, for whoever reads the data elsewhere. */
const namesIn = ({ attendance, absent }: LessonReport, people: ReportPeople) =>
  Object.fromEntries([...attendance.map(({ student }) => student), ...absent].map((id) => [id, people.name(id)]))

/** The report of one lesson: a page, and a print. */
export function ReportView({ info, report: id }: { readonly info: ClassInfo; readonly report: number }) {
  const t = useTranslations('report')
  const format = useFormatter()
  const duration = useDuration()
  const loading = useTranslations('app')('loading')
  const tables = useReportTables()
  const people = useReportPeople(info.id)
  const { data, error, refetch } = useReport(info.id, id)
  const report = data?.report
  const date = report && format.dateTime(report.from, { dateStyle: 'full', timeStyle: 'short' })
  return (
    <article className="report-page">
      <header className="report-head">
        <a className="button quiet" href={hrefOfClass({ id: info.id, view: 'lessons' })}>
          <Icon name="back" />
          {t('back')}
        </a>
        <div className="report-title">
          <h2>{t('title')}</h2>
          <p className="print-only">{info.name}</p>
          {report && (
            <p className="muted">{t('span', { date: date ?? '', duration: duration(report.to - report.from) })}</p>
          )}
        </div>
        {report && may(info, 'class.edit') && (
          <TakeOut
            name={`${info.name} ${t('title')} ${format.dateTime(report.from, { dateStyle: 'medium' })}`}
            table={() => tables.attendance(report, people)}
            json={() => ({ ...report, names: namesIn(report, people) })}
          />
        )}
      </header>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <p role="status">{loading}</p>}
      {data && !report && <MakingReport info={data.info} />}
      {report && report.attendance.length === 0 && <p className="card empty">{t('nothing')}</p>}
      {report && report.attendance.length > 0 && <Body info={info} report={report} people={people} id={id} />}
    </article>
  )
}
