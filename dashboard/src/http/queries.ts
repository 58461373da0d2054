import { useCallback } from 'react'
import { QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ClassEdit, ClassInfo, NewClass, NewCode, Roster, SessionAnswer } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { usePreferences } from '../app/preferences.ts'
import { api } from './api.ts'
import { ApiProblem } from './problem.ts'

/** Who is signed in. */
export const SESSION_KEY = ['session'] as const

/** Names under which answers are kept. */
export const KEYS = {
  session: SESSION_KEY,
  classes: ['classes'],
  one: (id: string) => ['class', id],
  codes: (id: string) => ['codes', id],
  roster: (id: string) => ['roster', id],
  staff: (id: string) => ['staff', id],
  summary: (id: string) => ['summary', id],
  extension: ['extension'],
} as const

/** Lessons begin and end by themselves. */
const CLASSES_POLL_MS = 30_000
const EXTENSION_POLL_MS = 2_000

/** A refusal stays a refusal; only what may pass by itself is tried again. */
function mayPass(error: Error): boolean {
  return !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500 || error.status === 429
}

/** Makes the cache of answers. Whoever is told 401 by any request is signed out on the whole page. */
export function createQueries(): QueryClient {
  const client: QueryClient = new QueryClient({
    defaultOptions: {
      queries: { retry: (count, error) => count < 2 && mayPass(error), staleTime: 10_000, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
  client.getQueryCache().subscribe(({ query, type }) => {
    const { error } = query.state
    if (type !== 'updated' || query.queryKey[0] === 'session') return
    if (error instanceof ApiProblem && error.status === 401) signedOut(client)
  })
  return client
}

/** Forgets who is signed in, and everything that was seen. */
export function signedOut(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
  client.setQueryData(KEYS.session, null)
}

/** Who is signed in; null if nobody is. */
export function useSession() {
  return useQuery({
    queryKey: KEYS.session,
    staleTime: Infinity,
    queryFn: (): Promise<SessionAnswer | null> =>
      api.session().catch((error: unknown) => {
        if (error instanceof ApiProblem && error.status === 401) return null
        throw error
      }),
  })
}

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({ mutationFn: api.signOut, onSettled: () => signedOut(client) })
}

export function useSetPassword() {
  const client = useQueryClient()
  return useMutation({ mutationFn: api.setPassword, onSuccess: (answer) => client.setQueryData(KEYS.session, answer) })
}

export function useClasses() {
  return useQuery({ queryKey: KEYS.classes, queryFn: api.classes, refetchInterval: CLASSES_POLL_MS })
}

/** Makes a class with its first join code, so that there is one to show. */
export function useMakeClass() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (wanted: NewClass): Promise<ClassInfo> => {
      const made = await api.makeClass(wanted)
      client.setQueryData(KEYS.codes(made.id), { codes: [await api.makeCode(made.id)] })
      return made
    },
    onSuccess: (made) => {
      client.setQueryData(KEYS.one(made.id), made)
      return client.invalidateQueries({ queryKey: KEYS.classes })
    },
  })
}

export function useClass(id: string) {
  return useQuery({ queryKey: KEYS.one(id), queryFn: () => api.oneClass(id) })
}

export function useEditClass(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (edit: ClassEdit) => api.editClass(id, edit),
    onSuccess: (edited) => {
      client.setQueryData(KEYS.one(id), edited)
      return client.invalidateQueries({ queryKey: KEYS.classes })
    },
  })
}

export function useCodes(id: string) {
  return useQuery({ queryKey: KEYS.codes(id), queryFn: () => api.codes(id) })
}

/** Making and withdrawing join codes. */
export function useEditCodes(id: string) {
  const client = useQueryClient()
  const onSuccess = () => client.invalidateQueries({ queryKey: KEYS.codes(id) })
  const make = useMutation({ mutationFn: (wanted: NewCode) => api.makeCode(id, wanted), onSuccess })
  const withdraw = useMutation({ mutationFn: (code: string) => api.withdrawCode(id, code), onSuccess })
  return { make, withdraw }
}

/** Everybody by number: what is shown to the class while the page is presented (names, addresses and texts of nobody). */
const withoutNames = (roster: Roster, nameOf: (n: number) => string): Roster => ({
  students: roster.students.map(({ email: _email, ...entry }, index) => ({ ...entry, name: nameOf(index + 1) })),
})

/** Who is who. While the page is presented, nobody has a name anywhere. */
export function useRoster(id: string) {
  const t = useTranslations('menu')
  const { isPresenting } = usePreferences()
  const select = useCallback(
    (roster: Roster) => (isPresenting ? withoutNames(roster, (n) => t('someone', { n })) : roster),
    [isPresenting, t],
  )
  return useQuery({ queryKey: KEYS.roster(id), queryFn: () => api.roster(id), select })
}

/** The extension that the server offers; asked again while it is being built. */
export function useExtension() {
  return useQuery({
    queryKey: KEYS.extension,
    queryFn: api.extension,
    refetchInterval: ({ state }) => (state.data?.state === 'building' ? EXTENSION_POLL_MS : false),
  })
}
