import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { StoredEvent } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import { createVault } from '../keys/vault.ts'
import { openSqliteDatabase } from './sqlite.ts'
import { createDictionary } from './dictionary.ts'
import { CLASS_SPAN, SqliteEvents } from './sqlite-events.ts'
import type { LogFiles } from './store.ts'

/** The log for threads that only read it, beside the thread that writes. */
export interface LogReader {
  /** Classes with at least one event, with their last offset. */
  tops(): Map<string, number>
  /** Events with offsets in (after, after + limit], in offset order. */
  read(classId: string, after: number, limit: number): StoredEvent[]
  close(): void
}

/** Opens a log for reading, and what is sealed in it. Throws `storage_unavailable`. */
export function openLogReader({ file, vault: { keys, serverKey } }: LogFiles): LogReader {
  const vault = createVault({ database: openSqliteDatabase(keys), serverKey, random: randomBytes })
  let db: DatabaseSync
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  } catch (error) {
    vault.close()
    throw new CodedError('storage_unavailable', `${file} can not be read.`, { cause: error })
  }
  const classes = db.prepare('SELECT n, id, top FROM classes')
  const one = db.prepare('SELECT n FROM classes WHERE id = ?')
  const find = db.prepare('SELECT n FROM terms WHERE text = ?')
  const text = db.prepare('SELECT text FROM terms WHERE n = ?')
  const dictionary = createDictionary({
    find: (value) => find.get(value)?.['n'] as number | undefined,
    insert: () => {
      throw new Error('This connection reads only.')
    },
    text: (term) => String(text.get(term)?.['text']),
  })
  const events = new SqliteEvents(db, { vault, dictionary })
  return {
    tops() {
      const rows = classes.all().filter(({ top }) => Number(top) > 0)
      return new Map(rows.map(({ id, top }) => [String(id), Number(top)]))
    },
    read(classId, after, limit) {
      const n = one.get(classId)?.['n']
      return n === undefined ? [] : events.read(Number(n) * CLASS_SPAN, after, limit)
    },
    close() {
      db.close()
      vault.close()
    },
  }
}
