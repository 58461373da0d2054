import { useEffect, useState } from 'react'
import type { ClassInfo, Lesson } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { hrefOfClass } from '../app/route.ts'
import { may } from '../class/may.ts'
import { stopwatch } from '../i18n/duration.ts'
import { useNow } from '../live/use-now.ts'
import { Icon } from '../parts/icons.tsx'
import { useProblemText } from '../parts/problem-note.tsx'
import { useEditLessons, useLessons } from './queries.ts'
import '../styles/lesson-chip.css'

/** How long an end can be undone in the bar. */
const UNDO_MS = 10_000

interface RunningProps {
  readonly info: ClassInfo
  readonly lesson: Lesson
  readonly onEnd: (() => void) | undefined
}

/** How long the lesson has been going on, with the way to it and its end. */
function Running({ info, lesson, onEnd }: RunningProps) {
  const t = useTranslations('lessons')
  const elapsed = Math.max(0, useNow(0) - lesson.from)
  return (
    <span className="lesson-chip is-running">
      <a href={hrefOfClass({ id: info.id, view: 'lessons' })}>
        <span className="lesson-dot" aria-hidden="true" />
        <span className="off-screen">{t('running')}</span> <span>{stopwatch(elapsed)}</span>
        {lesson.title !== undefined && <span className="lesson-chip-title wide-only">{lesson.title}</span>}
      </a>
      {onEnd && (
        <Button className="button quiet small-button" aria-label={t('endOf')} onPress={onEnd}>
          {t('end')}
        </Button>
      )}
    </span>
  )
}

/** The lesson in progress, in the bar above the class; without one, the way to begin it. */
export function LessonChip({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('lessons')
  const problem = useProblemText()
  const { data } = useLessons(info.id)
  const { begin, edit } = useEditLessons(info.id)
  const [ended, setEnded] = useState<string>()
  useEffect(() => {
    if (ended === undefined) return
    const timer = setTimeout(() => setEnded(undefined), UNDO_MS)
    return () => clearTimeout(timer)
  }, [ended])
  const mayRun = may(info, 'lessons.run') && info.endedAt === undefined
  const open = data?.lessons.find(({ to }) => to === undefined)
  const end = (lesson: string, isEnd: boolean) =>
    edit.mutate({ lesson, edit: { ended: isEnd } }, { onSuccess: () => setEnded(isEnd ? lesson : undefined) })
  const fault = begin.error ?? edit.error
  if (fault) {
    return (
      <span className="lesson-chip" role="alert">
        {problem(fault)}
      </span>
    )
  }
  if (open) return <Running info={info} lesson={open} onEnd={mayRun ? () => end(open.id, true) : undefined} />
  if (ended !== undefined) {
    return (
      <span className="lesson-chip" role="status">
        <span className="wide-only">{t('ended')}</span>
        <Button className="button small-button" onPress={() => end(ended, false)} autoFocus>
          <Icon name="undo" />
          {t('undo')}
        </Button>
      </span>
    )
  }
  if (!mayRun || !data) return null
  return (
    <Button className="button" aria-label={t('begin')} onPress={() => begin.mutate({})}>
      <Icon name="active" />
      <span className="wide-only">{t('begin')}</span>
    </Button>
  )
}
