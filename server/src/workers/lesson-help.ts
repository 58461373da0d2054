import type { LessonReport, StoredEvent } from '@lectern/protocol'
import type { ClassFold } from '../live/live.ts'
import { medianOf } from './median.ts'

/** Follows the requests for help in a fold, event by event: what opens and ends one is the fold's to say. */
export function createHelpCount(fold: Pick<ClassFold, 'help'>) {
  const openSince = new Map<string, number>()
  const waits: number[] = []
  const by = new Map<string, number>()
  let wasOpen = false
  let requests = 0
  let resolved = 0
  let withdrawn = 0

  function end(event: StoredEvent): void {
    waits.push(Math.max(0, event.time - (openSince.get(event.student) ?? event.time)))
    openSince.delete(event.student)
    if (event.type !== 'help_resolved') {
      withdrawn += 1
      return
    }
    resolved += 1
    const { by: user } = event.data
    if (user !== undefined) by.set(user, (by.get(user) ?? 0) + 1)
  }

  return {
    before(event: StoredEvent): void {
      wasOpen = fold.help(event.student).open
    },
    after(event: StoredEvent): void {
      const isOpen = fold.help(event.student).open
      if (isOpen === wasOpen) return
      if (!isOpen) return end(event)
      requests += 1
      openSince.set(event.student, event.time)
    },
    report(): LessonReport['help'] {
      const median = medianOf(waits)
      const wait = median === undefined ? {} : { waitMedianMs: Math.round(median), waitMostMs: Math.max(...waits) }
      const staff = [...by].map(([user, count]) => ({ user, resolved: count }))
      return {
        requests,
        resolved,
        withdrawn,
        open: openSince.size,
        ...wait,
        by: staff.toSorted((a, b) => b.resolved - a.resolved),
      }
    },
  }
}
