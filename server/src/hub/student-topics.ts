import type { StudentPrincipal } from '../auth/principal.ts'
import { consentState } from '../directory/consents.ts'
import type { HelpNotice, MessageNotice, Notices } from '../live/live.ts'
import { ownMessage } from '../live/own-message.ts'
import type { HubOptions } from './options.ts'
import type { Session } from './session.ts'

/** Sockets of each student, to be told of their help request and of what staff say (SPEC SUB-6). */
export interface StudentTopics {
  add(classId: string, student: string, session: Session): void
  /** False if the session was not among them. */
  remove(classId: string, student: string, session: Session): boolean
  /** Tells a new socket how the request stands. */
  greet(session: Session, notice: HelpNotice): void
  tell(classId: string, notices: Notices): void
}

/** The `consent` frame of a student (SPEC CON-4). */
export function consentMessage({ class: found, consent }: StudentPrincipal): object {
  return { kind: 'consent', ...consentState(found, consent) }
}

/** The student of a session; undefined when it is closing. */
const studentOf = ({ state }: Session): StudentPrincipal | undefined =>
  state.is === 'student' ? state.principal : undefined

/** Makes the topics of students. */
export function createStudentTopics({ nameOf, onFault }: Pick<HubOptions, 'nameOf' | 'onFault'>): StudentTopics {
  const sessions = new Map<string, Set<Session>>()
  const keyOf = (classId: string, student: string): string => `${student} ${classId}`
  // Names are looked up, and what comes later must still be told later.
  let last: Promise<void> = Promise.resolve()
  const inOrder = (say: () => Promise<void>): void => {
    last = last.then(say).catch(onFault)
  }

  async function sayHelp(to: Iterable<Session>, { open, since, place, coming }: HelpNotice): Promise<void> {
    const name = coming === undefined ? undefined : await nameOf(coming)
    for (const session of to) {
      session.say({
        kind: 'help',
        open,
        ...(since === undefined ? {} : { since }),
        ...(place === undefined ? {} : { place }),
        ...(coming === undefined ? {} : { coming: name ?? studentOf(session)?.class.name }),
      })
    }
  }

  async function sayMessage(classId: string, { news, students }: MessageNotice): Promise<void> {
    const to = students.flatMap((student) => [...(sessions.get(keyOf(classId, student)) ?? [])])
    if ('withdrawn' in news) {
      for (const session of to) session.say({ kind: 'messageWithdrawn', id: news.withdrawn })
      return
    }
    const { sent } = news
    const name = to.length === 0 ? undefined : await nameOf(sent.by)
    for (const session of to) {
      const principal = studentOf(session)
      // SPEC TLK-2
      if (!principal || (principal.byAddress && !sent.everyone)) continue
      session.say({ kind: 'message', message: ownMessage({ ...sent, state: 'sent' }, name ?? principal.class.name) })
    }
  }

  return {
    add(classId, student, session) {
      const key = keyOf(classId, student)
      const all = sessions.get(key) ?? new Set()
      sessions.set(key, all.add(session))
    },
    remove(classId, student, session) {
      const key = keyOf(classId, student)
      const all = sessions.get(key)
      const removed = all?.delete(session) ?? false
      if (all?.size === 0) sessions.delete(key)
      return removed
    },
    greet: (session, notice) => inOrder(() => sayHelp([session], notice)),
    tell(classId, { help, messages }) {
      if (help.length === 0 && messages.length === 0) return
      inOrder(async () => {
        for (const notice of help) await sayHelp(sessions.get(keyOf(classId, notice.student)) ?? [], notice)
        for (const notice of messages) await sayMessage(classId, notice)
      })
    },
  }
}
