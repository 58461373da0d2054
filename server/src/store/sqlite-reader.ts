import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { EventType, StoredEvent } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import { createVault } from '../keys/vault.ts'
import { openSqliteDatabase } from './sqlite.ts'
import { createDictionary } from './dictionary.ts'
import { ownerOf } from './event-row.ts'
import { CLASS_SPAN, SqliteEvents } from './sqlite-events.ts'
import type { LogFiles, LogOutline } from './store.ts'

/** Number of no text of the dictionary. */
const NO_TERM = -1
const OUTLINE_AT_ONCE = 20_000
const OUTLINE =
  'SELECT n, student, type, received, CASE WHEN type = ? THEN data END AS answer FROM events WHERE n > ? AND n < ? ORDER BY n LIMIT ?'

/** The log for threads that only read it, beside the thread that writes. */
export interface LogReader {
  /** Classes with at least one event, with their last offset. */
  tops(): Map<string, number>
  /** Events with offsets in (after, after + limit], in offset order. */
  read(classId: string, after: number, limit: number): StoredEvent[]
  /** The same without what is sealed, many times faster. */
  outline(classId: string, after: number, limit?: number): LogOutline[]
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
  const outlines = db.prepare(OUTLINE)
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
    outline(classId, after, limit = OUTLINE_AT_ONCE) {
      const n = one.get(classId)?.['n']
      if (n === undefined) return []
      const from = Number(n) * CLASS_SPAN
      const answers = Number(find.get('tsharing_changed')?.['n'] ?? NO_TERM)
      return outlines.all(answers, from + after, from + CLASS_SPAN, limit).map((row) => ({
        offset: Number(row['n']) - from,
        student: ownerOf(dictionary.text(Number(row['student']))).student,
        type: dictionary.text(Number(row['type'])).slice(1) as EventType,
        received: Number(row['received']),
        ...(row['answer'] === null
          ? {}
          : { sharing: (JSON.parse(String(row['answer'])) as { sharing: boolean }).sharing }),
      }))
    },
    close() {
      db.close()
      vault.close()
    },
  }
}
