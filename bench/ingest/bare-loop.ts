import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createVault } from '../../server/src/keys/vault.ts'
import { openSqliteDatabase } from '../../server/src/store/sqlite.ts'
import { openSqliteLog } from '../../server/src/store/sqlite-log.ts'
import { EVENT_DATA } from './batches.ts'

const GROUP = 1000
const STUDENTS = 64
const INSERT = `INSERT INTO events (n, student, id, install, seq, type, received, lag, at, session, notebook, cell, data)
  VALUES (?, ?, ?, ?, ?, 1, ?, 12, -12, 2, 3, 4, ?)`
const DATA = JSON.stringify(EVENT_DATA)

/** A 16-byte id that sorts by its number, as UUIDv7 do. */
function idOf(number: number): Uint8Array {
  const id = Buffer.alloc(16)
  id.writeBigUInt64BE(BigInt(number))
  return id
}

/**
 * Events a second that a bare loop inserts into the log's own table, in transactions of 1,000 synced as the log syncs them:
 * ready values, nothing parsed, checked, looked up, answered or folded.
 */
export async function bareLoop(seconds: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-bench-'))
  const file = join(folder, 'log.db')
  // The store makes the tables; the loop has the file to itself.
  const vault = createVault({
    database: openSqliteDatabase(join(folder, 'keys.db')),
    serverKey: randomBytes(32),
    random: randomBytes,
  })
  await openSqliteLog({ file, vault }).close()
  const db = new DatabaseSync(file)
  db.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -65536')
  const insert = db.prepare(INSERT)
  let events = 0
  const began = performance.now()
  while (performance.now() - began < seconds * 1000) {
    db.exec('BEGIN IMMEDIATE')
    const received = Date.now()
    for (let end = events + GROUP; events < end; events += 1) {
      insert.run(2 ** 36 + events, events % STUDENTS, idOf(events), events % STUDENTS, events, received, DATA)
    }
    db.exec('COMMIT')
  }
  const perSecond = events / ((performance.now() - began) / 1000)
  db.close()
  rmSync(folder, { recursive: true, force: true })
  return Math.round(perSecond)
}
