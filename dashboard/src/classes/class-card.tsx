import type { ClassInfo } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { hrefOfClass } from '../app/route.ts'
import { may } from '../class/may.ts'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useClassLife } from '../settings/queries.ts'
import { ClassPicture } from './class-picture.tsx'

/** When the class was or will be taught, or since when it is there. */
function useWhen(): (info: ClassInfo) => string {
  const t = useTranslations('classes')
  const cards = useTranslations('classCards')
  const format = useFormatter()
  const date = (ms: number) => format.dateTime(ms, { dateStyle: 'medium' })
  const moment = (ms: number) =>
    format.dateTime(ms, { weekday: 'short', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })
  return ({ deletesAt, endedAt, lesson, nextLesson, lastLesson, createdAt }) => {
    if (deletesAt !== undefined) return cards('deletes', { date: date(deletesAt) })
    if (endedAt !== undefined) return t('ended', { date: date(endedAt) })
    if (lesson) return cards('since', { time: format.dateTime(lesson.from, { timeStyle: 'short' }) })
    if (nextLesson !== undefined) return cards('next', { date: moment(nextLesson) })
    if (lastLesson) return cards('last', { date: date(lastLesson.from) })
    return t('made', { date: date(createdAt) })
  }
}

function BringBack({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('classCards')
  const { archive } = useClassLife(info.id)
  return (
    <>
      <WorkingButton
        className="button small-button class-back"
        isWorking={archive.isPending}
        onPress={() => archive.mutate(false)}
      >
        {t('bringBack')}
        <span className="off-screen"> {info.name}</span>
      </WorkingButton>
      {archive.error && <ProblemNote error={archive.error} />}
    </>
  )
}

/** One class of the list, with a picture of how it is doing while a lesson goes on. */
export function ClassCard({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('classes')
  const cards = useTranslations('classCards')
  const roles = useTranslations('manage.role')
  const when = useWhen()
  const isAway = info.archivedAt !== undefined
  return (
    <li className="class-item">
      <a className="card class-card" href={hrefOfClass({ id: info.id })} data-session={info.lesson !== undefined}>
        <strong>{info.name}</strong>
        {info.role !== 'admin' && info.role !== 'instructor' && <span className="role-mark">{roles(info.role)}</span>}
        <span className="muted">
          {info.lesson && !isAway && <span className="session-mark">{cards('session')} </span>}
          {when(info)}
        </span>
        {info.lesson?.title !== undefined && <span>{info.lesson.title}</span>}
        {info.lesson && !isAway && <ClassPicture info={info} />}
        <span className="class-card-foot">
          {info.firstEventAt === undefined && info.endedAt === undefined
            ? t('waiting')
            : t('students', { n: info.students })}
          <Icon name="next" />
        </span>
      </a>
      {isAway && may(info, 'class.edit') && <BringBack info={info} />}
    </li>
  )
}
