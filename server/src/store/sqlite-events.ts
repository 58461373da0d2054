import type { DatabaseSync } from 'node:sqlite'
import type { StoredEvent } from '@lectern/protocol'
import type { Owner, Vault } from '../keys/vault.ts'
import { eventContext, NOTEBOOK_CONTEXT, runContext } from './contexts.ts'
import type { createDictionary } from './dictionary.ts'
import { fromRow, ownerOf, runDistance, sealedPart, type Content, type EventRow } from './event-row.ts'

/** Keys of the rows of a class: its number times this, plus the offset. */
export const CLASS_SPAN = 2 ** 36
/** Columns of `events` but the key, in the order in which they are bound. */
export const EVENT_COLUMNS =
  'student, id, install, seq, type, received, lag, at, clock_off, session, notebook, cell, data'
const EVENTS_AFTER = `SELECT n, ${EVENT_COLUMNS} FROM events WHERE n > ? AND n < ? ORDER BY n LIMIT ?`
const EVENTS_OF_STUDENT = `SELECT n, ${EVENT_COLUMNS} FROM events WHERE n > ? AND n < ? AND student = ? ORDER BY n LIMIT ?`
const CONTENTS = 'SELECT n, student, sealed FROM contents WHERE n >= ? AND n <= ?'
/** Of an event whose key was destroyed. */
const NOTHING: Content = [{}]
/** Names of notebooks kept opened. */
const HELD_NAMES = 20_000

/** A row of `events` with its key. */
export type KeyedRow = EventRow & { n: number }

interface EventReaderOptions {
  vault: Vault
  dictionary: Pick<ReturnType<typeof createDictionary>, 'term' | 'text'>
}

/** Reads events and opens what is sealed of them. */
export class SqliteEvents {
  readonly #vault: Vault
  readonly #dictionary: EventReaderOptions['dictionary']
  readonly #events
  readonly #ofStudent
  readonly #contents
  readonly #names = new Map<string, string | undefined>()

  constructor(db: DatabaseSync, { vault, dictionary }: EventReaderOptions) {
    this.#vault = vault
    this.#dictionary = dictionary
    this.#events = db.prepare(EVENTS_AFTER)
    this.#ofStudent = db.prepare(EVENTS_OF_STUDENT)
    this.#contents = db.prepare(CONTENTS)
  }

  #ownerOf(student: number): Owner {
    return ownerOf(this.#dictionary.text(student))
  }

  /** Opens the runs in which these rows were sealed; by the key of the first. */
  #runs(rows: readonly KeyedRow[]): Map<number, readonly (Content | null)[]> {
    const runs = new Map<number, readonly (Content | null)[]>()
    const last = rows.at(-1)?.n
    const first = rows.find((row) => runDistance(row) !== undefined)
    if (!first || last === undefined) return runs
    for (const row of this.#contents.all(first.n - (runDistance(first) ?? 0), last)) {
      const n = Number(row['n'])
      const opened = this.#vault.open(this.#ownerOf(Number(row['student'])), row['sealed'] as Uint8Array, runContext(n))
      if (opened) runs.set(n, JSON.parse(opened.toString('utf8')) as (Content | null)[])
    }
    return runs
  }

  #content(row: KeyedRow, runs: ReadonlyMap<number, readonly (Content | null)[]>): Content {
    const { n, data } = row
    if (data === null) return NOTHING
    const distance = runDistance(row)
    if (distance !== undefined) return runs.get(n - distance)?.[distance] ?? NOTHING
    if (typeof data === 'string') return [JSON.parse(data)]
    const opened = this.#vault.open(this.#ownerOf(row.student), data, eventContext(n))
    return opened ? (JSON.parse(opened.toString('utf8')) as Content) : NOTHING
  }

  #notebook(student: number, text: string): string | undefined {
    if (this.#names.has(text)) return this.#names.get(text)
    const name = this.#vault.open(this.#ownerOf(student), sealedPart(text), NOTEBOOK_CONTEXT)?.toString('utf8')
    if (this.#names.size >= HELD_NAMES) this.#names.clear()
    this.#names.set(text, name)
    return name
  }

  /** What is sealed or plain of one row. */
  contentOf(row: KeyedRow): Content {
    return this.#content(row, this.#runs([row]))
  }

  /** Events of a class, whose keys begin after `from`, with offsets in (after, after + limit]. */
  read(from: number, after: number, limit: number): StoredEvent[] {
    return this.#eventsOf(from, this.#events.all(from + after, from + CLASS_SPAN, limit) as unknown as KeyedRow[])
  }

  /** The same, of one student. */
  readStudent(from: number, student: number, { after, limit }: { after: number; limit: number }): StoredEvent[] {
    const rows = this.#ofStudent.all(from + after, from + CLASS_SPAN, student, limit) as unknown as KeyedRow[]
    return this.#eventsOf(from, rows)
  }

  #eventsOf(from: number, rows: readonly KeyedRow[]): StoredEvent[] {
    const runs = this.#runs(rows)
    return rows.map((row) =>
      fromRow(row, {
        offset: row.n - from,
        dictionary: this.#dictionary,
        notebook: (text) => this.#notebook(row.student, text),
        content: this.#content(row, runs),
      }),
    )
  }
}
