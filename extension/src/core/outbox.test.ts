import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { openIdbOutbox } from './outbox-idb.ts'
import { createMemoryOutbox } from './outbox-memory.ts'
import { outboxContract } from './outbox.contract.ts'

let count = 0
const freshName = () => `outbox-${(count += 1)}`

describe('outbox in memory', () => {
  outboxContract(async () => createMemoryOutbox())
})

describe('outbox in IndexedDB', () => {
  outboxContract(() => openIdbOutbox(freshName()))

  const DETAILS = { server: 'http://s', code: 'A', name: 'N' }
  const draft = (id: string) => ({ id, type: 'presence' as const, at: '', data: {} })

  it('EVT-2 gives each number once to two tabs, and one install to both', async () => {
    const name = freshName()
    const tabs = [await openIdbOutbox(name), await openIdbOutbox(name)] as const
    const joins = await Promise.all(tabs.map((tab, index) => tab.open(DETAILS, `install-${index}`)))
    expect(new Set(joins.map((join) => join.install)).size).toBe(1)
    const { install } = joins[0]!
    const kept = await Promise.all(
      Array.from({ length: 60 }, (_, index) => tabs[index % 2 === 0 ? 0 : 1].keep(install, draft(`e${index}`))),
    )
    expect(kept.map((event) => event.seq).toSorted((a, b) => a - b)).toEqual(kept.map((_, index) => index + 1))
  })

  it('EVT-2 numbers what a page wrote while it was left, once, when it is opened again', async () => {
    const name = freshName()
    const left = await openIdbOutbox(name)
    const { install } = await left.open(DETAILS, 'install')
    await left.keep(install, draft('a'))
    left.leave(install, draft('b'))
    left.close()
    const again = await openIdbOutbox(name)
    await Promise.all([again.collect(), again.collect()])
    const events = await again.oldest(install, { events: 10, bytes: 1e6 })
    expect(events.map(({ id, seq }) => [id, seq])).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })
})
