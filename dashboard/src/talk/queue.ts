import type { ClassState, HelpRequest, StudentState } from '@lectern/protocol'

/** By what a queue is ordered. */
export const ORDERS = ['waiting', 'need'] as const
export type QueueOrder = (typeof ORDERS)[number]

/** One open request in its queue. */
export interface Waiting {
  readonly student: string
  readonly request: HelpRequest
  readonly of: StudentState | undefined
}

const MINUTE_MS = 60_000
/** A failed try weighs as much as so many minutes of waiting. */
const TRY_MINUTES = 2

/** How much somebody needs somebody: minutes of waiting, minutes since the first error in a row, and each error of the row. */
export function needOf({ request, of }: Waiting, now: number): number {
  const stuck = of?.streak ? (now - of.streak.since) / MINUTE_MS + TRY_MINUTES * of.streak.count : 0
  return (now - request.since) / MINUTE_MS + stuck
}

/** Open requests in their order: those to whom nobody goes yet, and those to whom somebody does. */
export function queueOf({ help, students }: ClassState, order: QueueOrder, now: number) {
  const byWaiting = (a: Waiting, b: Waiting) => a.request.since - b.request.since || (a.student < b.student ? -1 : 1)
  const all = Object.entries(help)
    .map(([student, request]): Waiting => ({ student, request, of: students[student] }))
    .sort((a, b) => (order === 'need' ? needOf(b, now) - needOf(a, now) : 0) || byWaiting(a, b))
  return {
    waiting: all.filter(({ request }) => !request.claimed),
    going: all.filter(({ request }) => request.claimed !== undefined),
  }
}
