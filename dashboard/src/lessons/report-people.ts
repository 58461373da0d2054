import { useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { useRoster } from '../http/queries.ts'

/** Who is behind the ids of a report. */
export interface ReportPeople {
  name(student: string): string
  team(student: string): string | undefined
}

/** The roster as reports need it. Who is no longer on it has no name. */
export function useReportPeople(classId: string): ReportPeople {
  const someone = useTranslations('lessons')('someone')
  const { data } = useRoster(classId)
  return useMemo(() => {
    const known = new Map(data?.students.map((entry) => [entry.id, entry]))
    return { name: (student) => known.get(student)?.name ?? someone, team: (student) => known.get(student)?.team }
  }, [data, someone])
}
