import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CodedError } from '../errors.ts'
import { COPIED_FILES, DATA_FILES, KEYS_FILE } from './data-files.ts'
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
/** Name of the server's key among copied keys. */
const SERVER_KEY_COPY = 'server.key'
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

/** Those of the databases that are there. Throws `not_found` when one is missing that can not be made again. */
function databasesIn(folder: string, names: readonly string[] = Object.values(DATA_FILES)): string[] {
  for (const name of NEEDED) {
    if (!existsSync(join(folder, name))) throw new CodedError('not_found', `${join(folder, name)} is not there.`)
  }
  return names.filter((name) => existsSync(join(folder, name)))
}

/** Copies databases, each as of one moment, into a folder that must hold none of them. Throws `conflict`. */
function copyInto(target: string, files: readonly string[]): string[] {
  mkdirSync(target, { recursive: true, mode: 0o700 })
  const copies = files.map((from) => ({ from, to: join(target, basename(from)) }))
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

/**
 * Copies the databases into a new folder, also while a server runs; not the keys of what students wrote, which a copy must not
 * outlive. Gives the files written. Throws `conflict` when the folder holds a backup already, `not_found` when there is nothing to copy.
 */
export function backUp(dataDir: string, target: string): string[] {
  return copyInto(
    target,
    databasesIn(dataDir, COPIED_FILES).map((name) => join(dataDir, name)),
  )
}

/**
 * Copies the keys, and the server's key that wraps them, into a folder, in the place of what an earlier copy left there: a kept
 * old copy would undo every erasure since. Gives the files written. Throws `not_found`.
 */
export function backUpKeys({ dataDir, keyFile }: { dataDir: string; keyFile: string }, target: string): string[] {
  const keys = join(dataDir, KEYS_FILE)
  for (const file of [keys, keyFile]) if (!existsSync(file)) throw new CodedError('not_found', `${file} is not there.`)
  const aside = join(target, `${KEYS_FILE}.new`)
  mkdirSync(target, { recursive: true, mode: 0o700 })
  rmSync(aside, { force: true })
  rows(keys, 'VACUUM INTO ?', [aside])
  syncToDisk(aside)
  const copies = [join(target, KEYS_FILE), join(target, SERVER_KEY_COPY)] as const
  copyFileSync(keyFile, copies[1])
  syncToDisk(copies[1])
  renameSync(aside, copies[0])
  syncToDisk(target)
  return [...copies]
}

/** Puts copied keys in the place of those that are there. Throws `not_found`. */
function restoreKeys(from: string, { dataDir, keyFile }: { dataDir: string; keyFile: string }): void {
  const copies = [join(from, KEYS_FILE), join(from, SERVER_KEY_COPY)] as const
  for (const file of copies) if (!existsSync(file)) throw new CodedError('not_found', `${file} is not there.`)
  for (const name of [`${KEYS_FILE}-wal`, `${KEYS_FILE}-shm`]) rmSync(join(dataDir, name), { force: true })
  copyFileSync(copies[0], join(dataDir, KEYS_FILE))
  mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 })
  copyFileSync(copies[1], keyFile)
  chmodSync(keyFile, 0o600)
  syncToDisk(join(dataDir, KEYS_FILE))
  syncToDisk(keyFile)
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

interface RestoreOptions {
  dataDir: string
  /** Where the server's key belongs. */
  keyFile: string
  /** Folder of copied keys to put in place; without it those that are there are used. */
  keys?: string | undefined
  now: Date
}

/**
 * Puts a backup in the place of the data. What was there is moved into a folder beside it, whose path is given back
 * (undefined when there was nothing), so that nothing is lost by restoring the wrong copy.
 * Throws `not_found` when the backup is not whole or there are no keys to read it with, `storage_unavailable` when it is damaged or a server runs on the data.
 */
export function restore(backup: string, { dataDir, keyFile, keys, now }: RestoreOptions): string | undefined {
  const { faults } = verify(backup)
  if (faults.length > 0) throw new CodedError('storage_unavailable', `The backup is damaged: ${faults.join('; ')}.`)
  const lock = lockDataDirectory(dataDir)
  try {
    if (keys !== undefined) restoreKeys(keys, { dataDir, keyFile })
    else if (!existsSync(join(dataDir, KEYS_FILE))) {
      throw new CodedError(
        'not_found',
        `${join(dataDir, KEYS_FILE)} is not there; name the folder of the copied keys with --keys.`,
      )
    }
    const aside = join(dataDir, `replaced-${now.toISOString().replaceAll(/\D/g, '').slice(0, 14)}`)
    const old = Object.values(DATA_FILES)
      .flatMap((name) => [name, `${name}-wal`, `${name}-shm`])
      .filter((name) => existsSync(join(dataDir, name)))
    if (old.length > 0) mkdirSync(aside, { mode: 0o700 })
    for (const name of old) renameSync(join(dataDir, name), join(aside, name))
    for (const name of databasesIn(backup, COPIED_FILES)) {
      copyFileSync(join(backup, name), join(dataDir, name))
      syncToDisk(join(dataDir, name))
    }
    syncToDisk(dataDir)
    return old.length > 0 ? aside : undefined
  } finally {
    lock.release()
  }
}
