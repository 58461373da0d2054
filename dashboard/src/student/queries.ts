import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Handout, HandoutAnswer, StoredEvent, StudentNote, StudentNotes } from '@lectern/protocol'
import { call, classPath } from '../http/api.ts'
import { ApiProblem } from '../http/problem.ts'

/** Events asked for at once: each time leaves an entry in the audit. */
const PAGE = 2_000

interface Page {
  readonly events: readonly StoredEvent[]
  readonly next: number
}

const studentPath = (id: string, student: string) => `${classPath(id)}/students/${encodeURIComponent(student)}`

/**
 * Events of a student, page by page. Nothing is asked for again by itself: each look leaves an entry that the student can read
 * (SPEC AUD-1).
 */
export function useStudentEvents(id: string, student: string, isAsked: boolean) {
  return useInfiniteQuery({
    queryKey: ['student-events', id, student],
    enabled: isAsked,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
    initialPageParam: 0,
    queryFn: ({ pageParam }) =>
      call<Page>('GET', `${studentPath(id, student)}/events?after=${pageParam}&limit=${PAGE}`),
    getNextPageParam: (last: Page) => last.next,
  })
}

/** True while there are more of the events that were there when they were asked for. */
export const isFull = (page: Page | undefined): boolean => page?.events.length === PAGE

/** What the staff noted about a student. */
export function useNotes(id: string, student: string) {
  const client = useQueryClient()
  const queryKey = ['notes', id, student]
  const path = `${studentPath(id, student)}/notes`
  const onSuccess = () => client.invalidateQueries({ queryKey })
  return {
    notes: useQuery({ queryKey, queryFn: () => call<StudentNotes>('GET', path) }),
    add: useMutation({
      mutationFn: (text: string) => call<StudentNote>('POST', path, { body: { text } }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (note: string) => call<void>('DELETE', `${path}/${encodeURIComponent(note)}`, { keepalive: true }),
      onSuccess,
    }),
  }
}

/** A notebook as it was handed out; null where nobody has given it. */
export function useHandout(id: string, notebook: string | undefined) {
  const client = useQueryClient()
  const queryKey = ['handout', id, notebook]
  const path = `${classPath(id)}/handout`
  const query = new URLSearchParams({ notebook: notebook ?? '' }).toString()
  const onSuccess = () => client.invalidateQueries({ queryKey })
  return {
    handout: useQuery({
      queryKey,
      enabled: notebook !== undefined,
      queryFn: (): Promise<HandoutAnswer | null> =>
        call<HandoutAnswer>('GET', `${path}?${query}`).catch((error: unknown) => {
          if (error instanceof ApiProblem && error.status === 404) return null
          throw error
        }),
    }),
    put: useMutation({ mutationFn: (body: Handout) => call<void>('PUT', path, { body }), onSuccess }),
    remove: useMutation({
      mutationFn: () => call<void>('DELETE', `${path}?${query}`),
      onSuccess,
    }),
  }
}
