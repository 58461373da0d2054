import { readFileSync } from 'node:fs'
import { LIMITS } from '@lectern/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeBatch, type JudgedBatch } from './batch.ts'
import { createServerClock } from './clock.ts'
import { clockSkew, eventTime } from './event-time.ts'
import { guardJson } from './guard.ts'

const fixture = (name: string): any[] =>
  JSON.parse(readFileSync(new URL(`../../../protocol/fixtures/${name}.json`, import.meta.url), 'utf8'))

const RECEIVED = Date.parse('2026-04-10T01:00:20.000Z')
const source = { class: 'k1', student: 's1', level: 4, received: RECEIVED } as const

function judge(body: unknown, more: Partial<typeof source> = {}): JudgedBatch {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body))
  return judgeBatch(bytes, { ...source, ...more })
}

const [example] = fixture('events.valid').filter(({ type }) => type === 'cell_executed')
const codeOf = (call: () => unknown): string => {
  try {
    call()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'none'
}

describe('batches', () => {
  it('EVT-1 EVT-3 takes every event of the fixtures as it is', () => {
    const events = fixture('events.valid')
    const { judged, refused } = judge({ events })
    expect(refused).toEqual([])
    for (const [index, entry] of judged.entries()) {
      const { id, install, seq, type, at, session, notebook, cell, data } = (entry as { event: any }).event
      const kept = JSON.parse(JSON.stringify({ id, install, seq, type, at, session, notebook, cell, data }))
      expect(kept).toEqual(events[index])
    }
  })

  it('BAT-2 ING-2 judges each event on its own, in the order sent', () => {
    const wrong = fixture('events.invalid')
    const events = wrong.flatMap(({ event }) => [event, example])
    const { judged } = judge({ events })
    for (const [index, { why, code }] of wrong.entries()) {
      expect(judged[index * 2], why).toMatchObject({ refusal: code })
      expect(judged[index * 2 + 1]).toHaveProperty('event')
    }
  })

  it('BAT-3 gives every event to the student of the token', () => {
    const { judged } = judge({ events: [{ ...example, student: 'mallory', class: 'other' }] })
    expect(judged[0]).toMatchObject({ event: { class: 'k1', student: 's1' } })
  })

  it('ING-4 settles the number of a refused event that can be named, and of no other', () => {
    const bad = { ...example, type: 'cell_exploded' }
    const { refused } = judge({ events: [bad, { ...bad, id: 'x' }, { ...bad, seq: -1 }, { ...bad, install: 'y' }] })
    expect(refused).toEqual([{ class: 'k1', student: 's1', install: example.install, seq: example.seq }])
  })

  it('BAT-1 BAT-2 refuses a body that is no batch as a whole', () => {
    expect(codeOf(() => judge('{"events":[}'))).toBe('bad_json')
    expect(codeOf(() => judge([]))).toBe('bad_request')
    expect(codeOf(() => judge('null'))).toBe('bad_request')
    expect(codeOf(() => judge({ events: {} }))).toBe('bad_request')
    expect(codeOf(() => judge({ events: [], sentAt: 5 }))).toBe('bad_request')
    expect(codeOf(() => judge({ events: Array.from({ length: 1001 }, () => 1) }))).toBe('too_many_events')
    expect(codeOf(() => judgeBatch(Uint8Array.of(0x22, 0xff, 0x22), source))).toBe('bad_json')
  })

  it('LVL-1 drops what the collection level forbids, whatever was sent', () => {
    for (const { level, data, kept } of fixture('levels')) {
      const { judged } = judge({ events: [{ ...example, data }] }, { level })
      expect((judged[0] as { event: any }).event.data).toEqual(kept)
    }
  })

  it('EVT-6 repairs lone surrogates and removes NUL, in values, ids and names', () => {
    const text = String.raw`{"events":[{"id":"${example.id}","install":"${example.install}","seq":1,"type":"cell_executed","at":"2026-04-10T01:00:00Z","notebook":{"id":"n\u0000b","path":"\ud800"},"cell":{"id":"c\u0000","index":0,"type":"code"},"data":{"source":"a\u0000b\udc00c 😀"}}]}`
    const { event } = judge(text).judged[0] as { event: any }
    expect([event.notebook, event.cell.id, event.data.source]).toEqual([
      { id: 'nb', path: '\uFFFD' },
      'c',
      'ab\uFFFDc 😀',
    ])
  })

  it('EVT-6 refuses numbers that would not come back as they are', () => {
    const custom = (value: string): string =>
      JSON.stringify({ events: [{ ...example, type: 'custom', data: { name: 'n', value: 0 } }] }).replace(
        '"value":0',
        `"value":${value}`,
      )
    for (const value of ['1e999', '9007199254740993', '{"deep":[-1e400]}']) {
      expect(judge(custom(value)).judged[0], value).toMatchObject({ refusal: 'invalid_event' })
    }
    for (const value of ['9007199254740991', '1.5e-300', '"1e999"']) {
      expect(judge(custom(value)).judged[0], value).toHaveProperty('event')
    }
  })

  it('LIM-3 refuses an event above 256 KiB, and not its neighbours', () => {
    const large = { ...example, data: { source: 'x'.repeat(LIMITS.eventBytes) } }
    const { judged } = judge({ events: [example, large, example] })
    expect(judged.map((entry) => ('refusal' in entry ? entry.refusal : 'ok'))).toEqual(['ok', 'event_too_large', 'ok'])
  })

  it('LIM-4 keeps names of prototypes out of prototypes', () => {
    const text = `{"events":[{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${JSON.stringify(example).slice(1, -1)}}]}`
    const { judged } = judge(text)
    expect(judged[0]).toHaveProperty('event')
    expect(({} as any).polluted).toBeUndefined()
  })

  it('ING-6 accounts for every element of any JSON, and throws nothing but coded errors', () => {
    const values = fc.oneof(
      fc.jsonValue(),
      fc.constant(example),
      fc.record({ id: fc.constant(example.id), data: fc.jsonValue() }),
    )
    fc.assert(
      fc.property(fc.array(values, { maxLength: 10 }), (events) => {
        const { judged } = judge({ events })
        expect(judged).toHaveLength(events.length)
      }),
      { seed: 6, numRuns: 2000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['none', 'bad_json', 'bad_request', 'too_deep']).toContain(codeOf(() => judgeBatch(bytes, source)))
      }),
      { seed: 8, numRuns: 2000 },
    )
  })
})

describe('the guard', () => {
  const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth))

  it('LIM-2 refuses depth before it parses, at any depth', () => {
    expect(codeOf(() => guardJson(nested(LIMITS.jsonDepth)))).toBe('none')
    for (const depth of [33, 1000, 500_000]) expect(codeOf(() => guardJson(nested(depth)))).toBe('too_deep')
  })

  it('LIM-2 does not count brackets and colons within texts', () => {
    expect(codeOf(() => guardJson(Buffer.from(JSON.stringify({ a: '[{"\\:'.repeat(1000) }))))).toBe('none')
    expect(codeOf(() => guardJson(Buffer.from(`"${'\\"['.repeat(1000)}"`)))).toBe('none')
  })

  it('LIM-2 refuses more members than the limit', () => {
    const members = (count: number): Buffer =>
      Buffer.from(`{${Array.from({ length: count }, () => '"a":1').join(',')}}`)
    expect(codeOf(() => guardJson(members(LIMITS.jsonKeys)))).toBe('none')
    expect(codeOf(() => guardJson(members(LIMITS.jsonKeys + 1)))).toBe('too_many_keys')
  })
})

describe('times', () => {
  const at = (text: string, skew?: number) => eventTime(text, RECEIVED, skew)

  it('EVT-5 takes the time of the client as far as it can be true', () => {
    expect(at('2026-04-10T01:00:05.000Z')).toEqual({ time: RECEIVED - 15_000, clockOff: false })
    expect(at('2026-04-10T01:00:25.000Z')).toEqual({ time: RECEIVED, clockOff: false })
    expect(at('2026-04-10T03:00:00.000Z')).toEqual({ time: RECEIVED, clockOff: true })
    expect(at('not a date')).toEqual({ time: RECEIVED, clockOff: true })
    expect(at('2020-01-01T00:00:00Z')).toEqual({ time: RECEIVED, clockOff: true })
  })

  it('EVT-5 corrects a clock that is off by what the batch shows', () => {
    const year = 365 * 86_400_000
    const skew = clockSkew(new Date(RECEIVED - year).toISOString(), RECEIVED)
    expect(skew).toBe(year)
    expect(at(new Date(RECEIVED - year - 9000).toISOString(), skew)).toEqual({ time: RECEIVED - 9000, clockOff: true })
    expect(clockSkew(undefined, RECEIVED)).toBeUndefined()
    expect(clockSkew('never', RECEIVED)).toBeUndefined()
  })

  it('EVT-5 follows the monotonic clock when the wall clock is set, and never goes back', () => {
    let wall = 1_000_000
    let monotonic = 0
    const clock = createServerClock({ wall: () => wall, monotonic: () => monotonic })
    expect(clock.now()).toBe(1_000_000)
    wall -= 3_600_000
    monotonic += 10
    expect(clock.now()).toBe(1_000_010)
    clock.notBefore(2_000_000)
    expect(clock.now()).toBe(2_000_000)
  })
})
