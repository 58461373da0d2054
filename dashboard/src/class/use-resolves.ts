import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { api } from '../http/api.ts'
import { ApiProblem } from '../http/problem.ts'
import { createPendingResolves, type PendingResolves, type Resolve } from './pending-resolves.ts'

/** Resolving help requests of a class; what could still be undone is sent when the page goes away. */
export function useResolves(classId: string): PendingResolves & { all: ReadonlyMap<string, Resolve> } {
  const resolves = useMemo(
    () =>
      createPendingResolves((student) =>
        api.resolveHelp(classId, student).catch((error: unknown) => {
          // Somebody else was faster, or the student withdrew: it is closed, as wanted.
          if (!(error instanceof ApiProblem) || error.code !== 'not_found') throw error
        }),
      ),
    [classId],
  )
  useEffect(() => {
    window.addEventListener('pagehide', resolves.flush)
    return () => {
      window.removeEventListener('pagehide', resolves.flush)
      resolves.flush()
    }
  }, [resolves])
  return { ...resolves, all: useSyncExternalStore(resolves.subscribe, resolves.get) }
}
