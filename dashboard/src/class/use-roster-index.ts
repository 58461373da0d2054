import { useMemo } from 'react'
import type { RosterEntry } from '@lectern/protocol'
import { useRoster } from '../http/queries.ts'

const NOBODY: ReadonlyMap<string, RosterEntry> = new Map()

/** Everyone on the roster of a class, by pseudonymous id; empty until it is known. */
export function useRosterIndex(classId: string): ReadonlyMap<string, RosterEntry> {
  const { data } = useRoster(classId)
  return useMemo(() => (data ? new Map(data.students.map((entry) => [entry.id, entry])) : NOBODY), [data])
}
