import { helpAfter } from './help-word.ts'
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb'
import type { LecternEvent } from '../../../protocol/src/events.ts'
import {
  admitted,
  consented,
  counted,
  fitting,
  identityOf,
  newJoin,
  numbered,
  opened,
  type Draft,
  type Join,
  type Outbox,
} from './outbox.ts'

interface Kept {
  install: string
  seq: number
  /** Length of the event as JSON text, so that a batch can be measured without writing it. */
  length: number
  event: LecternEvent
}

interface Schema extends DBSchema {
  joins: { key: string; value: Join & { identity: string }; indexes: { identity: string } }
  events: { key: [string, number]; value: Kept }
  leavings: { key: number; value: { install: string; draft: Draft } }
}

type Database = IDBPDatabase<Schema>
type Stores = ('joins' | 'events' | 'leavings')[]
type Writing = IDBPTransaction<Schema, Stores, 'readwrite'>

const VERSION = 1
const STORES: Stores = ['joins', 'events', 'leavings']

const ofInstall = (install: string) => IDBKeyRange.bound([install, 0], [install, Number.MAX_SAFE_INTEGER])

function upgrade(db: Database): void {
  db.createObjectStore('joins', { keyPath: 'install' }).createIndex('identity', 'identity')
  db.createObjectStore('events', { keyPath: ['install', 'seq'] })
  db.createObjectStore('leavings', { autoIncrement: true })
}

async function change(tx: Writing, install: string, next: (join: Join) => Join): Promise<void> {
  const row = await tx.objectStore('joins').get(install)
  if (!row) return
  const { identity, ...join } = row
  await tx.objectStore('joins').put({ ...next(join), identity })
}

async function keepIn(tx: Writing, install: string, draft: Draft): Promise<LecternEvent> {
  const row = await tx.objectStore('joins').get(install)
  if (!row) throw new Error(`No join with install ${install}`)
  const { identity, ...join } = row
  const next = numbered(join, draft)
  const { event } = next
  await tx.objectStore('joins').put({ ...next.join, identity })
  await tx.objectStore('events').add({ install, seq: event.seq, length: JSON.stringify(event).length, event })
  return event
}

/** What pages that were left have written; each goes to its join in the same transaction in which it is deleted. */
async function collectIn(tx: Writing): Promise<void> {
  for (let cursor = await tx.objectStore('leavings').openCursor(); cursor; cursor = await cursor.continue()) {
    const { install, draft } = cursor.value
    await cursor.delete()
    if (await tx.objectStore('joins').getKey(install)) await keepIn(tx, install, draft)
  }
}

const withoutIdentity = ({ identity: _identity, ...join }: Join & { identity: string }): Join => join

/**
 * Opens the outbox in IndexedDB database `name`. Rejects where the browser blocks storage.
 * Transactions are durable before they resolve ("strict"): a captured event survives a crash of the machine.
 */
export async function openIdbOutbox(name: string): Promise<Outbox> {
  const db = await openDB<Schema>(name, VERSION, {
    upgrade,
    // A newer version of this code in another tab wants to change the schema.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  })
  /** One transaction over all stores: it ends in the order in which it was asked for, in whatever tab. */
  const write = async <T>(work: (tx: Writing) => Promise<T>): Promise<T> => {
    const tx = db.transaction(STORES, 'readwrite', { durability: 'strict' })
    const [value] = await Promise.all([work(tx), tx.done])
    return value
  }

  return {
    kind: 'indexeddb',
    open: (details, fresh, answer) =>
      write(async (tx) => {
        const identity = identityOf(details)
        const known = await tx.objectStore('joins').index('identity').get(identity)
        const join = opened(known ? withoutIdentity(known) : newJoin(fresh, details), details, answer)
        await tx.objectStore('joins').put({ ...join, identity })
        return join
      }),
    async find(details) {
      const row = await db.getFromIndex('joins', 'identity', identityOf(details))
      return row && withoutIdentity(row)
    },
    async join(install) {
      const row = await db.get('joins', install)
      return row && withoutIdentity(row)
    },
    joins: async () => (await db.getAll('joins')).map(withoutIdentity),
    admit: (install, member) => write((tx) => change(tx, install, (join) => admitted(join, member))),
    keep: (install, draft) => write((tx) => keepIn(tx, install, draft)),
    leave(install, draft) {
      const tx = db.transaction(['leavings'], 'readwrite', { durability: 'relaxed' })
      void tx.objectStore('leavings').add({ install, draft })
      tx.commit()
      void tx.done.catch(() => {})
    },
    collect: () => write(collectIn),
    async oldest(install, size) {
      const rows = await db.getAll('events', ofInstall(install), size.events)
      const sizes = rows.map((row) => row.length)
      return rows.slice(0, fitting(sizes, size)).map((row) => row.event)
    },
    settle: (install, settled, now) =>
      write(async (tx) => {
        const events = tx.objectStore('events')
        const there = await Promise.all(settled.map(({ event }) => events.getKey([install, event.seq])))
        const present = settled.filter((_, index) => there[index] !== undefined)
        await Promise.all(present.map(({ event }) => events.delete([install, event.seq])))
        await change(tx, install, (join) => counted(join, present, now))
      }),
    helpIs: (install, word) =>
      write(async (tx) => {
        const help = (await tx.objectStore('joins').get(install))?.help
        const key = help?.seq === undefined ? undefined : await tx.objectStore('events').getKey([install, help.seq])
        if (key !== undefined && word.open !== help?.open) return
        await change(tx, install, (join) => ({ ...join, help: helpAfter(join.help, word) }))
      }),
    forget: (install) =>
      write(async (tx) => {
        await tx.objectStore('joins').delete(install)
        await tx.objectStore('events').delete(ofInstall(install))
      }),
    consentIs: (install, consent) => write((tx) => change(tx, install, (join) => consented(join, consent))),
    waiting: (install) => db.count('events', ofInstall(install)),
    close: () => db.close(),
  }
}
