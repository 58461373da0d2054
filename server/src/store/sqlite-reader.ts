import { DatabaseSync } from 'node:sqlite'
import type { StoredEvent } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import { createDictionary } from './dictionary.ts'
import { fromRow, type EventRow } from './event-row.ts'
import { CLASS_SPAN, EVENTS_AFTER } from './sqlite.ts'

/** The log for threads that only read it, beside the thread that writes. */
export interface LogReader {
  /** Classes with at least one event, with their last offset. */
  tops(): Map<string, number>
  /** Events with offsets in (after, after + limit], in offset order. */
  read(classId: string, after: number, limit: number): StoredEvent[]
  close(): void
}

/** Opens a log for reading; the file must be there. Throws `storage_unavailable`. */
export function openLogReader(file: string): LogReader {
  let db: DatabaseSync
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  } catch (error) {
    throw new CodedError('storage_unavailable', `${file} can not be read.`, { cause: error })
  }
  const classes = db.prepare('SELECT n, id, top FROM classes')
  const one = db.prepare('SELECT n FROM classes WHERE id = ?')
  const events = db.prepare(EVENTS_AFTER)
  const find = db.prepare('SELECT n FROM terms WHERE text = ?')
  const text = db.prepare('SELECT text FROM terms WHERE n = ?')
  const dictionary = createDictionary({
    find: (value) => find.get(value)?.['n'] as number | undefined,
    insert: () => {
      throw new Error('This connection reads only.')
    },
    text: (term) => String(text.get(term)?.['text']),
  })
  return {
    tops() {
      const rows = classes.all().filter(({ top }) => Number(top) > 0)
      return new Map(rows.map(({ id, top }) => [String(id), Number(top)]))
    },
    read(classId, after, limit) {
      const n = one.get(classId)?.['n']
      if (n === undefined) return []
      const from = Number(n) * CLASS_SPAN
      const rows = events.all(from + after, from + CLASS_SPAN, limit) as unknown as (EventRow & { n: number })[]
      return rows.map((row) => fromRow(row, row.n - from, dictionary))
    },
    close: () => db.close(),
  }
}
