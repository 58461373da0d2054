import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { describe, expect, it } from 'vitest'
import { openIdbOutbox } from './outbox-idb.ts'
import { createMemoryOutbox } from './outbox-memory.ts'
import { outboxContract } from './outbox.contract.ts'
import { identityOf, OUTBOX_LIMITS } from './outbox.ts'

let count = 0
const freshName = () => `outbox-${(count += 1)}`

describe('outbox in memory', () => {
  outboxContract(async (limits) => createMemoryOutbox(limits))
})

describe('outbox in IndexedDB', () => {
  outboxContract((limits) => openIdbOutbox(freshName(), limits))

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

  it('ING-4 lets wait again what a server has lost that came back from an older backup', async () => {
    const outbox = await openIdbOutbox(freshName())
    const { install } = await outbox.open(DETAILS, 'install')
    const kept = [await outbox.keep(install, draft('a')), await outbox.keep(install, draft('b'))]
    await outbox.keep(install, draft('c'))
    await outbox.settle(
      install,
      kept.map((event) => ({ event, status: 'stored' as const })),
      1,
    )
    expect(await outbox.resume(install, 2)).toBe(0)
    expect(await outbox.join(install)).toMatchObject({ sent: 2, held: { events: 2 }, kept: { events: 1 } })
    expect(await outbox.resume(install, 1)).toBe(1)
    expect((await outbox.oldest(install, { events: 10, bytes: 1e6 })).map(({ id }) => id)).toEqual(['b', 'c'])
    expect(await outbox.join(install)).toMatchObject({ sent: 1, through: 1, held: { events: 1 }, kept: { events: 2 } })
    // Only once: what stays lost is a gap that the server counts.
    expect(await outbox.resume(install, 1)).toBe(0)
  })

  it('holds what was acknowledged for two days at most, within its bounds, and not of who no longer shares', async () => {
    const limits = { ...OUTBOX_LIMITS, held: { events: 3, bytes: 1e6 } }
    const outbox = await openIdbOutbox(freshName(), limits)
    const { install } = await outbox.open(DETAILS, 'install')
    const kept = []
    for (const id of ['a', 'b', 'c', 'd', 'e']) kept.push(await outbox.keep(install, draft(id)))
    await outbox.settle(
      install,
      kept.map((event) => ({ event, status: 'stored' as const })),
      1_000,
    )
    expect((await outbox.join(install))?.held.events).toBe(3)
    await outbox.tidy(1_000 + limits.heldMs)
    expect((await outbox.join(install))?.held).toEqual({ events: 0, bytes: 0 })
    const more = await outbox.keep(install, draft('f'))
    await outbox.settle(install, [{ event: more, status: 'stored' }], 2_000)
    await outbox.admit(install, { token: 't', class: { id: 'k', name: 'K' }, student: 's', level: 2, sharing: true })
    await outbox.consentIs(install, { asks: { level: 2, version: 1, retentionDays: 1 }, open: false })
    expect((await outbox.join(install))?.held.events).toBe(0)
    await outbox.resume(install, 6)
    expect(await outbox.resume(install, 0)).toBe(0)
  })

  it('takes over what waits in a database of the version before', async () => {
    const name = freshName()
    const old = await openDB(name, 1, {
      upgrade(db) {
        db.createObjectStore('joins', { keyPath: 'install' }).createIndex('identity', 'identity')
        db.createObjectStore('events', { keyPath: ['install', 'seq'] })
        db.createObjectStore('leavings', { autoIncrement: true })
      },
    })
    const join = { install: 'install', details: DETAILS, nextSeq: 3, sent: 1, refused: 0, help: { open: true, seq: 2 } }
    await old.put('joins', { ...join, identity: identityOf(DETAILS) })
    const event = { ...draft('b'), install: 'install', seq: 2 }
    await old.put('events', { install: 'install', seq: 2, length: 100, event })
    await old.add('leavings', { install: 'install', draft: draft('c') })
    old.close()
    const outbox = await openIdbOutbox(name)
    const { install } = await outbox.open(DETAILS, 'other')
    await outbox.collect()
    expect(await outbox.join(install)).toMatchObject({ sent: 1, help: { open: true }, kept: { events: 2 }, through: 0 })
    const waiting = await outbox.oldest(install, { events: 10, bytes: 1e6 })
    expect(waiting.map(({ id, seq }) => [id, seq])).toEqual([
      ['b', 2],
      ['c', 3],
    ])
  })
})
