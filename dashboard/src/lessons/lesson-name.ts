import type { Lesson } from '@lectern/protocol'
import { useFormatter } from 'use-intl'

/** What a lesson is called: what it is about, or when it began. */
export function useLessonName(): (lesson: Pick<Lesson, 'title' | 'from'>) => string {
  const format = useFormatter()
  return ({ title, from }) => title ?? format.dateTime(from, { dateStyle: 'medium', timeStyle: 'short' })
}
