import type { LessonReport, StoredEvent } from '@lectern/protocol'
import type { ClassFold, HelpNotice } from '../live/live.ts'
import { medianOf } from './median.ts'

interface Helper {
  resolved: number
  claimed: number
  waits: number[]
  helpingMs: number
}

const rounded = (times: readonly number[]): { waitMedianMs?: number } => {
  const median = medianOf(times)
  return median === undefined ? {} : { waitMedianMs: Math.round(median) }
}

/** What each member of staff did. */
function createHelpers() {
  const helpers = new Map<string, Helper>()
  const goingSince = new Map<string, { by: string; since: number }>()

  const helperOf = (user: string): Helper => {
    let helper = helpers.get(user)
    if (!helper) helpers.set(user, (helper = { resolved: 0, claimed: 0, waits: [], helpingMs: 0 }))
    return helper
  }

  return {
    resolved: (user: string) => void (helperOf(user).resolved += 1),
    /** Somebody else goes to the student, or nobody. */
    moved({ student, time }: StoredEvent, { coming, since = time }: HelpNotice): void {
      const before = goingSince.get(student)
      if (before) helperOf(before.by).helpingMs += Math.max(0, time - before.since)
      goingSince.delete(student)
      if (coming === undefined) return
      goingSince.set(student, { by: coming, since: time })
      const helper = helperOf(coming)
      helper.claimed += 1
      helper.waits.push(Math.max(0, time - since))
    },
    report: (): LessonReport['help']['by'] =>
      [...helpers]
        .map(([user, { waits, ...sums }]) => ({ user, ...sums, ...rounded(waits) }))
        .toSorted((a, b) => b.resolved - a.resolved || b.claimed - a.claimed),
  }
}

/** Follows the requests for help in a fold, event by event: what opens and ends one is the fold's to say. */
export function createHelpCount(fold: Pick<ClassFold, 'help'>) {
  const openSince = new Map<string, number>()
  const waits: number[] = []
  const helpers = createHelpers()
  let was: HelpNotice = { student: '', open: false }
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
    if (event.data.by !== undefined) helpers.resolved(event.data.by)
  }

  return {
    before(event: StoredEvent): void {
      was = fold.help(event.student)
    },
    after(event: StoredEvent): void {
      const is = fold.help(event.student)
      if (is.coming !== was.coming) helpers.moved(event, is)
      if (is.open === was.open) return
      if (!is.open) return end(event)
      requests += 1
      openSince.set(event.student, event.time)
    },
    report(): LessonReport['help'] {
      const most = waits.length === 0 ? {} : { waitMostMs: Math.max(...waits) }
      const wait = { ...rounded(waits), ...most }
      return { requests, resolved, withdrawn, open: openSince.size, ...wait, by: helpers.report() }
    },
  }
}
