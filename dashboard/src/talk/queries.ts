import { useMemo } from 'react'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { seatNames, type ClassState, type NewMessage } from '@lectern/protocol'
import { useRoster } from '../http/queries.ts'
import { talkApi } from './api.ts'

const STALE_MS = 60_000

/** Writes to students. */
export function useSending(classId: string) {
  return useMutation({ mutationFn: (message: NewMessage) => talkApi.say(classId, message) })
}

/** Takes back what was written, or ends a banner. */
export function useWithdrawing(classId: string) {
  return useMutation({ mutationFn: (message: string) => talkApi.withdraw(classId, message) })
}

/** Who goes to a student. `user`: a colleague, or oneself in the stead of one; `release`: nobody any more. */
export interface Going {
  readonly student: string
  readonly user?: string
  readonly release?: true
}

/** Says who goes to a student. */
export function useGoing(classId: string) {
  return useMutation({
    mutationFn: ({ student, user, release }: Going) =>
      release ? talkApi.release(classId, student) : talkApi.claim(classId, student, user),
  })
}

/** Everybody of the staff who may answer, and what somebody is called. */
export function useHelpers(classId: string) {
  const { data } = useQuery({
    queryKey: ['helpers', classId],
    queryFn: () => talkApi.helpers(classId),
    staleTime: STALE_MS,
  })
  return useMemo(() => {
    const helpers = data?.helpers ?? []
    const names = new Map(helpers.map(({ id, name }) => [id, name]))
    return { helpers, nameOf: (id: string): string | undefined => names.get(id) }
  }, [data])
}

/** How help was given lately; asked for again whenever a request is opened, claimed or closed. */
export function useHelpFigures(classId: string, help: ClassState['help']) {
  const version = useMemo(
    () => Object.values(help).map(({ event, claimed }) => `${event} ${claimed?.by ?? ''}`),
    [help],
  )
  const { data } = useQuery({
    queryKey: ['help-figures', classId, version],
    queryFn: () => talkApi.figures(classId),
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  return data
}

/** Where students sit, as one finds them: their seat and their team, as far as these are known. */
export function useWhereabouts(classId: string): (student: string) => readonly string[] {
  const { data: roster } = useRoster(classId)
  const { data: seats } = useQuery({
    queryKey: ['seat-names', classId],
    queryFn: () => talkApi.seats(classId),
    staleTime: STALE_MS,
  })
  return useMemo(() => {
    const names = seatNames(seats?.places ?? [])
    const teams = new Map(roster?.students.map(({ id, team }) => [id, team]))
    return (student) => [names.get(student), teams.get(student)].flatMap((one) => one || [])
  }, [roster, seats])
}
