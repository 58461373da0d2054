import { LIMITS, stateHash, type ClassState } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { foldOf, logOf, ran, sent, START, stateOf, type Loose } from '../../test/fold-bed.ts'
import { createClassFold, restoreFold } from './class-fold.ts'

const say = (message: string, more: Loose & { data?: Record<string, unknown> } = {}): Loose => {
  const { data, ...rest } = more
  return { type: 'message_sent', install: 'server', ...rest, data: sent(message, data) }
}
const withdraw = (message: string, student = 's1'): Loose => ({
  type: 'message_withdrawn',
  install: 'server',
  student,
  data: { message },
})
const seen = (message: string, more: Loose = {}): Loose => ({ type: 'message_seen', ...more, data: { message } })
const answer = (message: string, outcome: string, more: Loose = {}): Loose => ({
  type: 'message_answered',
  ...more,
  data: { message, outcome },
})
const states = (state: ClassState, message = 'm1') => state.messages[message]?.students
const stop = (student = 's1'): Loose => ({
  type: 'sharing_changed',
  install: 'server',
  student,
  data: { sharing: false },
})

describe('messages', () => {
  it('TLK-4 are sent, then seen, then what the student answered last', () => {
    const both = [say('m1', { student: 's1' }), say('m1', { student: 's2' })]
    expect(stateOf(...both).messages['m1']).toEqual({
      at: START,
      by: 'u1',
      kind: 'hint',
      text: 'Look at the name.',
      students: { s1: 'sent', s2: 'sent' },
    })
    expect(states(stateOf(...both, seen('m1')))).toEqual({ s1: 'seen', s2: 'sent' })
    expect(states(stateOf(...both, answer('m1', 'later'), seen('m1')))).toEqual({ s1: 'later', s2: 'sent' })
    expect(states(stateOf(...both, answer('m1', 'later'), answer('m1', 'applied')))).toMatchObject({ s1: 'applied' })
  })

  it('TLK-4 STA-5 take the answer that is later in the order of the student, not of arrival', () => {
    const late = [answer('m1', 'applied', { seq: 9 }), answer('m1', 'declined', { seq: 8 })]
    expect(states(stateOf(say('m1'), ...late))).toEqual({ s1: 'applied' })
  })

  it('TLK-4 know nothing of a message that the student was never sent', () => {
    const state = stateOf(say('m1', { student: 's2' }), seen('m1'), answer('m2', 'applied'))
    expect(states(state)).toEqual({ s2: 'sent' })
    expect(state.messages['m2']).toBeUndefined()
  })

  it('TLK-1 do not make somebody present who never did anything', () => {
    const state = stateOf(say('m1'), withdraw('m1'))
    expect([state.students, state.activity]).toEqual([{}, {}])
    const quiet = stateOf(ran('ok'), say('m1', { time: START + 600_000 }))
    expect(quiet.students['s1']).toMatchObject({ lastAt: START })
    expect(quiet.students['s1']).not.toHaveProperty('missing')
  })

  it('TLK-3 TLK-5 are kept for each student, the newest last, until they are withdrawn', () => {
    const fold = foldOf(logOf(say('m1'), say('m2', { data: { request: 'r1' } }), seen('m1'), withdraw('m1')))
    expect(fold.messages('s1')).toMatchObject([{ id: 'm2', state: 'sent', request: 'r1', text: 'Look at the name.' }])
    expect(fold.snapshot().state.messages['m1']).toMatchObject({ ended: true, students: { s1: 'seen' } })
    expect(fold.messages('nobody')).toEqual([])
    const many = Array.from({ length: LIMITS.ownMessages + 5 }, (_, index) => say(`m${index}`))
    const kept = restoreFold(foldOf(logOf(...many)).checkpoint().state).messages('s1')
    expect([kept.length, kept[0]?.id, kept.at(-1)?.id]).toEqual([LIMITS.ownMessages, 'm5', `m${many.length - 1}`])
  })

  it('TLK-4 show the newest 200, fewer when they went to very many, and the newest always', () => {
    const few = Array.from({ length: 205 }, (_, index) => say(`m${index}`, { student: `s${index}` }))
    const shown = Object.keys(stateOf(...few).messages)
    expect([shown.length, shown[0]]).toEqual([200, 'm5'])
    const all = (message: string) => Array.from({ length: 6000 }, (_, index) => say(message, { student: `s${index}` }))
    expect(Object.keys(stateOf(...all('a'), ...all('b'), ...all('c')).messages)).toEqual(['b', 'c'])
  })

  it('TLK-2 are told of once for all whom they go to, and when they are withdrawn', () => {
    const fold = createClassFold()
    const log = logOf(say('m1'), say('m1', { student: 's2' }), seen('m1'), withdraw('m1'), withdraw('m1', 's2'))
    fold.apply(log.slice(0, 2))
    const first = fold.flush()?.messages
    expect(first).toMatchObject([{ news: { sent: { id: 'm1', by: 'u1' } }, students: ['s1', 's2'] }])
    fold.apply(log.slice(2, 3))
    expect(fold.flush()?.messages).toEqual([])
    fold.apply(log.slice(3))
    expect(fold.flush()?.messages).toEqual([{ news: { withdrawn: 'm1' }, students: ['s1', 's2'] }])
  })

  it('CON-5 say nothing any more of what a student made of them who shares no more, nor of the error', () => {
    const log = [say('m1'), say('m2', { data: { group: 'e1' } }), say('m2', { student: 's2', data: { group: 'e1' } })]
    const state = stateOf(...log, seen('m1'), answer('m2', 'applied'), stop())
    expect([states(state), states(state, 'm2')]).toEqual([{ s1: 'sent' }, { s2: 'sent' }])
    expect(foldOf(logOf(...log, seen('m1'), stop())).messages('s1')).toMatchObject([
      { state: 'sent' },
      { state: 'sent' },
    ])
    const alone = stateOf(say('m2', { data: { group: 'e1' } }), stop())
    expect(alone.messages).toEqual({})
  })

  it('CON-5 still go to one who does not share', () => {
    const state = stateOf(ran('ok'), stop(), say('m1'))
    expect(state.students['s1']).toMatchObject({ sharing: false, executions: 0 })
    expect(states(state)).toEqual({ s1: 'sent' })
  })

  it('PRI-3 are gone with whom they went to: a log in which the student was erased has another state', () => {
    const erased: Loose = { type: 'erased', data: {} }
    const without = stateOf(erased, say('m1', { student: 's2' }))
    const never = stateOf({ ...erased, student: 's9' }, say('m1', { student: 's2' }))
    expect(states(without)).toEqual({ s2: 'sent' })
    expect(stateHash(without)).toBe(stateHash(never))
  })
})

const asked = (student: string, minute: number): Loose => ({
  type: 'help_requested',
  student,
  time: START + minute * 60_000,
})
const claimed = (student: string, by: string): Loose => ({
  type: 'help_claimed',
  install: 'server',
  student,
  data: { by },
})

describe('the queue', () => {
  it('TLK-6 knows who goes to a student, until nobody does or the request ends', () => {
    const claim = [asked('s1', 0), claimed('s1', 'u1')]
    expect(stateOf(...claim).help['s1']).toMatchObject({ claimed: { by: 'u1', since: START + 1000 } })
    expect(stateOf(...claim, claimed('s1', 'u2')).help['s1']?.claimed?.by).toBe('u2')
    const released: Loose = { type: 'help_released', install: 'server', data: { by: 'u1' } }
    expect(stateOf(...claim, released).help['s1']).not.toHaveProperty('claimed')
    const again = stateOf(...claim, { type: 'help_withdrawn' }, asked('s1', 5))
    expect(again.help['s1']).not.toHaveProperty('claimed')
    expect(stateOf(claimed('s1', 'u1')).help).toEqual({})
    expect(stateOf(...claim).students['s1']?.lastAt).toBe(START)
  })

  it('TLK-7 tells each the place among those to whom nobody goes, by waiting, and only what changed', () => {
    const fold = createClassFold()
    const log = logOf(
      asked('s2', 2),
      asked('s1', 1),
      asked('s3', 3),
      claimed('s1', 'u1'),
      ran('ok', { student: 's2' }),
      {
        type: 'help_resolved',
        student: 's2',
      },
    )
    const step = (count: number) => {
      fold.apply(log.slice(fold.offset, fold.offset + count))
      return Object.fromEntries(
        (fold.flush()?.help ?? []).map((one) => [one.student, one.coming ?? one.place ?? one.open]),
      )
    }
    expect(step(1)).toEqual({ s2: 1 })
    expect(step(1)).toEqual({ s1: 1, s2: 2 })
    expect(step(1)).toEqual({ s3: 3 })
    expect(step(1)).toEqual({ s1: 'u1', s2: 1, s3: 2 })
    expect(step(1)).toEqual({})
    expect(step(1)).toEqual({ s2: false, s3: 1 })
    expect(fold.helpNotices()).toEqual([fold.help('s1'), fold.help('s3')])
    expect(restoreFold(fold.checkpoint().state).help('s3')).toMatchObject({ open: true, place: 1 })
  })
})

describe('the figures of help', () => {
  it('TLK-10 tell how long it took until somebody came, and of one who shares no more nothing', () => {
    const done: Loose = { type: 'help_resolved', install: 'server', data: { by: 'u2' }, time: START + 10 * 60_000 }
    const going: Loose = { ...claimed('s1', 'u1'), time: START + 4 * 60_000 }
    const log = [
      asked('s1', 0),
      going,
      done,
      asked('s2', 8),
      { type: 'help_withdrawn', student: 's2', time: START + 9 * 60_000 } as Loose,
    ]
    const fold = restoreFold(foldOf(logOf(...log)).checkpoint().state)
    expect(fold.helpFigures(0)).toEqual({
      from: 0,
      resolved: 1,
      withdrawn: 1,
      waitMedianMs: 2.5 * 60_000,
      by: [
        { user: 'u2', claimed: 0, resolved: 1, helpingMs: 0 },
        { user: 'u1', claimed: 1, resolved: 0, helpingMs: 6 * 60_000 },
      ],
    })
    expect(fold.helpFigures(START + 11 * 60_000)).toMatchObject({ resolved: 0, by: [] })
    expect(foldOf(logOf(...log, stop())).helpFigures(0)).toMatchObject({ resolved: 0, withdrawn: 1 })
  })
})

describe("the student's own progress", () => {
  it('TLK-8 is the own cells in order, with what became of them', () => {
    const fold = foldOf(logOf(ran('error', { index: 2 }), ran('ok', { index: 1 }), ran(undefined, { index: 3 })))
    const cells = fold.progress('s1', true).notebooks[0]?.cells.map(({ cell, state }) => [cell.index, state])
    expect(cells).toEqual([
      [1, 'done'],
      [2, 'failing'],
      [3, 'tried'],
    ])
    expect(fold.progress('nobody', true)).toEqual({ notebooks: [] })
  })

  it('TLK-8 shows where the class is when at least five share, and only if that is asked for', () => {
    const done = (count: number, student: string) =>
      Array.from({ length: count }, (_, index) => ran('ok', { student, index }))
    const five = [1, 2, 3, 4, 9].flatMap((count) => done(count, `s${count}`))
    const band = { done: { low: 2, middle: 3, high: 4 }, students: 5 }
    expect(foldOf(logOf(...five)).progress('s1', true).band).toEqual(band)
    expect(foldOf(logOf(...five)).progress('s1', false)).not.toHaveProperty('band')
    expect(foldOf(logOf(...five, stop('s9'))).progress('s1', true)).not.toHaveProperty('band')
  })
})
