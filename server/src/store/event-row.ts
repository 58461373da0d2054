import type { CellRef, NotebookRef, StoredEvent } from '@lectern/protocol'
import type { Owner } from '../keys/vault.ts'
import type { NewEvent } from './store.ts'

/** Numbers of texts that repeat; `term` gives the number of a text, `text` the text of a number. */
export interface Dictionary {
  term(text: string): number
  text(term: number): string
}

/** One row of `events` as the driver gives it, but for its key. */
export interface EventRow {
  student: number
  id: Uint8Array
  install: number
  seq: number
  type: number
  received: number
  lag: number
  /** Null where the text that the client wrote is sealed with the data. */
  at: number | null
  clock_off: number | null
  session: number | null
  notebook: number | null
  cell: number | null
  /** Plain JSON text, sealed bytes, the distance (in digits) to the first of those it was sealed with, or nothing. */
  data: string | Uint8Array | null
}

/** Texts begin with the letter of their kind, so that kinds share one dictionary. Lengths and numbers stand first: no separator can be forged. */
const notebookText = ({ id, path }: NotebookRef): string => `n${path.length}:${path}${id}`
const cellText = ({ id, index, type }: CellRef): string => `c${index}:${type}:${id}`

/** Dictionary text of a student. */
export const studentText = (classId: string, student: string): string => `p${classId.length}:${classId}${student}`
/** Dictionary text of an install. */
export const installText = (install: string): string => `i${install.toLowerCase()}`

/** Whose a dictionary text made by `studentText` is. */
export function ownerOf(text: string): Owner {
  const colon = text.indexOf(':')
  const end = colon + 1 + Number(text.slice(1, colon))
  return { class: text.slice(colon + 1, end), student: text.slice(end) }
}

const studentOf = (text: string): string => ownerOf(text).student

/** Beginning of the dictionary texts of a student's sealed notebooks. */
export const sealedPrefix = (student: number): string => `N${student}:`

/** The sealed part of such a text. */
export const sealedPart = (text: string): Uint8Array => Buffer.from(text.slice(text.indexOf(':') + 1), 'base64url')

function notebookOf(text: string): NotebookRef {
  const colon = text.indexOf(':')
  const end = colon + 1 + Number(text.slice(1, colon))
  return { id: text.slice(end), path: text.slice(colon + 1, end) }
}

function cellOf(text: string): CellRef {
  const [index, type] = text.slice(1).split(':', 2) as [string, CellRef['type']]
  return { id: text.slice(index.length + type.length + 3), index: Number(index), type }
}

const HEX = Uint8Array.from({ length: 128 }, (_, code) => Number.parseInt(String.fromCodePoint(code), 16) || 0)

/** The 16 bytes of a UUID. */
export function uuidBytes(uuid: string): Uint8Array {
  const bytes = new Uint8Array(16)
  for (let at = 0, from = 0; at < 16; at += 1, from += 2) {
    if (uuid.codePointAt(from) === 45) from += 1
    // SPEC EVT-1: the envelope was checked, every character is a hex digit.
    bytes[at] = ((HEX[uuid.charCodeAt(from)] ?? 0) << 4) | (HEX[uuid.charCodeAt(from + 1)] ?? 0)
  }
  return bytes
}

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** What `toISOString` writes, but for days and hours that a date may roll over. */
const PLAIN_TIME = /^\d{4}-\d\d-(?:[01]\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

/** Canonical ISO times are kept as a distance from `time`; anything else as it was written. */
function packAt(at: string, time: number): number | string {
  const ms = Date.parse(at)
  if (!Number.isFinite(ms)) return at
  // Most times are told by their form alone; making the text anew to compare costs more than the rest of the row.
  return PLAIN_TIME.test(at) || at === new Date(ms).toISOString() ? ms - time : at
}

/** Members of `data` that are text and yet nothing that a student wrote. */
const FACTS = new Set(['status', 'startedAt', 'endedAt', 'by', 'rules', 'experiment', 'sharing'])

function holdsText(data: object): boolean {
  for (const name in data) {
    const value: unknown = (data as Readonly<Record<string, unknown>>)[name]
    if (typeof value === 'object' || (typeof value === 'string' && !FACTS.has(name))) return true
  }
  return false
}

/** A row, and the part of the event that has to be sealed: `[data]` or `[data, at]` as JSON text. */
export interface MadeRow extends EventRow {
  content: string | undefined
}

/** Makes rows of events. */
export type RowMaker = (event: NewEvent) => MadeRow

/** Seals the text of a notebook's name with the key of the student, always alike. */
export type NameSealer = (event: NewEvent, text: string) => string

/** Numbers of notebooks kept at hand; past this they are sealed and looked up again. */
const HELD_NOTEBOOKS = 20_000

/**
 * Makes rows over a dictionary: every text that an event shares with others becomes a number of it.
 * Neighbours in a batch mostly share all of them, so the last numbers are kept at hand.
 */
export function createRowMaker(dictionary: Dictionary, sealName: NameSealer): RowMaker {
  let last: NewEvent | undefined
  let terms = { student: 0, install: 0, type: 0, session: 0, notebook: 0, cell: 0 }
  const notebooks = new Map<string, number>()

  /** A path may tell a name: each student has notebooks of their own. */
  function notebookTerm(event: NewEvent, notebook: NotebookRef, student: number): number {
    const text = notebookText(notebook)
    const held = `${student} ${text}`
    let term = notebooks.get(held)
    if (term !== undefined) return term
    term = dictionary.term(`${sealedPrefix(student)}${sealName(event, text)}`)
    if (notebooks.size >= HELD_NOTEBOOKS) notebooks.clear()
    notebooks.set(held, term)
    return term
  }

  function look(event: NewEvent): typeof terms {
    const { session, notebook, cell } = event
    const next = { ...terms }
    const another = event.student !== last?.student || event.class !== last.class
    if (another) next.student = dictionary.term(studentText(event.class, event.student))
    if (event.install !== last?.install) next.install = dictionary.term(installText(event.install))
    if (event.type !== last?.type) next.type = dictionary.term(`t${event.type}`)
    if (session !== undefined && session !== last?.session) next.session = dictionary.term(`s${session}`)
    if (notebook && (another || notebook.id !== last?.notebook?.id || notebook.path !== last.notebook.path)) {
      next.notebook = notebookTerm(event, notebook, next.student)
    }
    const before = last?.cell
    if (cell && (cell.id !== before?.id || cell.index !== before.index || cell.type !== before.type)) {
      next.cell = dictionary.term(cellText(cell))
    }
    return next
  }

  return (event) => {
    terms = look(event)
    last = event
    const at = packAt(event.at, event.time)
    const sealed = typeof at === 'string' || holdsText(event.data)
    const data = JSON.stringify(event.data)
    return {
      student: terms.student,
      id: uuidBytes(event.id),
      install: terms.install,
      seq: event.seq,
      type: terms.type,
      received: event.received,
      lag: event.received - event.time,
      at: typeof at === 'string' ? null : at,
      clock_off: event.clockOff ? 1 : null,
      session: event.session === undefined ? null : terms.session,
      notebook: event.notebook ? terms.notebook : null,
      cell: event.cell ? terms.cell : null,
      data: sealed || data === '{}' ? null : data,
      content: sealed ? (typeof at === 'string' ? `[${data},${JSON.stringify(at)}]` : `[${data}]`) : undefined,
    }
  }
}

/** What was opened of a row: its data, and the client's time where that is text. */
export type Content = readonly [data: unknown, at?: string]

/** How far before a row those begin that it was sealed with; undefined when it was sealed alone or not at all. */
export const runDistance = ({ data }: EventRow): number | undefined =>
  typeof data === 'string' && !data.startsWith('{') ? Number(data) : undefined

interface RowParts {
  offset: number
  dictionary: Dictionary
  /** The notebook of a dictionary text; undefined when its key was destroyed. */
  notebook: (text: string) => string | undefined
  content: Content
}

/** The event of a row. */
export function fromRow(row: EventRow, { offset, dictionary, notebook, content }: RowParts): StoredEvent {
  const time = row.received - row.lag
  const [data, at] = content
  const event: Record<string, unknown> = {
    offset,
    student: studentOf(dictionary.text(row.student)),
    id: uuidText(row.id),
    install: dictionary.text(row.install).slice(1),
    seq: row.seq,
    type: dictionary.text(row.type).slice(1),
    at: at ?? new Date(time + (row.at ?? 0)).toISOString(),
    received: row.received,
    time,
  }
  if (row.clock_off) event['clockOff'] = true
  if (row.session !== null) event['session'] = dictionary.text(row.session).slice(1)
  const name = row.notebook === null ? undefined : notebook(dictionary.text(row.notebook))
  if (name !== undefined) event['notebook'] = notebookOf(name)
  if (row.cell !== null) event['cell'] = cellOf(dictionary.text(row.cell))
  event['data'] = data
  return event as StoredEvent
}

/** True if two rows tell the same, but for their data and whatever the times of arrival (SPEC ING-5). */
export function sameRow(a: EventRow, b: EventRow): boolean {
  return (
    a.install === b.install &&
    a.seq === b.seq &&
    a.type === b.type &&
    a.session === b.session &&
    a.notebook === b.notebook &&
    a.cell === b.cell
  )
}
