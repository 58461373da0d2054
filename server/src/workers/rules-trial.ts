import {
  SERVER_EVENT_TYPES,
  type AttentionKind,
  type AttentionPhase,
  type RulesOutcome,
  type StoredEvent,
} from '@lectern/protocol'
import { attentionPhases } from '../live/attention.ts'
import { createClassFold } from '../live/class-fold.ts'
import type { Rules } from '../live/rules.ts'
import { OF_NOBODY } from './lesson-report.ts'
import type { LessonSharing } from './lesson-sharing.ts'
import type { Span } from './lesson-span.ts'

const KINDS = ['stuck', 'failing', 'idle'] as const satisfies readonly AttentionKind[]
type Kind = (typeof KINDS)[number]

interface Sum {
  students: Set<string>
  times: number
  ms: number
}

/** What one student was shown as under one set of rules, up to `until`. */
interface Shown {
  phases: readonly AttentionPhase[]
  until: number
  kind: AttentionKind | undefined
}

interface Trial {
  rules: Rules
  sums: Record<Kind, Sum>
  students: Map<string, Shown>
}

interface RulesTrialOptions extends Span {
  rules: readonly Rules[]
  sharing: Pick<LessonSharing, 'takes'>
}

const isCounted = (kind: AttentionKind): kind is Kind => KINDS.some((one) => one === kind)
const noSums = (): Record<Kind, Sum> => {
  const none = (): Sum => ({ students: new Set(), times: 0, ms: 0 })
  return { stuck: none(), failing: none(), idle: none() }
}

/** The phases as stretches of time: each holds until any later one begins (see `currentAttention`). */
function* stretches(phases: readonly AttentionPhase[], { from, to }: Span): Generator<Span & { kind: AttentionKind }> {
  for (const [index, phase] of phases.entries()) {
    const begins = index === 0 ? from : Math.max(from, phase.from)
    const ends = Math.min(to, ...phases.slice(index + 1).map((later) => later.from))
    if (begins < ends) yield { from: begins, to: ends, kind: phase.kind }
  }
}

/** Counts what a student was shown as from where it was counted to until `to`. */
function countUntil({ sums }: Trial, { student, shown, to }: { student: string; shown: Shown; to: number }): void {
  for (const { from, to: end, kind } of stretches(shown.phases, { from: shown.until, to })) {
    if (isCounted(kind)) {
      const sum = sums[kind]
      sum.students.add(student)
      sum.ms += end - from
      if (shown.kind !== kind) sum.times += 1
    }
    shown.kind = kind
  }
  shown.until = Math.max(shown.until, to)
}

/**
 * Tries sets of rules on a lesson: whom each would have shown as stuck, failing or idle, how often and for how long. What students
 * did is folded once, by the fold that the class page shows; what they need is then asked of each set of rules. Pure.
 */
export function createRulesTrial({ rules, sharing, from, to }: RulesTrialOptions) {
  const fold = createClassFold()
  const trials: Trial[] = rules.map((one) => ({ rules: one, sums: noSums(), students: new Map() }))
  const there = new Set<string>()

  function add(event: StoredEvent): void {
    fold.apply([{ ...event, offset: fold.offset + 1 }])
    const { student: id, time, type } = event
    if (!SERVER_EVENT_TYPES.has(type)) there.add(id)
    const seen = fold.peek(id)
    if (!seen) return
    for (const trial of trials) {
      const shown = trial.students.get(id) ?? { phases: [], until: time, kind: undefined }
      trial.students.set(id, shown)
      countUntil(trial, { student: id, shown, to: time })
      shown.phases = attentionPhases(seen.student, seen.help, trial.rules)
    }
  }

  return {
    add(events: readonly StoredEvent[]): void {
      for (const event of events) {
        if (event.time < from || event.time > to || OF_NOBODY.has(event.type) || !sharing.takes(event)) continue
        add(event)
      }
    },
    /** To be asked once, after the last event. */
    outcome(): RulesOutcome {
      const outcomes = trials.map((trial) => {
        for (const [student, shown] of trial.students) countUntil(trial, { student, shown, to })
        const told = ({ students, times, ms }: Sum) => ({ students: students.size, times, ms: Math.round(ms) })
        return { stuck: told(trial.sums.stuck), failing: told(trial.sums.failing), idle: told(trial.sums.idle) }
      })
      return { from, to, students: there.size, outcomes }
    },
  }
}
