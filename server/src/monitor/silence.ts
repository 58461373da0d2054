const MINUTE_MS = 60_000
/** A class counts as steady when it sent in so many different minutes of the last so many. */
const STEADY_MINUTES = 5
const STEADY_WITHIN = 15
/** Nobody is told of a class that fell silent so long ago. */
const FORGET_MS = 3 * 3_600_000

interface Pulse {
  /** Minutes since the epoch in which something came, the oldest first. */
  minutes: number[]
  lastAt: number
  /** It was known as silent before a restart; until then its students may come back. */
  awaitedUntil?: number
}

/** What is known of classes elsewhere. */
interface Around {
  /** Open sockets of students of a class. */
  students: (classId: string) => number
  /** When the last lesson of a class ended, ms; undefined while one goes on, and where there are no lessons. */
  lessonEnded: (classId: string) => number | undefined
}

/** Finds classes that sent steadily and then fell silent although their students are connected. */
export interface Silence {
  /** Something came from the class. */
  heard(classId: string, at: number): void
  /** A class was silent since then when the server stopped; its students have until `until` to connect again. */
  restore(classId: string, since: number, until: number): void
  /** Classes that are silent now, with the time of the last event, ms. */
  silent(at: number, around: Around): { class: string; since: number }[]
}

/** Makes the watch over classes. `afterMinutes`: so long without an event; 0 finds none. */
export function createSilence({ afterMinutes }: { afterMinutes: number }): Silence {
  const pulses = new Map<string, Pulse>()

  const isSteady = ({ minutes, awaitedUntil }: Pulse) => awaitedUntil !== undefined || minutes.length >= STEADY_MINUTES

  return {
    heard(classId, at) {
      const minute = Math.floor(at / MINUTE_MS)
      const pulse = pulses.get(classId)
      if (!pulse) return void pulses.set(classId, { minutes: [minute], lastAt: at })
      pulse.lastAt = at
      delete pulse.awaitedUntil
      if (pulse.minutes.at(-1) === minute) return
      pulse.minutes = pulse.minutes.filter((past) => past > minute - STEADY_WITHIN)
      pulse.minutes.push(minute)
    },
    restore: (classId, since, until) => void pulses.set(classId, { minutes: [], lastAt: since, awaitedUntil: until }),
    silent(at, { students, lessonEnded }) {
      if (afterMinutes === 0) return []
      const found: { class: string; since: number }[] = []
      for (const [classId, pulse] of pulses) {
        const quietMs = at - pulse.lastAt
        // Whoever stays connected after the lesson has nothing more to send.
        const ended = lessonEnded(classId)
        const isOver = ended !== undefined && ended >= pulse.lastAt
        const isThere = students(classId) > 0 || (pulse.awaitedUntil ?? 0) > at
        if (quietMs > FORGET_MS) pulses.delete(classId)
        else if (quietMs >= afterMinutes * MINUTE_MS && isSteady(pulse) && isThere && !isOver) {
          found.push({ class: classId, since: pulse.lastAt })
        }
      }
      return found
    },
  }
}
