import type { LessonReportInfo } from '@lectern/protocol'
import { useFormatter } from 'use-intl'

/** When the lesson of a report was; when it was asked for, as long as that is not known. */
export function useReportName(): (report: LessonReportInfo) => string {
  const format = useFormatter()
  return ({ from, createdAt }) => format.dateTime(from || createdAt, { dateStyle: 'medium', timeStyle: 'short' })
}
