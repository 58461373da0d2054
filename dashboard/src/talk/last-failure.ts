import type { StoredEvent } from '@lectern/protocol'
import { talkApi } from './api.ts'

const PAGE = 2_000

/** What a run that failed was: its source and message, as far as the class collects them. */
export interface Failure {
  readonly source?: string
  readonly message?: string
}

function failureOf({ data }: Extract<StoredEvent, { type: 'cell_executed' }>): Failure {
  const { source, traceback, errorMessage, errorName } = data
  const short = [errorName, errorMessage].filter(Boolean).join(': ')
  const message = traceback ?? (short === '' ? undefined : short)
  return { ...(source === undefined ? {} : { source }), ...(message === undefined ? {} : { message }) }
}

/** The last failed run of a cell by a student. Looking leaves an entry in the audit, which the student reads. */
export async function lastFailure(classId: string, of: { student: string; cell: string }): Promise<Failure> {
  let found: Failure = {}
  for (let after = 0; ;) {
    const { events, next } = await talkApi.studentEvents(classId, of.student, { after, limit: PAGE })
    for (const event of events) {
      if (event.type === 'cell_executed' && event.cell?.id === of.cell && event.data.status === 'error') {
        found = failureOf(event)
      }
    }
    if (events.length < PAGE) return found
    after = next
  }
}
