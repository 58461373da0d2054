import type { StudentPrincipal } from '../auth/principal.ts'
import { consentState } from '../directory/consents.ts'
import type { HelpNotice } from '../live/live.ts'
import type { Session } from './session.ts'

/** Sockets of each student, to be told of their help request (SPEC SUB-6). */
export interface StudentTopics {
  add(classId: string, student: string, session: Session): void
  /** False if the session was not among them. */
  remove(classId: string, student: string, session: Session): boolean
  tell(classId: string, notice: HelpNotice): void
}

/** The `consent` frame of a student (SPEC CON-4). */
export function consentMessage({ class: found, consent }: StudentPrincipal): object {
  return { kind: 'consent', ...consentState(found, consent) }
}

/** The `help` frame of a notice. */
export function helpMessage({ open, since }: HelpNotice): object {
  return since === undefined ? { kind: 'help', open } : { kind: 'help', open, since }
}

/** Makes the topics of students. */
export function createStudentTopics(): StudentTopics {
  const sessions = new Map<string, Set<Session>>()
  const keyOf = (classId: string, student: string): string => `${student} ${classId}`
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
    tell(classId, notice) {
      for (const session of sessions.get(keyOf(classId, notice.student)) ?? []) session.say(helpMessage(notice))
    },
  }
}
