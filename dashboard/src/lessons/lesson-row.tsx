import { useState } from 'react'
import type { ClassInfo, Lesson, LessonReportInfo } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { goTo, hrefOfClass } from '../app/route.ts'
import { may } from '../class/may.ts'
import type { Names } from '../class/overview.ts'
import { useDuration } from '../i18n/duration.ts'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useLessonName } from './lesson-name.ts'
import { useEditLessons, useEditReports, useLessonDetails } from './queries.ts'

interface LessonRowProps {
  readonly info: ClassInfo
  readonly lesson: Lesson
  readonly names: Names
  /** The report of its time, if there is one. */
  readonly report: LessonReportInfo | undefined
  readonly onEdit: (lesson: Lesson) => void
  readonly onRemove: (lesson: string) => void
  /** False while another lesson is in progress. */
  readonly mayReopen: boolean
}

/** Who was there and who was not, asked for when it is opened. */
function Presence({ info, lesson, names }: Pick<LessonRowProps, 'info' | 'lesson' | 'names'>) {
  const t = useTranslations('lessons')
  const format = useFormatter()
  const loading = useTranslations('app')('loading')
  const [isOpen, setOpen] = useState(false)
  const { data, error } = useLessonDetails(info.id, lesson.id, isOpen)
  const name = (student: string) => names.get(student) ?? t('someone')
  const sorted = (students: readonly string[]) => students.map(name).toSorted((a, b) => a.localeCompare(b))
  return (
    <details className="lesson-who" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('who')}</summary>
      {error && <ProblemNote error={error} />}
      {!data && !error && <p role="status">{loading}</p>}
      {data && (
        <>
          <p>
            <strong>{t('there', { n: data.there.length })}</strong>
            {t('notSharing', { n: data.notSharing.length })}
          </p>
          <p>
            <strong>{t('absent', { n: data.absent.length })}</strong>
          </p>
          {data.absent.length > 0 && (
            <ul className="name-chips">
              {sorted(data.absent).map((student, index) => (
                // Two may have the same name.
                <li key={`${index} ${student}`}>{student}</li>
              ))}
            </ul>
          )}
          {data.seen.length > 0 && <p className="muted">{t('seen', { text: format.list(data.seen) })}</p>}
        </>
      )}
    </details>
  )
}

/** The way to the report of a lesson: it is made when it is first asked for. */
function ReportButton({ info, lesson, report }: Pick<LessonRowProps, 'info' | 'lesson' | 'report'>) {
  const t = useTranslations('lessons')
  const nameOf = useLessonName()
  const { make } = useEditReports(info.id)
  const label = t('reportOf', { name: nameOf(lesson) })
  const show = (id: number) => goTo(hrefOfClass({ id: info.id, view: 'lessons', part: String(id) }))
  const open = () => {
    if (report) return show(report.id)
    const { from, to } = lesson
    make.mutate({ from, ...(to === undefined ? {} : { to }) }, { onSuccess: ({ id }) => show(id) })
  }
  return (
    <>
      <Button className="button small-button" aria-label={label} onPress={open}>
        <Icon name="progress" />
        {t('report')}
      </Button>
      {make.error && <ProblemNote error={make.error} />}
    </>
  )
}

function Tools({ lesson, info, mayReopen, onEdit, onRemove }: LessonRowProps) {
  const t = useTranslations('lessons')
  const nameOf = useLessonName()
  const { edit } = useEditLessons(info.id)
  const name = nameOf(lesson)
  return (
    <>
      {mayReopen && (
        <Button
          className="button quiet small-button"
          onPress={() => edit.mutate({ lesson: lesson.id, edit: { ended: false } })}
        >
          {t('reopen')}
        </Button>
      )}
      <Button className="button quiet small-button" aria-label={t('editOf', { name })} onPress={() => onEdit(lesson)}>
        {t('edit')}
      </Button>
      <Button
        className="button quiet small-button"
        aria-label={t('removeOf', { name })}
        onPress={() => onRemove(lesson.id)}
      >
        {t('remove')}
      </Button>
      {edit.error && <ProblemNote error={edit.error} />}
    </>
  )
}

/** The weekday tells lessons of one class apart. */
const DAY = { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric' } as const

/** One lesson of the list. */
export function LessonRow(props: LessonRowProps) {
  const { info, lesson, names, report } = props
  const { from, to, planned, title, notebooks } = lesson
  const t = useTranslations('lessons')
  const format = useFormatter()
  const duration = useDuration()
  return (
    <li className="lesson-row" data-running={to === undefined}>
      <div className="lesson-when">
        <strong>{format.dateTime(from, DAY)}</strong>
        <span>
          {format.dateTime(from, { timeStyle: 'short' })}
          {to !== undefined && `–${format.dateTime(to, { timeStyle: 'short' })}`}
        </span>
        <span className="muted small">
          {to === undefined ? <mark className="lesson-now">{t('now')}</mark> : duration(to - from)}
          {planned && `, ${t('planned')}`}
        </span>
      </div>
      <div className="lesson-about">
        {title !== undefined && <strong>{title}</strong>}
        {notebooks.length > 0 && <span className="muted">{format.list(notebooks)}</span>}
        <Presence info={info} lesson={lesson} names={names} />
      </div>
      <div className="row-tools">
        <ReportButton info={info} lesson={lesson} report={report} />
        {may(info, 'lessons.run') && info.archivedAt === undefined && <Tools {...props} />}
      </div>
    </li>
  )
}
