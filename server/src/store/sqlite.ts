import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { CodedError } from '../errors.ts'

/** Opens a database file the way every file of Lectern is opened: WAL, synced at every commit, foreign keys on. */
export function openDatabase(file: string, synchronous: 'FULL' | 'OFF' = 'FULL'): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true })
  try {
    const db = new DatabaseSync(file, { timeout: 5000 })
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON`)
    return db
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** What is said of a file that can not be used: its name, the reason, and the way out. */
export function unreadable(file: string, cause: unknown): CodedError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const advice = /malformed|not a database|corrupt|truncated/i.test(reason)
    ? 'Stop the server and put the latest backup in its place with `lectern restore FOLDER`; what is there is kept beside it.'
    : 'See that the folder exists, is writable and has free space.'
  return new CodedError('storage_unavailable', `${file} can not be used: ${reason}. ${advice}`, { cause })
}

/**
 * A database as Kysely's SQLite dialect wants it.
 * Throws `storage_unavailable`, naming the file, when it can not be opened.
 */
export function openSqliteDatabase(file: string) {
  const db = openDatabase(file)
  return {
    close: () => db.close(),
    prepare(text: string) {
      const statement = db.prepare(text)
      return {
        reader: statement.columns().length > 0,
        all: (values: readonly unknown[]) => statement.all(...(values as SQLInputValue[])),
        run: (values: readonly unknown[]) => statement.run(...(values as SQLInputValue[])),
        iterate: (values: readonly unknown[]) => statement.iterate(...(values as SQLInputValue[])),
      }
    },
  }
}

/**
 * Takes the data directory for this process: a lock the operating system releases however the process ends.
 * Throws `storage_unavailable` when another server holds it.
 */
export function lockDataDirectory(directory: string): { release(): void } {
  const file = `${directory}/lectern.lock`
  mkdirSync(directory, { recursive: true })
  const db = new DatabaseSync(file, { timeout: 0 })
  try {
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    throw new CodedError(
      'storage_unavailable',
      `Another Lectern server uses the data directory ${directory}. Stop it, or give this one a LECTERN_DATA_DIR of its own.`,
      { cause: error },
    )
  }
  return { release: () => db.close() }
}
