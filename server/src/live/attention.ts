import type { AttentionPhase, AttentionReason, HelpRequest, StudentState } from '@lectern/protocol'
import { SCORES, type Rules } from './rules.ts'

type Kind = AttentionPhase['kind']

function phase(from: number, kind: Kind, reason: AttentionReason): AttentionPhase {
  return { from, kind, score: SCORES[kind], reason }
}

/** What the streak of errors says, from the last error on: failing, then stuck by whichever rule comes first. */
function streakPhases(student: StudentState, rules: Rules): AttentionPhase[] {
  const { streak, lastAt } = student
  if (!streak) return []
  const about = { error: streak.name, count: streak.count, cell: streak.index, since: streak.since }
  if (streak.count >= rules.stuckErrors) return [phase(lastAt, 'stuck', { code: 'same_error', ...about })]
  const trying = streak.since + rules.stuckTryingMs
  const silent = lastAt + rules.stuckSilentMs
  const stuck =
    trying <= silent
      ? phase(Math.max(trying, lastAt), 'stuck', { code: 'no_success', ...about })
      : phase(silent, 'stuck', { code: 'stopped_after_error', ...about })
  const failing = phase(lastAt, 'failing', { code: 'last_failed', ...about })
  return stuck.from <= lastAt ? [stuck] : [failing, stuck]
}

function presencePhases({ lastAt }: StudentState, rules: Rules): AttentionPhase[] {
  return [
    phase(lastAt, 'active', { code: 'working' }),
    phase(lastAt + rules.activeForMs, 'idle', { code: 'quiet', since: lastAt }),
  ]
}

/**
 * What a student needs, now and later if nothing more is heard: phases in order of time (SPEC STA-2).
 * A function of the state alone. An open request outlasts everything, also the student's leaving.
 */
export function attentionPhases(student: StudentState, help: HelpRequest | undefined, rules: Rules): AttentionPhase[] {
  if (help) {
    const { streak } = student
    const error = streak ? { error: streak.name, count: streak.count, cell: streak.index } : {}
    return [phase(help.since, 'help', { code: 'asked', since: help.since, ...error })]
  }
  const { lastAt } = student
  if (student.sharing === false) return [phase(lastAt, 'away', { code: 'not_sharing' })]
  if (!student.online) return [phase(lastAt, 'away', { code: 'left', since: lastAt })]
  const failing = streakPhases(student, rules)
  const phases = failing.length > 0 ? failing : presencePhases(student, rules)
  return [...phases, phase(lastAt + rules.awayAfterMs, 'away', { code: 'left', since: lastAt })]
}
