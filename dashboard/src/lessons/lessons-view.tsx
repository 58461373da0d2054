import { useCallback, useState } from 'react'
import type { ClassInfo, Lesson, LessonReportInfo } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { may } from '../class/may.ts'
import { useRoster } from '../http/queries.ts'
import { useDelayed } from '../manage/delayed.ts'
import { momentCell, type Table } from '../parts/download.ts'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { TakeOut } from '../parts/take-out.tsx'
import type { ViewProps } from '../shell/views.ts'
import { useLessonName } from './lesson-name.ts'
import { LessonRow } from './lesson-row.tsx'
import { LessonSheet } from './lesson-sheet.tsx'
import { useEditLessons, useLessons, useReports } from './queries.ts'
import { ReportView } from './report-view.tsx'
import { ReportsSection } from './reports-section.tsx'
import { TimetableSection } from './timetable-section.tsx'
import '../styles/manage.css'
import '../styles/lessons.css'

const MINUTE_MS = 60_000

/** The newest report over the time of a lesson that has ended. */
const reportOf = ({ from, to }: Lesson, reports: readonly LessonReportInfo[]) =>
  reports.find((report) => to !== undefined && report.from === from && report.to === to)

function useLessonTable(): (lessons: readonly Lesson[]) => Table {
  const t = useTranslations('lessons')
  const minutes = useTranslations('report')('minutes')
  return (lessons) => ({
    columns: [t('when'), minutes, t('about'), t('notebooks')],
    rows: lessons.map(({ from, to, title, notebooks }) => [
      momentCell(from),
      to === undefined ? undefined : Math.round((to - from) / MINUTE_MS),
      title,
      notebooks.join(', '),
    ]),
  })
}

interface LessonListProps {
  readonly info: ClassInfo
  readonly lessons: readonly Lesson[]
  readonly onEdit: (lesson: Lesson) => void
}

/** Lessons, newest first. One that is being removed can be kept for some seconds. */
function LessonRows({ info, lessons, onEdit }: LessonListProps) {
  const t = useTranslations('lessons')
  const nameOf = useLessonName()
  const { data: roster } = useRoster(info.id)
  const { data: made } = useReports(info.id)
  const { remove } = useEditLessons(info.id)
  const { mutateAsync } = remove
  const delayed = useDelayed(useCallback((lesson: string) => mutateAsync(lesson), [mutateAsync]))
  const names = new Map(roster?.students.map(({ id, name }) => [id, name]))
  const isRunning = lessons.some(({ to }) => to === undefined)
  return (
    <>
      <ul className="lesson-rows">
        {lessons
          .filter(({ id }) => !delayed.waiting.has(id))
          .map((lesson, index) => (
            <LessonRow
              key={lesson.id}
              info={info}
              lesson={lesson}
              names={names}
              report={reportOf(lesson, made?.reports ?? [])}
              onEdit={onEdit}
              onRemove={delayed.begin}
              mayReopen={index === 0 && !isRunning && info.endedAt === undefined}
            />
          ))}
      </ul>
      <div role="status">
        {lessons
          .filter(({ id }) => delayed.waiting.has(id))
          .map((lesson) => (
            <p key={lesson.id} className="undo-line">
              {t('removed', { name: nameOf(lesson) })}
              <Button className="button" onPress={() => delayed.undo(lesson.id)}>
                <Icon name="undo" />
                {t('undo')}
              </Button>
            </p>
          ))}
      </div>
      {remove.error && <ProblemNote error={remove.error} />}
    </>
  )
}

function LessonsSection({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('lessons')
  const loading = useTranslations('app')('loading')
  const { data, error, refetch } = useLessons(info.id)
  const table = useLessonTable()
  const [sheet, setSheet] = useState<{ lesson?: Lesson }>()
  const lessons = data?.lessons ?? []
  const isRunning = lessons.some(({ to }) => to === undefined)
  const mayBegin = may(info, 'lessons.run') && info.endedAt === undefined && data && !isRunning
  return (
    <section className="card manage-card" aria-labelledby="lessons-title" data-print="lessons">
      <header className="manage-head">
        <h2 id="lessons-title">{t('title')}</h2>
        <div className="actions">
          {mayBegin && (
            <Button className="button primary" onPress={() => setSheet({})}>
              <Icon name="active" />
              {t('begin')}
            </Button>
          )}
          {lessons.length > 0 && may(info, 'class.edit') && (
            <TakeOut
              name={`${info.name} ${t('title')}`}
              table={() => table(lessons)}
              json={() => lessons}
              print="lessons"
            />
          )}
        </div>
      </header>
      <p className="muted">{t('text')}</p>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <p role="status">{loading}</p>}
      {data && lessons.length === 0 && <p className="empty">{t('empty')}</p>}
      {lessons.length > 0 && <LessonRows info={info} lessons={lessons} onEdit={(lesson) => setSheet({ lesson })} />}
      {data?.next !== undefined && <p className="muted">{t('older')}</p>}
      <LessonSheet
        classId={info.id}
        lesson={sheet?.lesson}
        isOpen={sheet !== undefined}
        onClose={() => setSheet(undefined)}
      />
    </section>
  )
}

/** Lessons of a class, their timetable and their reports; one report where the address names it. */
export function LessonsView({ info, part }: ViewProps) {
  if (part !== undefined && /^\d+$/.test(part)) return <ReportView info={info} report={Number(part)} />
  return (
    <div className="lessons-page">
      <LessonsSection info={info} />
      <div className="lessons-side">
        <TimetableSection info={info} />
        <ReportsSection info={info} />
      </div>
    </div>
  )
}
