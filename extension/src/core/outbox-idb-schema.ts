import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'
import type { LecternEvent } from '../../../protocol/src/events.ts'
import { newJoin, type Draft, type Join, type OpenRun } from './outbox.ts'

/** A waiting event. */
export interface Kept {
  install: string
  seq: number
  /** Length of the event as JSON text, so that a batch can be measured without writing it. */
  length: number
  event: LecternEvent
}

/** An acknowledged event; `at` is the ms at which it was. */
export interface Held extends Kept {
  at: number
}

export type JoinRow = Join & { identity: string }

/** The database. Version 1 had no `runs` and `held`, and joins without their counts. */
export interface Schema extends DBSchema {
  joins: { key: string; value: JoinRow; indexes: { identity: string } }
  events: { key: [string, number]; value: Kept }
  leavings: { key: number; value: { install: string; draft: Draft } }
  runs: { key: string; value: OpenRun }
  held: { key: [string, number]; value: Held; indexes: { at: number } }
}

export type Stores = StoreNames<Schema>[]
/** A transaction over all stores. */
export type Writing = IDBPTransaction<Schema, Stores, 'readwrite'>

export const VERSION = 2
export const STORES: Stores = ['joins', 'events', 'leavings', 'runs', 'held']

/** The keys of one install, in `events` and in `held`. */
export const ofInstall = (install: string, after = -1): IDBKeyRange =>
  IDBKeyRange.bound([install, after + 1], [install, Number.MAX_SAFE_INTEGER])

/** Gives the joins of version 1 what version 2 counts; their events wait on. */
async function addCounts(tx: IDBPTransaction<Schema, Stores, 'versionchange'>): Promise<void> {
  for (const row of await tx.objectStore('joins').getAll()) {
    const events = await tx.objectStore('events').getAll(ofInstall(row.install))
    const kept = { events: events.length, bytes: events.reduce((sum, { length }) => sum + length, 0) }
    await tx.objectStore('joins').put({ ...newJoin(row.install, row.details), ...row, kept })
  }
}

interface Upgrading {
  readonly db: IDBPDatabase<Schema>
  /** Version of what is there; 0 if nothing is. */
  readonly before: number
  readonly tx: IDBPTransaction<Schema, Stores, 'versionchange'>
}

/** Brings a database of any earlier version up to this one. */
export async function upgrade({ db, before, tx }: Upgrading): Promise<void> {
  if (before < 1) {
    db.createObjectStore('joins', { keyPath: 'install' }).createIndex('identity', 'identity')
    db.createObjectStore('events', { keyPath: ['install', 'seq'] })
    db.createObjectStore('leavings', { autoIncrement: true })
  }
  db.createObjectStore('runs', { keyPath: 'id' })
  db.createObjectStore('held', { keyPath: ['install', 'seq'] }).createIndex('at', 'at')
  if (before === 1) await addCounts(tx)
}

export const withoutIdentity = ({ identity: _identity, ...join }: JoinRow): Join => join

/** Writes the join as `next` makes it; nothing if there is none. */
export async function changeJoin(tx: Writing, install: string, next: (join: Join) => Join): Promise<void> {
  const row = await tx.objectStore('joins').get(install)
  if (!row) return
  const { identity, ...join } = row
  await tx.objectStore('joins').put({ ...next(join), identity })
}
