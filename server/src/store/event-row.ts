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

/** Canonical ISO times are kept as a distance from `time`; anything else as it was written. */
function packAt(at: string, time: number): number | string {
  const ms = Date.parse(at)
  return Number.isFinite(ms) && at === new Date(ms).toISOString() ? ms - time : at
}

/** The row of an event. Every text it shares with other events becomes a number of the dictionary. */
export function toRow(event: NewEvent, dictionary: Dictionary): EventRow {
  const data = JSON.stringify(event.data)
  return {
    student: dictionary.term(studentText(event.class, event.student)),
    id: uuidBytes(event.id),
    install: dictionary.term(installText(event.install)),
    seq: event.seq,
    type: dictionary.term(`t${event.type}`),
    received: event.received,
    lag: event.received - event.time,
    at: packAt(event.at, event.time),
    clock_off: event.clockOff ? 1 : null,
    session: event.session === undefined ? null : dictionary.term(`s${event.session}`),
    notebook: event.notebook ? dictionary.term(notebookText(event.notebook)) : null,
    cell: event.cell ? dictionary.term(cellText(event.cell)) : null,
    data: data === '{}' ? null : data,
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
