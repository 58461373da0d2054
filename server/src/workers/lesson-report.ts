import { SERVER_EVENT_TYPES, type LessonReport, type StoredEvent } from '@lectern/protocol'
import { createClassFold } from '../live/class-fold.ts'
import type { ClassFold } from '../live/live.ts'
import { createErrorCount } from './lesson-errors.ts'
import { createHelpCount } from './lesson-help.ts'
import { createProgressCount } from './lesson-progress.ts'
import type { LessonSharing } from './lesson-sharing.ts'
import type { Span } from './lesson-span.ts'

const MINUTE_MS = 60_000
/** Nothing that a student did in class. */
export const OF_NOBODY: ReadonlySet<StoredEvent['type']> = new Set<StoredEvent['type']>([
  'rules_changed',
  'sharing_changed',
  'erased',
])

interface There {
  from: number
  to: number
  minutes: Set<number>
}

type Minute = LessonReport['activity'][number] & { there: Set<string> }

interface LessonOptions extends Span {
  class: string
  /** Last offset of the log that is looked at. */
  offset: number
  /** Pseudonymous ids of everybody in the class. */
  roster: readonly string[]
  sharing: Pick<LessonSharing, 'takes' | 'notSharing'>
}

/** Makes a report of the events that it is given in the order of the log. */
export interface LessonCount {
  add(events: readonly StoredEvent[]): void
  report(): LessonReport
}

/** Who was there when, and what happened in which minute. */
function createPresenceCount() {
  const there = new Map<string, There>()
  const minutes = new Map<number, Minute>()

  function minuteOf(time: number): Minute {
    const minute = Math.floor(time / MINUTE_MS)
    const known = minutes.get(minute)
    if (known) return known
    const made = { minute, executions: 0, failures: 0, help: 0, students: 0, there: new Set<string>() }
    minutes.set(minute, made)
    return made
  }

  return {
    there,
    add(event: StoredEvent): void {
      if (SERVER_EVENT_TYPES.has(event.type)) return
      const { student, time } = event
      const minute = minuteOf(time)
      minute.there.add(student)
      if (event.type === 'help_requested') minute.help += 1
      if (event.type === 'cell_executed') {
        minute.executions += 1
        if (event.data.status === 'error') minute.failures += 1
      }
      const known = there.get(student)
      if (!known) return void there.set(student, { from: time, to: time, minutes: new Set([minute.minute]) })
      known.from = Math.min(known.from, time)
      known.to = Math.max(known.to, time)
      known.minutes.add(minute.minute)
    },
    activity: (): LessonReport['activity'] =>
      [...minutes.values()]
        .toSorted((a, b) => a.minute - b.minute)
        .map(({ there: students, ...sums }) => ({ ...sums, students: students.size })),
  }
}

/**
 * Counts a lesson. What the fold of the class knows is taken from the fold, so that both say the same of the same events;
 * pure: the same events give the same report.
 */
export function createLessonCount({ class: classId, offset, roster, sharing, ...span }: LessonOptions): LessonCount {
  const { from, to } = span
  const fold: ClassFold = createClassFold()
  const presence = createPresenceCount()
  const progress = createProgressCount()
  const errors = createErrorCount()
  const help = createHelpCount(fold)

  return {
    add(events) {
      for (const event of events) {
        if (event.time < from || event.time > to || OF_NOBODY.has(event.type) || !sharing.takes(event)) continue
        help.before(event)
        fold.apply([{ ...event, offset: fold.offset + 1 }])
        help.after(event)
        presence.add(event)
        progress.add(event)
        errors.add(event)
      }
      fold.flush()
    },
    report() {
      const { state } = fold.snapshot()
      const silent = new Set(sharing.notSharing())
      const attendance = [...presence.there].map(([student, { minutes, ...span }]) => ({
        student,
        ...span,
        minutes: minutes.size,
        executions: state.students[student]?.executions ?? 0,
        failures: state.students[student]?.failures ?? 0,
        done: progress.doneOf(student),
      }))
      return {
        class: classId,
        offset,
        from,
        to,
        attendance: attendance.toSorted((a, b) => a.from - b.from || (a.student < b.student ? -1 : 1)),
        absent: roster.filter((student) => !presence.there.has(student) && !silent.has(student)),
        notSharing: [...silent].toSorted(),
        ...progress.report(state),
        ...errors.report(state),
        help: help.report(),
        activity: presence.activity(),
      }
    },
  }
}
