import type { CellRef, NotebookRef, StoredEvent } from '@lectern/protocol'
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
  at: number | string
  clock_off: number | null
  session: number | null
  notebook: number | null
  cell: number | null
  data: string | null
}

/** Texts begin with the letter of their kind, so that kinds share one dictionary. Lengths and numbers stand first: no separator can be forged. */
const notebookText = ({ id, path }: NotebookRef): string => `n${path.length}:${path}${id}`
const cellText = ({ id, index, type }: CellRef): string => `c${index}:${type}:${id}`

/** Dictionary text of a student. */
export const studentText = (classId: string, student: string): string => `p${classId.length}:${classId}${student}`
/** Dictionary text of an install. */
export const installText = (install: string): string => `i${install.toLowerCase()}`

/** The student's id in a dictionary text made by `studentText`. */
export function studentOf(text: string): string {
  const colon = text.indexOf(':')
  return text.slice(colon + 1 + Number(text.slice(1, colon)))
}

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

/** Makes rows of events. */
export type RowMaker = (event: NewEvent) => EventRow

/**
 * Makes rows over a dictionary: every text that an event shares with others becomes a number of it.
 * Neighbours in a batch mostly share all of them, so the last numbers are kept at hand.
 */
export function createRowMaker(dictionary: Dictionary): RowMaker {
  let last: NewEvent | undefined
  let terms = { student: 0, install: 0, type: 0, session: 0, notebook: 0, cell: 0 }

  function look(event: NewEvent): typeof terms {
    const { session, notebook, cell } = event
    const next = { ...terms }
    if (event.student !== last?.student || event.class !== last.class) {
      next.student = dictionary.term(studentText(event.class, event.student))
    }
    if (event.install !== last?.install) next.install = dictionary.term(installText(event.install))
    if (event.type !== last?.type) next.type = dictionary.term(`t${event.type}`)
    if (session !== undefined && session !== last?.session) next.session = dictionary.term(`s${session}`)
    if (notebook && (notebook.id !== last?.notebook?.id || notebook.path !== last.notebook.path)) {
      next.notebook = dictionary.term(notebookText(notebook))
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
    const data = JSON.stringify(event.data)
    return {
      student: terms.student,
      id: uuidBytes(event.id),
      install: terms.install,
      seq: event.seq,
      type: terms.type,
      received: event.received,
      lag: event.received - event.time,
      at: packAt(event.at, event.time),
      clock_off: event.clockOff ? 1 : null,
      session: event.session === undefined ? null : terms.session,
      notebook: event.notebook ? terms.notebook : null,
      cell: event.cell ? terms.cell : null,
      data: data === '{}' ? null : data,
    }
  }
}

/** The event of a row. */
export function fromRow(row: EventRow, offset: number, dictionary: Dictionary): StoredEvent {
  const time = row.received - row.lag
  const event: Record<string, unknown> = {
    offset,
    student: studentOf(dictionary.text(row.student)),
    id: uuidText(row.id),
    install: dictionary.text(row.install).slice(1),
    seq: row.seq,
    type: dictionary.text(row.type).slice(1),
    at: typeof row.at === 'number' ? new Date(time + row.at).toISOString() : row.at,
    received: row.received,
    time,
  }
  if (row.clock_off) event['clockOff'] = true
  if (row.session !== null) event['session'] = dictionary.text(row.session).slice(1)
  if (row.notebook !== null) event['notebook'] = notebookOf(dictionary.text(row.notebook))
  if (row.cell !== null) event['cell'] = cellOf(dictionary.text(row.cell))
  event['data'] = row.data === null ? {} : JSON.parse(row.data)
  return event as StoredEvent
}

/** True if two rows tell the same, whatever the times of arrival (SPEC ING-5). */
export function sameContent(a: EventRow, b: EventRow): boolean {
  return (
    a.install === b.install &&
    a.seq === b.seq &&
    a.type === b.type &&
    a.session === b.session &&
    a.notebook === b.notebook &&
    a.cell === b.cell &&
    a.data === b.data
  )
}
