import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SecondFactorNeeded, SessionAnswer } from '@lectern/protocol'
import { SESSION_KEY } from '../http/queries.ts'
import { staffApi } from './api.ts'

const KEYS = { ways: ['ways'], sessions: ['own', 'sessions'], factors: ['own', 'factors'], people: ['people'] } as const

/** True when a second factor is missing still. */
export const isNeeded = (answer: SessionAnswer | SecondFactorNeeded): answer is SecondFactorNeeded =>
  'pending' in answer

/** How one can sign in here. */
export const useWays = () => useQuery({ queryKey: KEYS.ways, queryFn: staffApi.ways, staleTime: Infinity })

/** Signing in by whatever way; who is signed in then is known on the whole page. */
export function useSignIn<Input, Answer extends SessionAnswer | SecondFactorNeeded>(
  signIn: (input: Input) => Promise<Answer>,
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: signIn,
    onMutate: () => client.cancelQueries({ queryKey: SESSION_KEY }),
    onSuccess: async (answer) => {
      if (isNeeded(answer)) return
      // The question who is signed in may have been asked before, and its answer must not undo this one.
      await client.cancelQueries({ queryKey: SESSION_KEY })
      client.setQueryData(SESSION_KEY, answer)
    },
    onError: () => client.invalidateQueries({ queryKey: SESSION_KEY }),
  })
}

export const useSessions = () => useQuery({ queryKey: KEYS.sessions, queryFn: staffApi.sessions })
export const useFactors = () => useQuery({ queryKey: KEYS.factors, queryFn: staffApi.factors })
export const usePeople = () => useQuery({ queryKey: KEYS.people, queryFn: staffApi.people })

/** A change of something that is listed here; it is asked for again. */
export function useChange<Input, Answer>(what: keyof typeof KEYS, change: (input: Input) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: KEYS[what] })
      // What can be done may depend on it (SPEC AUT-18).
      if (what === 'factors') await client.invalidateQueries({ queryKey: SESSION_KEY })
    },
  })
}

/** A change of one's own name or address. */
export function useEditAccount() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: staffApi.edit,
    onSuccess: (answer) => client.setQueryData(SESSION_KEY, answer),
  })
}
