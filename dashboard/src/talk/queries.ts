import { useMutation } from '@tanstack/react-query'
import type { NewMessage } from '@lectern/protocol'
import { talkApi } from './api.ts'

/** Writes to students. */
export function useSending(classId: string) {
  return useMutation({ mutationFn: (message: NewMessage) => talkApi.say(classId, message) })
}

/** Takes back what was written, or ends a banner. */
export function useWithdrawing(classId: string) {
  return useMutation({ mutationFn: (message: string) => talkApi.withdraw(classId, message) })
}
