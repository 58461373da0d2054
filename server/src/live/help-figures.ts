import type { HelpFigures, HelpRequest } from '@lectern/protocol'
import { medianOf } from '../workers/median.ts'
import type { FoldState, HelpEnd, Step } from './fold-state.ts'

/** Requests that ended, kept for the figures: more than a long lesson of a large class has. */
const MOST_ENDS = 1000

/** Notes that a request ended, by whom it was closed if by anybody. */
export function noteEnd({ state, event }: Step, { since, claimed }: HelpRequest): void {
  const by = event.type === 'help_resolved' ? event.data.by : undefined
  state.helpEnds.push({
    student: event.student,
    since,
    until: Math.max(since, event.time),
    isResolved: event.type === 'help_resolved',
    ...(by === undefined ? {} : { by }),
    ...(claimed ? { claimed } : {}),
  })
  if (state.helpEnds.length > MOST_ENDS) state.helpEnds.shift()
}

function byStaff(ends: readonly HelpEnd[]): HelpFigures['by'] {
  const staff = new Map<string, HelpFigures['by'][number]>()
  const of = (user: string) => {
    let figures = staff.get(user)
    if (!figures) staff.set(user, (figures = { user, claimed: 0, resolved: 0, helpingMs: 0 }))
    return figures
  }
  for (const { by, claimed, until } of ends) {
    if (by !== undefined) of(by).resolved += 1
    if (!claimed) continue
    of(claimed.by).claimed += 1
    of(claimed.by).helpingMs += Math.max(0, until - claimed.since)
  }
  return [...staff.values()].toSorted((a, b) => b.resolved - a.resolved || b.claimed - a.claimed)
}

/** How help was given in the requests that ended from `from` (ms) on (SPEC TLK-10). */
export function helpFigures({ helpEnds }: FoldState, from: number): HelpFigures {
  const ends = helpEnds.filter(({ until }) => until >= from)
  const resolved = ends.filter(({ isResolved }) => isResolved).length
  const median = medianOf(ends.map(({ since, until, claimed }) => (claimed?.since ?? until) - since))
  return {
    from,
    resolved,
    withdrawn: ends.length - resolved,
    ...(median === undefined ? {} : { waitMedianMs: Math.max(0, Math.round(median)) }),
    by: byStaff(ends),
  }
}
