import { readFileSync } from 'node:fs'
import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import {
  CELL_EVENT_TYPES,
  EVENT_DATA,
  EventEnvelope,
  isEventType,
  NOTEBOOK_EVENT_TYPES,
  SERVER_EVENT_TYPES,
  type EventType,
} from './events.ts'
import { FIELD_LEVELS, keepAtLevel, type CollectionLevel } from './levels.ts'

const fixture = (name: string): any =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'))

const envelope = Compile(EventEnvelope)

function judge(event: any): 'ok' | 'invalid_event' | 'unknown_type' {
  if (!envelope.Check(event)) return 'invalid_event'
  if (!isEventType(event.type) || SERVER_EVENT_TYPES.has(event.type)) return 'unknown_type'
  const named =
    (!NOTEBOOK_EVENT_TYPES.has(event.type) || event.notebook) && (!CELL_EVENT_TYPES.has(event.type) || event.cell)
  return named && Compile(EVENT_DATA[event.type]).Check(event.data) ? 'ok' : 'invalid_event'
}

describe('events', () => {
  it('EVT-1 EVT-3 accepts every event of the fixtures, one of each type a client may send', () => {
    const events = fixture('events.valid')
    for (const event of events) expect(judge(event), event.type).toBe('ok')
    const types = new Set(events.map((event: any) => event.type))
    expect(Object.keys(EVENT_DATA).filter((type) => !types.has(type))).toEqual([...SERVER_EVENT_TYPES])
  })

  it('EVT-1 EVT-3 EVT-4 refuses what the fixtures call wrong, each with its code', () => {
    for (const { why, code, event } of fixture('events.invalid')) expect(judge(event), why).toBe(code)
  })

  it('EVT-2 counts the sequence of the fixture from 1 without gaps', () => {
    const seqs = fixture('events.valid').map((event: any) => event.seq)
    expect(seqs).toEqual(seqs.map((_: number, index: number) => index + 1))
  })

  it('EVT-4 does not take an inherited member name for a type', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) expect(isEventType(name)).toBe(false)
  })
})

describe('collection levels', () => {
  it('LVL-1 names every member of every schema, and no other', () => {
    for (const [type, schema] of Object.entries(EVENT_DATA)) {
      expect(Object.keys(FIELD_LEVELS[type as EventType]).toSorted(), type).toEqual(
        Object.keys(schema.properties).toSorted(),
      )
    }
  })

  it('LVL-1 keeps at each level what the fixtures say', () => {
    for (const { level, type, data, kept } of fixture('levels')) expect(keepAtLevel(type, data, level)).toEqual(kept)
  })

  it('LVL-1 agrees with the table of the specification', () => {
    const spec = readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8')
    const rows = [...spec.matchAll(/^\| `(\w+)` *\|(.*)\|$/gm)]
    expect(rows.map((row) => String(row[1])).toSorted()).toEqual(Object.keys(FIELD_LEVELS).toSorted())
    for (const [, type, columns] of rows) {
      const cells = columns!.split('|').map((cell) => cell.trim().split(', ').filter(Boolean))
      const stated = cells.flatMap((names, level) => names.map((name) => [name, level] as const))
      expect(Object.fromEntries(stated), type).toEqual(FIELD_LEVELS[type as EventType])
    }
  })

  it('LVL-2 keeps the sentence of a help request at every level', () => {
    for (const level of [0, 1, 2, 3, 4] as CollectionLevel[]) {
      expect(keepAtLevel('help_requested', { message: 'stuck' }, level)).toEqual({ message: 'stuck' })
    }
  })

  it('LIM-4 drops names of prototypes', () => {
    const data = JSON.parse('{"__proto__":{"status":"ok"},"constructor":1,"durationMs":3}')
    const kept = keepAtLevel('cell_executed', data, 4)
    expect(kept).toEqual({ durationMs: 3 })
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype)
  })
})
