import { currentAttention, type StoredEvent } from '@lectern/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClassFold } from '../live/class-fold.ts'
import { RULE_SETS, type Rules } from '../live/rules.ts'
import { createRulesTrial } from './rules-trial.ts'

const MINUTE = 60_000
const START = 29_000_000 * MINUTE
const SHARING = { takes: () => true }

interface Did {
  student: string
  minute: number
  what: 'ok' | 'error' | 'presence' | 'help_requested' | 'help_withdrawn' | 'session_ended'
}

function logOf(dids: readonly Did[]): StoredEvent[] {
  const seqs = new Map<string, number>()
  return dids.map(({ student, minute, what }, index) => {
    const seq = (seqs.get(student) ?? 0) + 1
    seqs.set(student, seq)
    const time = Math.round(START + minute * MINUTE)
    const ran = what === 'ok' || what === 'error'
    const data = what === 'error' ? { status: what, errorName: 'E', errorMessage: 'm' } : ran ? { status: what } : {}
    const place = ran ? { notebook: { id: 'nb', path: 'nb' }, cell: { id: 'c', index: 0, type: 'code' } } : {}
    const type = ran ? 'cell_executed' : what
    const common = { id: `i${index}`, install: student, seq, at: '', offset: index + 1, student, received: time, time }
    return { ...common, type, data, ...place } as StoredEvent
  })
}

function outcomeOf(dids: readonly Did[], rules: readonly Rules[], until = 60) {
  const trial = createRulesTrial({ rules, sharing: SHARING, from: START, to: START + until * MINUTE })
  trial.add(logOf(dids))
  return trial.outcome()
}

const failing = (student: string, ...minutes: number[]): Did[] =>
  minutes.map((minute) => ({ student, minute, what: 'error' }))

describe('a trial of rules', () => {
  it('STA-11 counts whom they would have shown, how often and how long', () => {
    const dids = [...failing('ann', 0, 1, 2), { student: 'ann', minute: 7, what: 'ok' } as Did]
    const strict = { ...RULE_SETS.standard, stuckErrors: 3 }
    const mild = { ...RULE_SETS.standard, stuckErrors: 9, stuckTryingMs: 6 * MINUTE, stuckSilentMs: 60 * MINUTE }
    const { outcomes, students } = outcomeOf(dids, [strict, mild], 8)
    expect(students).toBe(1)
    // By three errors from the third minute on, by patience from the sixth.
    expect(outcomes.map(({ stuck }) => stuck)).toEqual([
      { students: 1, times: 1, ms: 5 * MINUTE },
      { students: 1, times: 1, ms: MINUTE },
    ])
    expect(outcomes.map(({ failing: one }) => one.ms)).toEqual([2 * MINUTE, 6 * MINUTE])
  })

  it('STA-11 counts on to the end of the lesson, and nothing after a student has gone', () => {
    const { outcomes } = outcomeOf(failing('ann', 0, 1, 2), [RULE_SETS.standard], 20)
    expect(outcomes[0]?.stuck.ms).toBe(18 * MINUTE)
    const gone = outcomeOf(
      [...failing('ann', 0, 1, 2), { student: 'ann', minute: 4, what: 'session_ended' }],
      [RULE_SETS.standard],
    )
    expect(gone.outcomes[0]?.stuck.ms).toBe(2 * MINUTE)
    expect(outcomeOf([], [RULE_SETS.standard])).toMatchObject({ students: 0, outcomes: [{ stuck: { students: 0 } }] })
  })

  it('STA-11 says what the class page would have shown, minute by minute', () => {
    const what = fc.constantFrom(
      'ok',
      'error',
      'error',
      'presence',
      'help_requested',
      'help_withdrawn',
      'session_ended',
    )
    const did = fc.record({ student: fc.constantFrom('a', 'b'), minute: fc.integer({ min: 0, max: 50 }), what })
    fc.assert(
      fc.property(fc.array(did, { maxLength: 25 }), (made) => {
        const dids = (made as Did[]).toSorted((a, b) => a.minute - b.minute)
        const log = logOf(dids)
        const { outcomes } = outcomeOf(dids, [RULE_SETS.standard], 55)
        const sums = { stuck: 0, failing: 0, idle: 0 }
        for (let minute = 0; minute < 55; minute += 1) {
          const fold = createClassFold()
          fold.apply(log.filter(({ time }) => time <= START + minute * MINUTE))
          fold.flush()
          for (const student of Object.values(fold.snapshot().state.students)) {
            const kind = currentAttention(student.attention, START + (minute + 0.5) * MINUTE)?.kind
            if (kind === 'stuck' || kind === 'failing' || kind === 'idle') sums[kind] += MINUTE
          }
        }
        for (const kind of ['stuck', 'failing', 'idle'] as const) expect(outcomes[0]?.[kind].ms, kind).toBe(sums[kind])
      }),
      { seed: 3, numRuns: 150 },
    )
  })
})
