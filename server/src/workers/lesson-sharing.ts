import type { StoredEvent } from '@lectern/protocol'

/** Who shares what, by the answers in the log up to its end. */
export interface LessonSharing {
  add(events: readonly StoredEvent[]): void
  /** The same of one answer; called in the order of the log. */
  answered(student: string, answer: { offset: number; sharing: boolean }): void
  /** False for what a student did who does not share any more, or did before the last answer (SPEC CON-5). */
  takes(event: StoredEvent): boolean
  /** Students who do not share. */
  notSharing(): string[]
}

/** Reads the answers; an answer of today holds for a lesson of last week as well. */
export function createLessonSharing(): LessonSharing {
  const answers = new Map<string, { offset: number; sharing: boolean }>()
  return {
    answered: (student, answer) => void answers.set(student, answer),
    add(events) {
      for (const { type, student, offset, data } of events) {
        if (type === 'sharing_changed') answers.set(student, { offset, sharing: data.sharing })
      }
    },
    takes({ student, offset }) {
      const answer = answers.get(student)
      return answer === undefined || (answer.sharing && offset > answer.offset)
    },
    notSharing: () => [...answers].flatMap(([student, { sharing }]) => (sharing ? [] : [student])),
  }
}
