import { useQuery } from '@tanstack/react-query'
import type { ClassCounts } from '@lectern/protocol'
import { call, classPath } from '../http/api.ts'

const POLL_MS = 5_000

/** How many students of a class need what, asked again every few seconds. */
export function useCounts(id: string) {
  return useQuery({
    queryKey: ['counts', id],
    queryFn: () => call<ClassCounts>('GET', `${classPath(id)}/counts`),
    refetchInterval: POLL_MS,
  })
}
