import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb'
import { isTooMuch, settledEntry, type SentEntry, type SentStorage } from './sent-log.ts'

/** Entries have numbers in the order in which their events left first. */
type Row = SentEntry & { n?: number }

interface Schema extends DBSchema {
  sent: { key: number; value: Row; indexes: { event: [string, string]; order: [string, number] } }
  totals: { key: string; value: { entries: number; chars: number } }
}

type Stores = ('sent' | 'totals')[]
type Writing = IDBPTransaction<Schema, Stores, 'readwrite'>

const VERSION = 1
const STORES: Stores = ['sent', 'totals']
const ALL = 'all'

const ofInstall = (install: string) => IDBKeyRange.bound([install, 0], [install, Number.MAX_SAFE_INTEGER])

function upgrade(db: IDBPDatabase<Schema>): void {
  const sent = db.createObjectStore('sent', { keyPath: 'n', autoIncrement: true })
  sent.createIndex('event', ['install', 'id'], { unique: true })
  sent.createIndex('order', ['install', 'n'])
  db.createObjectStore('totals')
}

async function putIn(tx: Writing, added: readonly SentEntry[]): Promise<void> {
  const sent = tx.objectStore('sent')
  const totals = (await tx.objectStore('totals').get(ALL)) ?? { entries: 0, chars: 0 }
  for (const entry of added) {
    const before = await sent.index('event').get([entry.install, entry.id])
    await sent.put(before?.n === undefined ? entry : { ...entry, n: before.n })
    totals.entries += before ? 0 : 1
    totals.chars += entry.json.length - (before?.json.length ?? 0)
  }
  for (let cursor = await sent.openCursor(); cursor; cursor = await cursor.continue()) {
    if (!isTooMuch(totals.entries, totals.chars)) break
    totals.entries -= 1
    totals.chars -= cursor.value.json.length
    await cursor.delete()
  }
  await tx.objectStore('totals').put(totals, ALL)
}

async function forgetIn(tx: Writing, install: string): Promise<void> {
  const totals = (await tx.objectStore('totals').get(ALL)) ?? { entries: 0, chars: 0 }
  const rows = tx.objectStore('sent').index('order')
  for (let cursor = await rows.openCursor(ofInstall(install)); cursor; cursor = await cursor.continue()) {
    totals.entries -= 1
    totals.chars -= cursor.value.json.length
    await cursor.delete()
  }
  await tx.objectStore('totals').put(totals, ALL)
}

/** Opens entries in IndexedDB database `name`. Rejects where the browser blocks storage. */
export async function openSentIdb(name: string): Promise<SentStorage> {
  const db = await openDB<Schema>(name, VERSION, {
    upgrade,
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  })
  const write = async (work: (tx: Writing) => Promise<void>): Promise<void> => {
    const tx = db.transaction(STORES, 'readwrite', { durability: 'relaxed' })
    await Promise.all([work(tx), tx.done])
  }
  return {
    put: (added) => write((tx) => putIn(tx, added)),
    settle: (settled) =>
      write(async (tx) => {
        const sent = tx.objectStore('sent')
        for (const one of settled) {
          const row = await sent.index('event').get([one.event.install, one.event.id])
          if (row) await sent.put({ ...settledEntry(row, one), ...(row.n === undefined ? {} : { n: row.n }) })
        }
      }),
    async newest(install, limit) {
      const found: SentEntry[] = []
      const rows = db.transaction('sent').store.index('order')
      for (let cursor = await rows.openCursor(ofInstall(install), 'prev'); cursor; cursor = await cursor.continue()) {
        const { n: _n, ...entry } = cursor.value
        found.push(entry)
        if (found.length >= limit) break
      }
      return found
    },
    forget: (install) => write((tx) => forgetIn(tx, install)),
  }
}
