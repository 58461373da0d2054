import {
  applyChanges,
  currentAttention,
  emptyState,
  stateHash,
  type ClassState,
  type StoredEvent,
} from '@lectern/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellOf, foldOf, logOf, NOTEBOOK, ran, sent, START, stateOf, type Loose } from '../../test/fold-bed.ts'
import { createClassFold, restoreFold } from './class-fold.ts'
import { RULE_SETS } from './rules.ts'
import { errorGroupKey, normaliseMessage } from './signature.ts'

const RULES = RULE_SETS.standard
const needOf = (state: ClassState, after: number, student = 's1') =>
  currentAttention(state.students[student]!.attention, state.students[student]!.lastAt + after)

describe('attention', () => {
  it('STA-2 is active, then idle, then away, as time goes by without an event', () => {
    const state = stateOf({ type: 'session_started' }, ran('ok'))
    expect(needOf(state, 0)?.kind).toBe('active')
    expect(needOf(state, RULES.activeForMs)).toMatchObject({ kind: 'idle', reason: { code: 'quiet' } })
    expect(needOf(state, RULES.awayAfterMs)?.kind).toBe('away')
    expect(needOf(stateOf({ type: 'session_started' }, { type: 'session_ended' }), 0)?.kind).toBe('away')
  })

  it('STA-2 is idle when presence is reported without anything being done', () => {
    const quiet: Loose = { type: 'presence', time: START + 200_000, data: { focus: false, idleMs: 180_000 } }
    const state = stateOf({ type: 'session_started' }, quiet)
    expect(state.students['s1']!.lastAt).toBe(START + 20_000)
    expect(currentAttention(state.students['s1']!.attention, START + 200_000)?.kind).toBe('idle')
    const busy = stateOf({ type: 'session_started' }, { ...quiet, data: { focus: true, idleMs: 0 } })
    expect(currentAttention(busy.students['s1']!.attention, START + 200_000)?.kind).toBe('active')
  })

  it('STA-2 is failing after an error, stuck after three in a row, and well again after a success', () => {
    const state = stateOf(ran('error'))
    expect(needOf(state, 0)).toMatchObject({ kind: 'failing', reason: { error: 'NameError', count: 1, cell: 1 } })
    expect(needOf(state, RULES.stuckSilentMs)).toMatchObject({ kind: 'stuck', reason: { code: 'stopped_after_error' } })
    const three = stateOf(ran('error'), ran('error'), ran('error'))
    expect(needOf(three, 0)).toMatchObject({ kind: 'stuck', reason: { code: 'same_error', count: 3 } })
    expect(needOf(stateOf(ran('error'), ran('error'), ran('error'), ran('ok')), 0)?.kind).toBe('active')
  })

  it('STA-2 is stuck when a cell has been tried for long without success', () => {
    const state = stateOf(ran('error'), ran('error', { time: START + RULES.stuckTryingMs }))
    expect(needOf(state, 0)).toMatchObject({ kind: 'stuck', reason: { code: 'no_success', since: START } })
  })
})

describe('help', () => {
  it('STA-6 is open from asking until it is withdrawn or resolved; asking again does not move it', () => {
    const asked = { type: 'help_requested', notebook: NOTEBOOK, cell: cellOf(1), data: { message: 'why?' } } as Loose
    const state = stateOf(ran('error'), asked, { type: 'help_requested', data: {} })
    expect(state.help['s1']).toMatchObject({ since: START + 1000, message: 'why?', cell: { id: 'c1' } })
    expect(state.help['s1']!.group).toBe(Object.keys(state.errors)[0])
    expect(needOf(state, 9e9)).toMatchObject({ kind: 'help', reason: { code: 'asked', error: 'NameError' } })
    expect(stateOf(asked, { type: 'help_withdrawn' }).help).toEqual({})
    expect(stateOf(asked, { type: 'help_resolved', data: { by: 'u1' } }).help).toEqual({})
  })

  it('STA-6 tells the student of it, and does not take a resolution for a sign of the student', () => {
    const log = logOf({ type: 'help_requested' }, { type: 'help_resolved', time: START + 600_000 })
    const fold = createClassFold()
    fold.apply(log.slice(0, 1))
    expect(fold.flush()?.help).toEqual([{ student: 's1', open: true, since: START, place: 1 }])
    fold.apply(log.slice(1))
    expect(fold.flush()?.help).toEqual([{ student: 's1', open: false }])
    expect(fold.snapshot().state.students['s1']!.lastAt).toBe(START)
    expect(fold.help('nobody')).toEqual({ student: 'nobody', open: false })
  })

  it('STA-5 STA-6 does not open again by a request that was made before the withdrawal and came after it', () => {
    const state = stateOf({ type: 'help_withdrawn', seq: 5 }, { type: 'help_requested', seq: 4 })
    expect(state.help).toEqual({})
  })
})

describe('errors', () => {
  it('STA-7 groups students who share a mistake in a cell, until they succeed there', () => {
    const other = { student: 's2', message: "name 'yy' is not defined" }
    const state = stateOf(ran('error'), ran('error', other), ran('error', { student: 's3', index: 2 }))
    const groups = Object.values(state.errors)
    expect(groups.map(({ students }) => Object.keys(students).toSorted())).toEqual([['s1', 's2'], ['s3']])
    const later = stateOf(ran('error'), ran('error', other), ran('ok', { student: 's2' }))
    expect(Object.values(later.errors).map(({ students, total }) => [Object.keys(students), total])).toEqual([
      [['s1'], 2],
    ])
    expect(stateOf(ran('error'), ran('ok')).errors).toEqual({})
    const changed = stateOf(ran('error'), ran('error', { error: 'TypeError', message: 'no' }))
    expect(Object.values(changed.errors).map(({ name }) => name)).toEqual(['TypeError'])
    expect(changed.students['s1']!.streak).toMatchObject({ count: 2, name: 'TypeError' })
  })

  it('STA-7 leaves numbers, addresses, quoted text and paths out of the signature', () => {
    expect(normaliseMessage("name 'a' is at 0x7fAB in /home/x/y.py line 12")).toBe(
      normaliseMessage("name 'b' is at 0x1 in /tmp/z line 3"),
    )
    expect(normaliseMessage('unsupported operand')).not.toBe(normaliseMessage('invalid syntax'))
    expect(errorGroupKey('n#c', 'E', undefined)).not.toBe(errorGroupKey('n#c', 'E', ''))
    const began = 'x'.repeat(100_000)
    expect(normaliseMessage(`'${began}`).length).toBeLessThanOrEqual(500)
  })
})

describe('progress', () => {
  it('STA-1 counts who reached a cell, who is done and who fails', () => {
    const state = stateOf(
      ran('error'),
      ran('ok'),
      ran('error', { student: 's2' }),
      ran('ok', { student: 's3' }),
      ran('ok', { student: 's3' }),
    )
    expect(state.cells['nb#c1']).toMatchObject({ reached: 3, done: 2, failing: 1, tries: 5 })
    expect(state.students['s3']).toMatchObject({ executions: 2, failures: 0 })
  })

  it('STA-5 counts a late event and does not let it undo what came after it', () => {
    const state = stateOf(ran('ok', { seq: 2 }), ran('error', { seq: 1, time: START - 5000 }))
    expect(state.cells['nb#c1']).toMatchObject({ reached: 1, done: 1, failing: 0, tries: 2 })
    expect(state.students['s1']).toMatchObject({ executions: 2, failures: 1, lastAt: START })
    expect(state.students['s1']!.streak).toBeUndefined()
    expect(state.errors).toEqual({})
  })

  it('STA-5 reports missing numbers, and heals when they come', () => {
    expect(stateOf({ seq: 1 }, { seq: 4 }).students['s1']!.missing).toBe(2)
    expect(stateOf({ seq: 1 }, { seq: 4 }, { seq: 2 }, { seq: 3 }).students['s1']!.missing).toBeUndefined()
  })

  it('LVL-1 works for a class that keeps neither states nor errors', () => {
    const state = stateOf(ran(undefined), ran(undefined))
    expect(state.cells['nb#c1']).toMatchObject({ reached: 1, done: 0, failing: 0, tries: 2 })
    expect(needOf(state, 0)?.kind).toBe('active')
  })

  it('LIM-4 takes names of prototypes for keys like any other', () => {
    const evil = {
      notebook: { id: '__proto__', path: '' },
      cell: { id: 'constructor', index: 0, type: 'code' as const },
    }
    const state = stateOf({ ...ran('error'), ...evil })
    expect(Object.keys(state.cells)).toEqual(['__proto__#constructor'])
    expect(({} as any).reached).toBeUndefined()
  })

  it('STA-1 keeps the activity of the last three hours by minute', () => {
    const state = stateOf(
      ran('ok'),
      ran('error'),
      { type: 'help_requested', student: 's2' },
      { time: START + 200 * 60_000 },
    )
    expect(Object.values(state.activity)).toEqual([{ executions: 0, failures: 0, help: 0, students: 1 }])
    const early = Object.values(stateOf(ran('ok'), ran('error'), { type: 'help_requested', student: 's2' }).activity)
    expect(early).toEqual([{ executions: 2, failures: 1, help: 1, students: 2 }])
  })
})

const kinds = fc.oneof(
  fc.record({
    what: fc.constantFrom('ok', 'error'),
    index: fc.integer({ min: 0, max: 3 }),
    message: fc.constantFrom('a', 'b'),
  }),
  fc.record({
    what: fc.constantFrom(
      'help_requested',
      'help_withdrawn',
      'help_resolved',
      'connection_lost',
      'connection_back',
      'rules_changed',
      'session_ended',
      'session_started',
      'notebook_opened',
      'presence',
      'kernel_status',
      'sharing_changed',
      'help_claimed',
      'help_released',
      'help_resolved',
      'message_sent',
      'message_withdrawn',
      'message_seen',
      'message_answered',
    ),
  }),
)
function dataOf(type: string, seq: number): Record<string, unknown> {
  if (type === 'presence') return { focus: seq % 2 === 0 }
  if (type === 'rules_changed') return { rules: seq % 2 === 0 ? 'patient' : 'standard' }
  if (type === 'sharing_changed') return { sharing: seq % 3 !== 0 }
  if (type === 'help_claimed' || type === 'help_released') return { by: `u${seq % 2}` }
  const message = `m${seq % 5}`
  if (type === 'message_sent') return sent(message, seq % 2 === 0 ? { group: 'e1' } : {})
  if (type === 'message_answered') return { message, outcome: seq % 2 === 0 ? 'applied' : 'later' }
  if (type.startsWith('message_')) return { message }
  return type === 'kernel_status' ? { status: 'busy' } : {}
}
const entries: fc.Arbitrary<Loose> = fc
  .record({
    kind: kinds,
    student: fc.constantFrom('s1', 's2', 's3'),
    seq: fc.integer({ min: 1, max: 40 }),
    after: fc.integer({ min: 0, max: 400_000 }),
  })
  .map(({ kind, student, seq, after }) => {
    const time = START + after
    if ('index' in kind) return ran(kind.what, { index: kind.index, message: kind.message, student, seq, time })
    return {
      type: kind.what,
      student,
      seq,
      time,
      data: dataOf(kind.what, seq),
    }
  })
const logs = fc.array(entries, { maxLength: 40 }).map((list) => logOf(...list))
const cuts = fc.array(fc.nat(40), { maxLength: 6 })

describe('what the server saw', () => {
  it('STA-8 a lost connection is offline and no sign of life; one that is back, or a later event, is online', () => {
    const lost = stateOf(ran('ok'), { type: 'connection_lost', time: START + 60_000 })
    expect(lost.students['s1']).toMatchObject({ online: false, lastAt: START })
    expect(needOf(lost, 70_000)?.kind).toBe('away')
    const back = stateOf(ran('ok'), { type: 'connection_lost' }, { type: 'connection_back', time: START + 90_000 })
    expect(back.students['s1']).toMatchObject({ online: true, lastAt: START })
    expect(stateOf(ran('ok'), { type: 'connection_lost' }, ran('ok')).students['s1']?.online).toBe(true)
  })

  it('STA-8 knows nobody by a lost connection alone', () => {
    expect(stateOf({ type: 'connection_lost' }).students).toEqual({})
    expect(stateOf({ type: 'connection_back' }).students).toEqual({})
  })

  it('STA-9 other rules look at everybody anew, in one flush, also at students who did nothing since', () => {
    const fold = createClassFold()
    const [first, second, third, change] = logOf(ran('error'), ran('error'), ran('error'), {
      type: 'rules_changed',
      student: '',
      data: { rules: 'patient' },
    }) as [StoredEvent, StoredEvent, StoredEvent, StoredEvent]
    fold.apply([first, second, third])
    fold.flush()
    expect(needOf(fold.snapshot().state, 0)?.kind).toBe('stuck')
    fold.apply([change])
    const changes = fold.flush()
    expect(changes?.changes).toHaveLength(1)
    expect(needOf(fold.snapshot().state, 0)?.kind).toBe('failing')
    expect(Object.keys(fold.snapshot().state.students)).toEqual(['s1'])
  })

  it('STA-11 takes thresholds of the class itself, keeps them through a checkpoint, and passes over what is none', () => {
    const own = { ...RULES, stuckErrors: 2 }
    const change = (data: object): Loose => ({ type: 'rules_changed', student: '', data: { ...data } })
    const failed = [ran('error'), ran('error')]
    const withOwn = foldOf(logOf(...failed, change({ rules: 'own', ...own })))
    expect(needOf(withOwn.snapshot().state, 0)?.kind).toBe('stuck')
    expect(withOwn.rules()).toEqual({ rules: 'own', own })
    const restored = restoreFold(withOwn.checkpoint().state)
    expect(restored.rules()).toEqual({ rules: 'own', own })
    const { stuckErrors: _, ...short } = own
    for (const wrong of [{ rules: 'own' }, { rules: 'own', ...short }, { rules: 'own', ...own, stuckErrors: 0 }]) {
      const fold = foldOf(logOf(...failed, change(wrong)))
      expect(fold.rules()).toEqual({ rules: 'standard' })
      expect(needOf(fold.snapshot().state, 0)?.kind).toBe('failing')
    }
    const back = foldOf(logOf(...failed, change({ rules: 'own', ...own }), change({ rules: 'standard' })))
    expect(stateHash(back.snapshot().state)).toBe(stateHash(stateOf(...failed)))
  })

  it('STA-9 going back gives the hash of a log that never left, whatever happened and wherever it was cut', () => {
    fc.assert(
      fc.property(logs, fc.nat(40), fc.nat(40), (log, a, b) => {
        const plain = log.filter(({ type }) => type !== 'rules_changed')
        const [from, to] = [Math.min(a, b, plain.length), Math.min(Math.max(a, b), plain.length)]
        const rules = (name: string) =>
          ({ type: 'rules_changed', student: '', data: { rules: name } }) as Partial<StoredEvent>
        const there: Partial<StoredEvent>[] = [
          ...plain.slice(0, from),
          rules('patient'),
          ...plain.slice(from, to),
          rules('standard'),
          ...plain.slice(to),
        ]
        const switched = foldOf(there.map((entry, index) => ({ ...entry, offset: index + 1 }) as StoredEvent))
        const renumbered = plain.map((entry, index) => ({ ...entry, offset: index + 1 }))
        const never = foldOf(renumbered)
        expect(stateHash(switched.snapshot().state)).toBe(stateHash(never.snapshot().state))
        const left = createClassFold('patient')
        left.apply(renumbered)
        left.flush()
        const stayed = foldOf(
          [rules('patient'), ...plain].map((entry, index) => ({ ...entry, offset: index + 1 }) as StoredEvent),
        )
        expect(stayed.snapshot().state).toEqual(left.snapshot().state)
      }),
      { seed: 9, numRuns: 200 },
    )
  })
})

describe('the fold', () => {
  it('STA-2 gives equal states for equal logs, however they were cut, restored and flushed', () => {
    fc.assert(
      fc.property(logs, cuts, (log, at) => {
        const whole = foldOf(log)
        let fold = createClassFold()
        for (const cut of [...at.toSorted((a, b) => a - b), log.length]) {
          fold.apply(log.slice(fold.offset, Math.max(cut, fold.offset)))
          fold.flush()
          fold = restoreFold(fold.checkpoint().state)
        }
        expect(fold.snapshot()).toEqual(whole.snapshot())
        expect(stateHash(fold.snapshot().state)).toBe(stateHash(whole.snapshot().state))
      }),
      { seed: 22, numRuns: 400 },
    )
  })

  it('STA-3 SUB-3 SUB-7 brings readers of any offset to the same state by the difference', () => {
    fc.assert(
      fc.property(logs, cuts, (log, at) => {
        const fold = createClassFold()
        const readers = [{ offset: 0, state: emptyState() }]
        let live = readers[0]!
        for (const cut of [...at.toSorted((a, b) => a - b), log.length]) {
          fold.apply(log.slice(fold.offset, Math.max(cut, fold.offset)))
          const flushed = fold.flush()
          if (!flushed) continue
          expect(flushed.from).toBe(live.offset)
          live = { offset: flushed.to, state: applyChanges(live.state, flushed.changes) }
          readers.push(live)
        }
        const { offset, state } = fold.snapshot()
        for (const reader of readers) {
          const found = fold.since(reader.offset)!
          expect(found.from).toBeLessThanOrEqual(reader.offset)
          expect(found.to).toBe(offset)
          expect(applyChanges(reader.state, found.changes)).toEqual(state)
        }
      }),
      { seed: 33, numRuns: 400 },
    )
  })

  it('STA-3 holds no nulls and nothing undefined', () => {
    fc.assert(
      fc.property(logs, (log) => {
        const { state } = foldOf(log).snapshot()
        expect(JSON.stringify(state)).not.toContain('null')
        expect(JSON.parse(JSON.stringify(state))).toStrictEqual(state)
      }),
      { seed: 44, numRuns: 300 },
    )
  })

  it('SUB-3 has no difference for a reader that is ahead, or was away too long', () => {
    const fold = createClassFold()
    fold.apply(logOf(...Array.from({ length: 700 }, () => ran('ok'))).slice(0, 1))
    fold.flush()
    expect(fold.since(2)).toBeUndefined()
    for (const event of logOf(...Array.from({ length: 700 }, () => ran('ok'))).slice(1)) {
      fold.apply([event])
      fold.flush()
    }
    expect(fold.since(1)).toBeUndefined()
    expect(fold.since(650)?.from).toBe(650)
  })

  it('LOG-1 refuses a gap and a repeat', () => {
    const fold = createClassFold()
    const log = logOf({}, {}, {})
    fold.apply(log.slice(0, 1))
    expect(() => fold.apply(log.slice(2))).toThrow(RangeError)
    expect(() => fold.apply(log.slice(0, 1))).toThrow(RangeError)
    expect(() => fold.checkpoint()).toThrow(RangeError)
  })
})
