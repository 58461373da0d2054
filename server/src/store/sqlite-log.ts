import type { DatabaseSync } from 'node:sqlite'
import { CodedError } from '../errors.ts'
import { ofClass, type Vault } from '../keys/vault.ts'
import { CHECKPOINT_CONTEXT, CONFLICT_CONTEXT, NOTEBOOK_CONTEXT } from './contexts.ts'
import { createDictionary } from './dictionary.ts'
import { createRowMaker, installText, sameRow, studentText, type MadeRow } from './event-row.ts'
import { SealedRuns } from './sealed-runs.ts'
import { nothingSettled, settle, type Settled } from './settled.ts'
import { openDatabase, unreadable } from './sqlite.ts'
import { CLASS_SPAN, EVENT_COLUMNS, SqliteEvents, type KeyedRow } from './sqlite-events.ts'
import { eraseClassRows, eraseRows } from './sqlite-erase.ts'
import { check, migrate, SCHEMA_VERSION } from './sqlite-schema.ts'
import type { AppendGroup, AppendOutcome, Checkpoint, LogStore, NewEvent } from './store.ts'

/** Install rows are written after so many events: this many at most are read again at start. */
const INSTALLS_EVERY = 50_000
const RETRY_AFTER_SECONDS = 2

const INSERT_EVENT = `INSERT INTO events (n, ${EVENT_COLUMNS}) VALUES (${Array(14).fill('?').join(', ')}) ON CONFLICT DO NOTHING`
const INSERT_CONTENTS = 'INSERT INTO contents (n, student, sealed) VALUES (?, ?, ?)'
const EVENT_BY_ID = `SELECT n, ${EVENT_COLUMNS} FROM events WHERE id = ? AND student = ?`
const INSERT_CLASS = 'INSERT INTO classes (id, top, installs_at) VALUES (?, 0, 0)'
const INSERT_TERM = 'INSERT INTO terms (text) VALUES (?)'
const INSERT_CONFLICT = 'INSERT INTO conflicts (class, first, event) VALUES (?, ?, ?)'
const INSERT_REFUSED = 'INSERT INTO refused (student, install, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
const SAVE_INSTALL =
  'INSERT INTO installs (student, install, settled) VALUES (?, ?, ?) ON CONFLICT (student, install) DO UPDATE SET settled = excluded.settled'
const LIST_CHECKPOINTS = 'SELECT c.id, k.top FROM checkpoints k JOIN classes c ON c.n = k.class WHERE k.version = ?'
const SAVE_CHECKPOINT =
  'INSERT INTO checkpoints (class, version, top, state) VALUES (?, ?, ?, ?) ON CONFLICT (class, version) DO UPDATE SET top = excluded.top, state = excluded.state'

/** Settings of the log's file that only tests and measurements change. */
export interface SqliteLogOptions {
  file: string
  /** Seals and opens what students wrote. Closed with the log. */
  vault: Vault
  /** `OFF` gives up durability: for negative controls alone. */
  synchronous?: 'FULL' | 'OFF'
}

interface ClassRow {
  n: number
  top: number
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
  readonly #vault: Vault
  readonly events
  readonly #runs
  unsaved = 0

  constructor(db: DatabaseSync, vault: Vault) {
    this.db = db
    this.#vault = vault
    this.#insert = db.prepare(INSERT_EVENT)
    this.dictionary = this.#openDictionary()
    this.events = new SqliteEvents(db, { vault, dictionary: this.dictionary })
    this.#toRow = createRowMaker(this.dictionary, (event, text) =>
      Buffer.from(vault.sealAlike(event, Buffer.from(text), NOTEBOOK_CONTEXT)).toString('base64url'),
    )
    const keep = db.prepare(INSERT_CONTENTS)
    this.#runs = new SealedRuns({ vault, keep: (n, student, sealed) => keep.run(n, student, sealed) })
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

  /** Adds events in their order, each with its outcome. */
  insertAll(events: readonly NewEvent[]): AppendOutcome[] {
    const outcomes = events.map((event, index) => {
      const next = events[index + 1]
      return this.#insertOne(event, next !== undefined && next.student === event.student && next.class === event.class)
    })
    this.#runs.end()
    return outcomes
  }

  #insertOne(event: NewEvent, more: boolean): AppendOutcome {
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
      this.#runs.dataOf(row, n, { owner: event, more }),
    )
    this.settle(row.student, row.install, row.seq)
    if (changes === 0) return this.#duplicate(event, row, target)
    this.#runs.added(row)
    target.top += 1
    this.unsaved += 1
    this.#touched.add(target)
    return { status: 'stored', offset: target.top }
  }

  #duplicate(event: NewEvent, row: MadeRow, target: ClassRow): AppendOutcome {
    // It may be sealed with those before it in this very group.
    this.#runs.end()
    const first = this.db.prepare(EVENT_BY_ID).get(row.id, row.student) as unknown as KeyedRow
    const offset = first.n - target.n * CLASS_SPAN
    const [data] = this.events.contentOf(first)
    if (sameRow(first, row) && JSON.stringify(data) === JSON.stringify(event.data))
      return { status: 'duplicate', offset }
    const kept = this.#vault.seal(event, JSON.stringify(event), CONFLICT_CONTEXT)
    this.db.prepare(INSERT_CONFLICT).run(target.n, offset, kept)
    return { status: 'duplicate', offset, conflict: true }
  }

  /** Empties every event of a student; returns how many there were. */
  erase(classId: string, student: string): number {
    const target = this.classes.get(classId)
    const term = this.dictionary.find(studentText(classId, student))
    if (!target || term === undefined) return 0
    return eraseRows(this.db, { class: target.n, student: term, type: this.dictionary.term('terased') })
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

function openLog({ file, synchronous, vault }: SqliteLogOptions): OpenLog {
  const db = openDatabase(file, synchronous)
  try {
    migrate(db, file, vault)
    // A larger log than the default between checkpoints: fewer, larger writes to the file itself.
    db.exec('PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -65536')
    check(db, file)
    return new OpenLog(db, vault)
  } catch (error) {
    db.close()
    throw error instanceof CodedError ? error : unreadable(file, error)
  }
}

/** What is known after a failed write: read again from the file, so that reading goes on while nothing can be written. */
function openAfterFailure({ db }: OpenLog, vault: Vault): OpenLog | undefined {
  try {
    if (db.isTransaction) db.exec('ROLLBACK')
    return new OpenLog(db, vault)
  } catch {
    db.close()
    return undefined
  }
}

/** Holds the file open. A file that can not even be read after a failed write is opened again at the next call. */
function holdOpen(options: SqliteLogOptions) {
  let log: OpenLog | undefined = openLog(options)

  function giveUp(cause: unknown): CodedError {
    log = log && openAfterFailure(log, options.vault)
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
    /** Brings every page of the last writes into the file itself. */
    forgetTraces: () => log?.db.exec('PRAGMA wal_checkpoint(TRUNCATE)'),
    /** Reads anew what is known of the file. */
    reopen(): void {
      log = log && new OpenLog(log.db, options.vault)
    },
    close(): void {
      if (log) {
        this.write((open) => open.saveInstalls())
        log.db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
        log.db.close()
        log = undefined
      }
      options.vault.close()
    },
  }
}

/** The transaction of `LogStore.append`. */
function appendGroup(open: OpenLog, { events, refused }: AppendGroup): AppendOutcome[] {
  const outcomes = open.insertAll(events)
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
  const { vault } = options
  const bounds = (classId: string): ClassRow | undefined => file.ready().classes.get(classId)

  /** A checkpoint made before a student was erased has a key that is gone: the log is folded anew. */
  const openState = (classId: string, sealed: Uint8Array): Uint8Array | undefined => {
    try {
      return vault.open(ofClass(classId), sealed, CHECKPOINT_CONTEXT)
    } catch {
      return undefined
    }
  }

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
      return found ? file.ready().events.read(found.n * CLASS_SPAN, after, limit) : []
    },

    async readStudent(classId, student, { after, limit }) {
      const found = bounds(classId)
      const open = file.ready()
      const term = open.dictionary.find(studentText(classId, student))
      if (!found || term === undefined) return []
      return open.events.readStudent(found.n * CLASS_SPAN, term, { after, limit })
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
      const state = row && openState(classId, row['state'] as Uint8Array)
      return state && { offset: Number(row['top']), state }
    },

    async checkpoints(version) {
      const rows = file.ready().db.prepare(LIST_CHECKPOINTS).all(version)
      return new Map(rows.map(({ id, top }) => [String(id), Number(top)]))
    },

    async saveCheckpoint(classId, version, { offset, state }) {
      const sealed = vault.seal(ofClass(classId), state, CHECKPOINT_CONTEXT)
      file.write((open) => open.db.prepare(SAVE_CHECKPOINT).run(open.classOf(classId).n, version, offset, sealed))
    },

    async erase(classId, student) {
      vault.forget()
      const erased = file.write((open) => open.erase(classId, student))
      file.forgetTraces()
      return erased
    },

    async eraseClass(classId) {
      vault.forget()
      const found = bounds(classId)
      if (!found) return
      file.write((open) => eraseClassRows(open.db, { class: found.n, id: classId }))
      file.reopen()
      file.forgetTraces()
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
