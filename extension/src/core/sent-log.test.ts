import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { openSentIdb } from './sent-log-idb.ts'
import { createSentMemory } from './sent-log-memory.ts'
import { SENT_LOG_LIMITS, type SentEntry, type SentStorage } from './sent-log.ts'

let databases = 0
const STORAGES: readonly (readonly [string, () => Promise<SentStorage>])[] = [
  ['IndexedDB', () => openSentIdb(`sent-${(databases += 1)}`)],
  ['memory', async () => createSentMemory()],
]

const entry = (id: string, over: Partial<SentEntry> = {}): SentEntry => ({
  install: 'a',
  id,
  type: 'presence',
  at: 1,
  json: `{"id":"${id}"}`,
  state: 'sent',
  ...over,
})
const ids = (entries: readonly SentEntry[]) => entries.map(({ id }) => id)

describe.each(STORAGES)('what was sent, in %s', (_, open) => {
  it('gives the newest first, of one install, and one entry for an event that was sent again', async () => {
    const storage = await open()
    await storage.put([entry('1'), entry('2'), entry('3', { install: 'b' })])
    await storage.put([entry('1', { at: 9, json: '{"id":"1","again":true}' })])
    expect(ids(await storage.newest('a', 10))).toEqual(['2', '1'])
    expect(ids(await storage.newest('a', 1))).toEqual(['2'])
    expect((await storage.newest('a', 10))[1]).toEqual(entry('1', { at: 9, json: '{"id":"1","again":true}' }))
  })

  it('says what became of each, and why it was refused', async () => {
    const storage = await open()
    await storage.put([entry('1'), entry('2')])
    const event = (id: string) => ({ id, install: 'a' }) as never
    await storage.settle([
      { event: event('1'), status: 'stored' },
      { event: event('2'), status: 'refused', code: 'not_shared' },
      { event: event('3'), status: 'stored' },
    ])
    expect(await storage.newest('a', 10)).toEqual([
      entry('2', { state: 'refused', code: 'not_shared' }),
      entry('1', { state: 'stored' }),
    ])
  })

  it('keeps within its limits in number and in size, and forgets one install', async () => {
    const storage = await open()
    const { entries, chars } = SENT_LOG_LIMITS
    await storage.put(Array.from({ length: entries + 5 }, (_, index) => entry(`n${index}`)))
    const kept = await storage.newest('a', entries * 2)
    expect([kept.length, kept.at(-1)?.id]).toEqual([entries, 'n5'])
    await storage.put([entry('long', { json: 'x'.repeat(chars) })])
    expect(ids(await storage.newest('a', 10))).toEqual(['long'])
    await storage.put([entry('other', { install: 'b' })])
    expect(await storage.newest('a', 10)).toEqual([])
    await storage.put([entry('mine')])
    await storage.forget('b')
    expect([ids(await storage.newest('a', 10)), await storage.newest('b', 10)]).toEqual([['mine'], []])
  })
})
