import { useEffect, useMemo, useRef } from 'react'
import type { ClassState } from '@lectern/protocol'
import { useRoster } from '../http/queries.ts'
import type { Names } from './overview.ts'

const ASK_AGAIN_MS = 3_000
const NOBODY: Names = new Map()

/**
 * Names of the students, asked for again when somebody appears who is not among them; not more often than every three
 * seconds, and once for each, since an erased student stays without a name.
 */
export function useNames(classId: string, students: ClassState['students'] | undefined): Names {
  const { data, refetch, isFetching, dataUpdatedAt } = useRoster(classId)
  const asked = useRef(new Set<string>())
  const names = useMemo(() => (data ? new Map(data.students.map(({ id, name }) => [id, name])) : NOBODY), [data])
  const unknown = useMemo(
    () => (students && data ? Object.keys(students).filter((id) => !names.has(id) && !asked.current.has(id)) : []),
    [students, data, names],
  )
  const waiting = unknown.length > 0 && !isFetching
  const newest = useRef(unknown)
  newest.current = unknown
  useEffect(() => {
    if (!waiting) return
    const timer = setTimeout(
      () => {
        for (const id of newest.current) asked.current.add(id)
        void refetch()
      },
      Math.max(0, dataUpdatedAt + ASK_AGAIN_MS - Date.now()),
    )
    return () => clearTimeout(timer)
  }, [waiting, refetch, dataUpdatedAt])
  return names
}
