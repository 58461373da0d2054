import type { Log, ServerEvent } from '../log/log.ts'

/** A student whose last socket is gone for so long is offline: with the 33 s after which a silent socket is closed, within 45 s. */
const ABSENT_AFTER_MS = 10_000

interface AbsencesOptions {
  log: Pick<Log, 'append'>
  /** Monotonic clock, ms. */
  now: () => number
  onFault: (error: unknown) => void
}

/** Which students' sockets went away, told to the log when they stay away (SPEC STA-8). */
export interface Absences {
  came(classId: string, student: string): void
  went(classId: string, student: string): void
  tend(): void
}

interface Presence {
  class: string
  student: string
  sockets: number
  /** Since when there is no socket. */
  since: number
  /** The log was told that the student is gone. */
  told: boolean
}

/** Makes the watch over students' sockets. Whoever never had a socket is no concern of it. */
export function createAbsences({ log, now, onFault }: AbsencesOptions): Absences {
  const known = new Map<string, Presence>()
  const absent = new Set<Presence>()

  function tell(type: ServerEvent['type'], presences: readonly Presence[]): void {
    if (presences.length === 0) return
    const events = presences.map(({ class: classId, student }) => ({ class: classId, student, type, data: {} }))
    log.append(events).catch(onFault)
  }

  return {
    came(classId, student) {
      const key = JSON.stringify([classId, student])
      const presence = known.get(key) ?? { class: classId, student, sockets: 0, since: 0, told: false }
      known.set(key, presence)
      presence.sockets += 1
      absent.delete(presence)
      if (presence.told) tell('connection_back', [presence])
      presence.told = false
    },
    went(classId, student) {
      const presence = known.get(JSON.stringify([classId, student]))
      if (!presence) return
      presence.sockets -= 1
      if (presence.sockets > 0) return
      presence.since = now()
      absent.add(presence)
    },
    tend() {
      const gone = [...absent].filter(({ since }) => now() - since >= ABSENT_AFTER_MS)
      for (const presence of gone) {
        absent.delete(presence)
        presence.told = true
      }
      tell('connection_lost', gone)
    },
  }
}
