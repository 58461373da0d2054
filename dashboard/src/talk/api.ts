import type { HelperList, HelpFigures, NewMessage, NewMessageAnswer, Seats, StoredEvent } from '@lectern/protocol'
import { call, classPath } from '../http/api.ts'

const claimPath = (id: string, student: string) => `${classPath(id)}/help/${encodeURIComponent(student)}/claim`

/** Requests of what staff say to students, and of who goes where. All throw `ApiProblem`. */
export const talkApi = {
  say: (id: string, body: NewMessage) => call<NewMessageAnswer>('POST', `${classPath(id)}/messages`, { body }),
  withdraw: (id: string, message: string) =>
    call<void>('DELETE', `${classPath(id)}/messages/${encodeURIComponent(message)}`, { keepalive: true }),
  /** `user`: who goes, in the stead of whoever does; absent: oneself, if nobody does. */
  claim: (id: string, student: string, user?: string) =>
    call<void>('POST', claimPath(id, student), { body: user === undefined ? {} : { user } }),
  release: (id: string, student: string) => call<void>('DELETE', claimPath(id, student)),
  helpers: (id: string) => call<HelperList>('GET', `${classPath(id)}/helpers`),
  /** Leaves an entry in the audit. */
  studentEvents: (id: string, student: string, { after, limit }: { after: number; limit: number }) =>
    call<{ events: StoredEvent[]; next: number }>(
      'GET',
      `${classPath(id)}/students/${encodeURIComponent(student)}/events?after=${after}&limit=${limit}`,
    ),
  seats: (id: string) => call<Seats>('GET', `${classPath(id)}/seats`),
  figures: (id: string) => call<HelpFigures>('GET', `${classPath(id)}/help`),
}
