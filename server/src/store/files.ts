import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../errors.ts'
import { DATA_FILES } from './data-files.ts'
import { lockDataDirectory, openSqliteDatabase } from './sqlite.ts'
import { CLASS_SPAN } from './sqlite-events.ts'

/** What can be made again from the log may be missing, as it is in older copies. */
const NEEDED = [DATA_FILES.log, DATA_FILES.people]

/** One class whose offsets are not 1, 2, 3 … up to its top (SPEC LOG-1). */
const BROKEN_CLASSES = `
  SELECT classes.id AS id, classes.top AS top, count(events.n) AS events, min(events.n) - classes.n * ${CLASS_SPAN} AS first,
    max(events.n) - classes.n * ${CLASS_SPAN} AS last
  FROM classes LEFT JOIN events ON events.n > classes.n * ${CLASS_SPAN} AND events.n < (classes.n + 1) * ${CLASS_SPAN}
  GROUP BY classes.n
  HAVING events <> classes.top OR (events > 0 AND (first <> 1 OR last <> classes.top))`
const COUNTS = 'SELECT count(*) AS classes, coalesce(sum(top), 0) AS events FROM classes'

function rows(file: string, query: string, values: readonly unknown[] = []): Record<string, unknown>[] {
  const db = openSqliteDatabase(file)
  try {
    return db.prepare(query).all(values)
  } finally {
    db.close()
  }
}

function syncToDisk(path: string): void {
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

/** The databases that are there. Throws `not_found` when one is missing that can not be made again. */
function databasesIn(folder: string): string[] {
  for (const name of NEEDED) {
    if (!existsSync(join(folder, name))) throw new CodedError('not_found', `${join(folder, name)} is not there.`)
  }
  return Object.values(DATA_FILES).filter((name) => existsSync(join(folder, name)))
}

/**
 * Copies the databases into a new folder, also while a server runs, each as of one moment. Gives the files written.
 * Throws `conflict` when the folder holds a backup already, `not_found` when there is nothing to copy.
 */
export function backUp(dataDir: string, target: string): string[] {
  const names = databasesIn(dataDir)
  mkdirSync(target, { recursive: true, mode: 0o700 })
  const copies = names.map((name) => ({ from: join(dataDir, name), to: join(target, name) }))
  for (const { to } of copies) {
    if (existsSync(to)) throw new CodedError('conflict', `${to} is there already; name another folder.`)
  }
  for (const { from, to } of copies) {
    rows(from, 'VACUUM INTO ?', [to])
    syncToDisk(to)
  }
  syncToDisk(target)
  return copies.map(({ to }) => to)
}

/** What `verify` found: sentences about what is wrong, and how much was looked at. */
export interface Verdict {
  faults: string[]
  classes: number
  events: number
}

/**
 * Reads all of the databases and checks them, and that the offsets of every class are contiguous (SPEC LOG-1).
 * Throws `not_found` when a file is not there.
 */
export function verify(dataDir: string): Verdict {
  const names = databasesIn(dataDir)
  const faults: string[] = []
  for (const name of names) {
    const file = join(dataDir, name)
    try {
      for (const row of rows(file, 'PRAGMA integrity_check')) {
        if (row['integrity_check'] !== 'ok') faults.push(`${file}: ${String(row['integrity_check'])}`)
      }
      for (const row of rows(file, 'PRAGMA foreign_key_check')) {
        faults.push(`${file}: a row of ${String(row['table'])} names what is not in ${String(row['parent'])}`)
      }
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error))
    }
  }
  if (faults.length > 0) return { faults, classes: 0, events: 0 }
  const log = join(dataDir, DATA_FILES.log)
  for (const { id, top, events, first, last } of rows(log, BROKEN_CLASSES)) {
    faults.push(
      `${log}: class ${String(id)} should have the offsets 1 to ${String(top)}, but has ${String(events)} events ` +
        `from ${String(first)} to ${String(last)}`,
    )
  }
  const [counts] = rows(log, COUNTS)
  return { faults, classes: Number(counts?.['classes'] ?? 0), events: Number(counts?.['events'] ?? 0) }
}

/**
 * Puts a backup in the place of the data. What was there is moved into a folder beside it, whose path is given back
 * (undefined when there was nothing), so that nothing is lost by restoring the wrong copy.
 * Throws `not_found` when the backup is not whole, `storage_unavailable` when it is damaged or a server runs on the data.
 */
export function restore(backup: string, dataDir: string, now: Date): string | undefined {
  const { faults } = verify(backup)
  if (faults.length > 0) throw new CodedError('storage_unavailable', `The backup is damaged: ${faults.join('; ')}.`)
  const lock = lockDataDirectory(dataDir)
  try {
    const aside = join(dataDir, `replaced-${now.toISOString().replaceAll(/\D/g, '').slice(0, 14)}`)
    const old = Object.values(DATA_FILES)
      .flatMap((name) => [name, `${name}-wal`, `${name}-shm`])
      .filter((name) => existsSync(join(dataDir, name)))
    if (old.length > 0) mkdirSync(aside, { mode: 0o700 })
    for (const name of old) renameSync(join(dataDir, name), join(aside, name))
    for (const name of databasesIn(backup)) {
      copyFileSync(join(backup, name), join(dataDir, name))
      syncToDisk(join(dataDir, name))
    }
    syncToDisk(dataDir)
    return old.length > 0 ? aside : undefined
  } finally {
    lock.release()
  }
}
