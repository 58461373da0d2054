import { createSecretKey, type KeyObject } from 'node:crypto'
import type { SqliteDatabase } from 'kysely'
import { createNonces, seal, unseal, type RandomBytes } from './seal.ts'
import { contextOf, ROOT, unwrap } from './vault.ts'

const ALL = 'SELECT class_id AS class, student_id AS student, wrapped FROM keys WHERE wrapped IS NOT NULL'
const PUT =
  'INSERT INTO keys (class_id, student_id, wrapped) VALUES (?, ?, ?) ON CONFLICT (class_id, student_id) DO UPDATE SET wrapped = excluded.wrapped'

interface Row {
  readonly class: string
  readonly student: string
  readonly wrapped: Uint8Array
}

interface RewrapOptions {
  /** Open database of the keys. */
  database: SqliteDatabase
  /** The server's key that wraps them, and the one that is to. */
  from: Uint8Array
  to: Uint8Array
  random: RandomBytes
}

const isRoot = (row: Row): boolean => row.class === ROOT.class && row.student === ROOT.student

function opens(key: KeyObject, row: Row): boolean {
  try {
    unseal(key, row.wrapped, contextOf(row))
    return true
  } catch {
    return false
  }
}

/**
 * Wraps every key with another server's key, all or none, and keeps the root that the first one was. False when that was done
 * already: a change was broken off after it. Throws `storage_unavailable` when `from` opens them as little as `to`.
 */
export function rewrapKeys({ database, from, to, random }: RewrapOptions): boolean {
  const [before, after] = [createSecretKey(from), createSecretKey(to)]
  const nonce = createNonces(random)
  const run = (text: string, values: readonly unknown[] = []) => void database.prepare(text).run(values)
  const rows = database.prepare(ALL).all([]) as Row[]
  const root = rows.find(isRoot)
  if (root && opens(after, root)) return false
  const plain = rows.map((row) => ({ ...row, key: unwrap(before, row.wrapped, row) }))
  const all = root ? plain : [...plain, { ...ROOT, key: Buffer.from(from) }]
  // What is overwritten must not stay in a free page.
  database.prepare('PRAGMA secure_delete = ON').all([])
  run('BEGIN IMMEDIATE')
  for (const { class: classId, student, key } of all) {
    const context = contextOf({ class: classId, student })
    run(PUT, [classId, student, seal(after, nonce(), { plain: key, context })])
  }
  run('COMMIT')
  database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all([])
  return true
}
