import type { StoredEvent } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { createResearch } from './events.ts'
import { createPseudonyms } from './pseudonyms.ts'
import { createScrub } from './scrub.ts'

const event = (over: Partial<Record<keyof StoredEvent, unknown>> = {}): StoredEvent =>
  ({
    offset: 1,
    id: '0192f0c1-7b1a-7000-8000-000000000001',
    install: '0192f0c1-7b1a-7c3e-9d55-0a1b2c3d4e5f',
    seq: 1,
    type: 'cell_executed',
    at: '2026-04-10T01:00:01.000Z',
    student: 's_1',
    received: 1_000_500,
    time: 1_000_000,
    notebook: { id: 'taro/diary.ipynb', path: 'taro/diary.ipynb' },
    cell: { id: 'cell-of-taro', index: 3, type: 'code' },
    data: { status: 'error', durationMs: 5, source: 'taro = 1', outputs: [{ text: 'taro' }], startedAt: 'x' },
    ...over,
  }) as StoredEvent

describe('pseudonyms', () => {
  it('RES-2 are the same for the same researcher, and others for everybody else', () => {
    const [one, same, other] = [createPseudonyms('a'), createPseudonyms('a'), createPseudonyms('b')]
    expect(one('s', 's_1')).toBe(same('s', 's_1'))
    expect(one('s', 's_1')).toMatch(/^s_[\w-]{20}$/)
    expect(new Set([one('s', 's_1'), other('s', 's_1'), one('s', 's_2'), one('n', 's_1')]).size).toBe(4)
  })
})

describe('scrubbing', () => {
  const scrub = createScrub([
    { name: 'Tarō Yamada', email: 'taro.yamada@school.example' },
    { name: '森 愛子' },
    { name: 'Max Li' },
    { name: 'Maria-Fernanda', email: 'mf99@school.example' },
    { name: 'Address' },
  ])

  it.each([
    ['print("I am Tarō Yamada, taro")', 'print("I am [name], [name]")'],
    ['TARO_score = 3', '[name]_score = 3'],
    ['taroyamada = 1', '[name] = 1'],
    ['tarot = 1', 'tarot = 1'],
    ['# 作成者：森愛子です', '# 作成者：[name]です'],
    ['mail taro.yamada@school.example now', 'mail [address] now'],
    ['someone-else@mail.example', '[address]'],
    ['open("/home/taro/data.csv")', 'open("[path]")'],
    ['File C:\\Users\\taro\\a.py, line 3', 'File [path], line 3'],
    ['~/work/taro/x', '[path]'],
    ['maria_fernanda = Maria-Fernanda', '[name] = [name]'],
    ['taro.taro@x.jp', '[address]'],
    ['Max went, max(1, 2) stays', '[name] went, max(1, 2) stays'],
    ['a / b / c and x/y/z', 'a / b / c and x/y/z'],
    ['total = W @ x.T', 'total = W @ x.T'],
  ])('RES-2 takes people, addresses and paths out of %j', (text, expected) => {
    expect(scrub(text)).toBe(expected)
  })

  it.each(['a', 'taro', '/a', '@', 'a@', '愛', 'a.', '/', 'C:\\\\'])('RES-2 takes one pass over many of %j', (part) => {
    const long = part.repeat(250_000 / part.length)
    expect(scrub(`${long} Taro`)).toMatch(/\[name\]$/)
  })

  it('RES-2 leaves a text of nobody as it is', () => {
    expect(createScrub([])('for name in names: print(name)')).toBe('for name in names: print(name)')
  })
})

describe('events for researchers', () => {
  const make = (times: 'shifted' | 'kept' = 'shifted') =>
    createResearch({ pseudonym: createPseudonyms('secret'), scrub: createScrub([{ name: 'Taro' }]), times })

  it('RES-1 are those of students who agreed, and of no others', () => {
    const research = make()
    expect(research(event(), undefined)).toBeUndefined()
    expect(research(event({ type: 'rules_changed' }), 2)).toBeUndefined()
    expect(research(event(), 2)).toBeDefined()
  })

  it('RES-2 hold no id, path, output or clock time of the log', () => {
    const made = make()(event(), 4)
    expect(made?.data).toEqual({ status: 'error', durationMs: 5, source: '[name] = 1' })
    expect(made).toMatchObject({ t: 0, seq: 1, cell: { index: 3, type: 'code' } })
    expect(JSON.stringify(made)).not.toMatch(/taro|0192f0c1|s_1|2026|outputs/i)
  })

  it('RES-2 say of messages what became of them, and nothing that was said', () => {
    const words = { message: 'm_1', by: 'u_1', text: 'Well done, Taro', request: 'r_1', group: 'e_1' }
    const sent = make()(event({ type: 'message_sent', data: { ...words, kind: 'hint' } }), 4)
    expect(sent?.data).toEqual({ kind: 'hint' })
    const answered = make()(event({ type: 'message_answered', data: { message: 'm_1', outcome: 'applied' } }), 4)
    expect(answered?.data).toEqual({ outcome: 'applied' })
    for (const type of ['message_seen', 'message_withdrawn', 'help_claimed', 'help_released']) {
      expect(make()(event({ type, data: words }), 4)?.data).toEqual({})
    }
  })

  it('RES-1 hold no more than the student agreed to', () => {
    expect(make()(event(), 0)?.data).toEqual({ durationMs: 5 })
    expect(make()(event(), 1)?.data).toEqual({ status: 'error', durationMs: 5 })
  })

  it('RES-2 count time from the first event, or keep it where that was asked for', () => {
    const [shifted, kept] = [make(), make('kept')]
    shifted(event(), 2)
    expect(shifted(event({ time: 1_002_000 }), 2)?.t).toBe(2000)
    expect(kept(event({ time: 1_002_000 }), 2)?.t).toBe(1_002_000)
  })
})
