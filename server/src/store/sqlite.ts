import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { StoredEvent } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import { createDictionary } from './dictionary.ts'
import { createRowMaker, fromRow, installText, sameContent, studentText, type EventRow } from './event-row.ts'
import { nothingSettled, settle, type Settled } from './settled.ts'
import type { AppendGroup, AppendOutcome, Checkpoint, LogStore, NewEvent } from './store.ts'

const SCHEMA_VERSION = 1
export const CLASS_SPAN = 2 ** 36
/** Install rows are written after so many events: this many at most are read again at start. */
const INSTALLS_EVERY = 50_000
const RETRY_AFTER_SECONDS = 2

const COLUMNS = 'student, id, install, seq, type, received, lag, at, clock_off, session, notebook, cell, data'
const INSERT_EVENT = `INSERT INTO events (n, ${COLUMNS}) VALUES (${Array(14).fill('?').join(', ')}) ON CONFLICT DO NOTHING`
const EVENT_BY_ID = `SELECT n, ${COLUMNS} FROM events WHERE id = ? AND student = ?`
/** Events of a class after a key, in order: bound to the key, the end of the class's keys, and how many. */
export const EVENTS_AFTER = `SELECT n, ${COLUMNS} FROM events WHERE n > ? AND n < ? ORDER BY n LIMIT ?`
const INSERT_CLASS = 'INSERT INTO classes (id, top, installs_at) VALUES (?, 0, 0)'
const INSERT_TERM = 'INSERT INTO terms (text) VALUES (?)'
const INSERT_CONFLICT = 'INSERT INTO conflicts (class, first, event) VALUES (?, ?, ?)'
const INSERT_REFUSED = 'INSERT INTO refused (student, install, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
const SAVE_INSTALL =
  'INSERT INTO installs (student, install, settled) VALUES (?, ?, ?) ON CONFLICT (student, install) DO UPDATE SET settled = excluded.settled'
const SAVE_CHECKPOINT =
  'INSERT INTO checkpoints (class, version, top, state) VALUES (?, ?, ?, ?) ON CONFLICT (class, version) DO UPDATE SET top = excluded.top, state = excluded.state'

/** Settings of the log's file that only tests and measurements change. */
export interface SqliteLogOptions {
  file: string
  /** `OFF` gives up durability: for negative controls alone. */
  synchronous?: 'FULL' | 'OFF'
}

interface ClassRow {
  n: number
  top: number
}

/** Opens a database file the way every file of Lectern is opened: WAL, synced at every commit, foreign keys on. */
function open(file: string, synchronous: 'FULL' | 'OFF' = 'FULL'): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true })
  try {
    const db = new DatabaseSync(file, { timeout: 5000 })
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON`)
    return db
  } catch (error) {
    throw unreadable(file, error)
  }
}

function unreadable(file: string, cause: unknown): CodedError {
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
  const db = open(file)
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

function migrate(db: DatabaseSync, file: string): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version > SCHEMA_VERSION) {
    throw new CodedError(
      'storage_unavailable',
      `${file} was written by a newer Lectern (schema ${version}, this one knows ${SCHEMA_VERSION}). Start that version, or restore a backup made by this one.`,
    )
  }
  if (version === 0) {
    const text = readFileSync(new URL('migrations/001_log.sql', import.meta.url), 'utf8')
    db.exec(`BEGIN IMMEDIATE; ${text}; PRAGMA user_version = 1; COMMIT`)
  }
}

/** What makes the file unfit to serve, found without reading all of it: the header against the size, and each class's last row. */
function check(db: DatabaseSync, file: string): void {
  const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count'])
  const size = Number(db.prepare('PRAGMA page_size').get()?.['page_size'])
  db.exec('PRAGMA wal_checkpoint(PASSIVE)')
  if (statSync(file).size < pages * size && Number(db.prepare('PRAGMA wal_checkpoint').get()?.['busy']) === 0) {
    throw new Error('the file is truncated')
  }
  for (const row of db.prepare('SELECT n, id, top FROM classes').all()) {
    const from = Number(row['n']) * CLASS_SPAN
    const last = db.prepare('SELECT max(n) AS n FROM events WHERE n > ? AND n < ?').get(from, from + CLASS_SPAN)?.['n']
    if (Number(last ?? from) - from !== row['top']) throw new Error(`the log of class ${String(row['id'])} is corrupt`)
  }
}

/** Everything that is known of the open file; made anew from it when a transaction fails. */
class OpenLog {
  readonly db: DatabaseSync
  readonly classes = new Map<string, ClassRow>()
  readonly dictionary
  readonly #toRow
  readonly installs = new Map<number, Map<number, Settled>>()
  readonly #dirty = new Set<string>()
  readonly #touched = new Set<ClassRow>()
  readonly #insert
  readonly #setTop
  unsaved = 0

  constructor(db: DatabaseSync) {
    this.db = db
    this.#insert = db.prepare(INSERT_EVENT)
    this.dictionary = this.#openDictionary()
    this.#toRow = createRowMaker(this.dictionary)
    this.#setTop = db.prepare('UPDATE classes SET top = ? WHERE n = ?')
    this.#load()
  }

  #openDictionary() {
    const find = this.db.prepare('SELECT n FROM terms WHERE text = ?')
    const insert = this.db.prepare(INSERT_TERM)
    const text = this.db.prepare('SELECT text FROM terms WHERE n = ?')
    return createDictionary({
      find: (value) => find.get(value)?.['n'] as number | undefined,
      insert: (value) => Number(insert.run(value).lastInsertRowid),
      text: (term) => String(text.get(term)?.['text']),
    })
  }

  #load(): void {
    const rows = this.db.prepare('SELECT n, id, top, installs_at FROM classes').all()
    for (const row of this.db.prepare('SELECT student, install, settled FROM installs').all()) {
      this.#ofStudent(Number(row['student'])).set(Number(row['install']), JSON.parse(String(row['settled'])))
    }
    const tail = this.db.prepare('SELECT student, install, seq FROM events WHERE n > ? AND n < ?')
    for (const row of rows) {
      const n = Number(row['n'])
      this.classes.set(String(row['id']), { n, top: Number(row['top']) })
      for (const event of tail.iterate(n * CLASS_SPAN + Number(row['installs_at']), (n + 1) * CLASS_SPAN))
        this.#again(event)
    }
    for (const row of this.db.prepare('SELECT student, install, seq FROM refused').iterate()) this.#again(row)
  }

  #again(row: Record<string, unknown>): void {
    this.settle(Number(row['student']), Number(row['install']), Number(row['seq']))
  }

  #ofStudent(student: number): Map<number, Settled> {
    let installs = this.installs.get(student)
    if (!installs) this.installs.set(student, (installs = new Map()))
    return installs
  }

  settle(student: number, install: number, seq: number): void {
    const installs = this.#ofStudent(student)
    let settled = installs.get(install)
    if (!settled) installs.set(install, (settled = nothingSettled()))
    if (settle(settled, seq)) this.#dirty.add(`${student} ${install}`)
  }

  classOf(id: string): ClassRow {
    const known = this.classes.get(id)
    if (known) return known
    const made = { n: Number(this.db.prepare(INSERT_CLASS).run(id).lastInsertRowid), top: 0 }
    this.classes.set(id, made)
    return made
  }

  insert(event: NewEvent): AppendOutcome {
    const target = this.classOf(event.class)
    const row = this.#toRow(event)
    const n = target.n * CLASS_SPAN + target.top + 1
    const { changes } = this.#insert.run(
      n,
      row.student,
      row.id,
      row.install,
      row.seq,
      row.type,
      row.received,
      row.lag,
      row.at,
      row.clock_off,
      row.session,
      row.notebook,
      row.cell,
      row.data,
    )
    this.settle(row.student, row.install, row.seq)
    if (changes === 0) return this.#duplicate(event, row, target)
    target.top += 1
    this.unsaved += 1
    this.#touched.add(target)
    return { status: 'stored', offset: target.top }
  }

  #duplicate(event: NewEvent, row: EventRow, target: ClassRow): AppendOutcome {
    const first = this.db.prepare(EVENT_BY_ID).get(row.id, row.student) as unknown as EventRow & { n: number }
    const offset = first.n - target.n * CLASS_SPAN
    if (sameContent(first, row)) return { status: 'duplicate', offset }
    this.db.prepare(INSERT_CONFLICT).run(target.n, offset, JSON.stringify(event))
    return { status: 'duplicate', offset, conflict: true }
  }

  saveTops(): void {
    for (const row of this.#touched) this.#setTop.run(row.top, row.n)
    this.#touched.clear()
  }

  saveInstalls(): void {
    const save = this.db.prepare(SAVE_INSTALL)
    for (const key of this.#dirty) {
      const [student, install] = key.split(' ').map(Number) as [number, number]
      save.run(student, install, JSON.stringify(this.installs.get(student)?.get(install)))
    }
    this.db.exec('UPDATE classes SET installs_at = top; DELETE FROM refused')
    this.#dirty.clear()
    this.unsaved = 0
  }
}

function openLog({ file, synchronous }: SqliteLogOptions): OpenLog {
  const db = open(file, synchronous)
  try {
    migrate(db, file)
    // A larger log than the default between checkpoints: fewer, larger writes to the file itself.
    db.exec('PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -65536')
    check(db, file)
    return new OpenLog(db)
  } catch (error) {
    db.close()
    throw error instanceof CodedError ? error : unreadable(file, error)
  }
}

/** What is known after a failed write: read again from the file, so that reading goes on while nothing can be written. */
function openAfterFailure({ db }: OpenLog): OpenLog | undefined {
  try {
    if (db.isTransaction) db.exec('ROLLBACK')
    return new OpenLog(db)
  } catch {
    db.close()
    return undefined
  }
}

/** Holds the file open. A file that can not even be read after a failed write is opened again at the next call. */
function holdOpen(options: SqliteLogOptions) {
  let log: OpenLog | undefined = openLog(options)

  function giveUp(cause: unknown): CodedError {
    log = log && openAfterFailure(log)
    const reason = cause instanceof Error ? cause.message : String(cause)
    const detail = `Nothing could be written: ${reason}`
    return new CodedError('storage_unavailable', detail, { cause, retryAfter: RETRY_AFTER_SECONDS })
  }

  return {
    ready: (): OpenLog => (log ??= openLog(options)),
    write<T>(work: (log: OpenLog) => T): T {
      try {
        const open = this.ready()
        open.db.exec('BEGIN IMMEDIATE')
        const result = work(open)
        open.db.exec('COMMIT')
        return result
      } catch (error) {
        throw giveUp(error)
      }
    },
    close(): void {
      if (!log) return
      this.write((open) => open.saveInstalls())
      log.db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      log.db.close()
      log = undefined
    },
  }
}

/** The transaction of `LogStore.append`. */
function appendGroup(open: OpenLog, { events, refused }: AppendGroup): AppendOutcome[] {
  const outcomes = events.map((event) => open.insert(event))
  for (const { class: classId, student, install, seq } of refused) {
    const terms = [
      open.dictionary.term(studentText(classId, student)),
      open.dictionary.term(installText(install)),
    ] as const
    open.db.prepare(INSERT_REFUSED).run(...terms, seq)
    open.settle(...terms, seq)
  }
  open.saveTops()
  if (open.unsaved >= INSTALLS_EVERY) open.saveInstalls()
  return outcomes
}

/**
 * The log in one SQLite file, in WAL mode, synced at every commit. The thread that opens it is its only writer.
 * Throws `storage_unavailable`, naming the file and the way out, when the file is corrupt or of a newer version.
 */
export function openSqliteLog(options: SqliteLogOptions): LogStore {
  const file = holdOpen(options)
  const bounds = (classId: string): ClassRow | undefined => file.ready().classes.get(classId)

  return {
    async append(group) {
      return file.write((open) => appendGroup(open, group))
    },

    async settledThrough(classId, student, install) {
      const open = file.ready()
      const terms = [
        open.dictionary.find(studentText(classId, student)),
        open.dictionary.find(installText(install)),
      ] as const
      return open.installs.get(terms[0] ?? -1)?.get(terms[1] ?? -1)?.through ?? 0
    },

    async read(classId, after, limit) {
      const found = bounds(classId)
      if (!found) return []
      const open = file.ready()
      const from = found.n * CLASS_SPAN
      const rows = open.db.prepare(EVENTS_AFTER).all(from + after, from + CLASS_SPAN, limit) as unknown as (EventRow & {
        n: number
      })[]
      return rows.map((row): StoredEvent => fromRow(row, row.n - from, open.dictionary))
    },

    async top(classId) {
      return bounds(classId)?.top ?? 0
    },

    async classes() {
      return [...file.ready().classes].flatMap(([id, { top }]) => (top > 0 ? [id] : []))
    },

    async loadCheckpoint(classId, version): Promise<Checkpoint | undefined> {
      const found = bounds(classId)
      const row =
        found &&
        file
          .ready()
          .db.prepare('SELECT top, state FROM checkpoints WHERE class = ? AND version = ?')
          .get(found.n, version)
      return row && { offset: Number(row['top']), state: row['state'] as Uint8Array }
    },

    async saveCheckpoint(classId, version, { offset, state }) {
      file.write((open) => open.db.prepare(SAVE_CHECKPOINT).run(open.classOf(classId).n, version, offset, state))
    },

    async probe() {
      // It says what it said before, and is written all the same.
      file.write((open) => open.db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`))
    },

    async close() {
      file.close()
    },
  }
}
