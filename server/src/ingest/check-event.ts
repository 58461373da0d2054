import {
  CELL_EVENT_TYPES,
  EVENT_DATA,
  EventEnvelope,
  isEventType,
  keepAtLevel,
  NOTEBOOK_EVENT_TYPES,
  SERVER_EVENT_TYPES,
  type CellRef,
  type CollectionLevel,
  type ErrorCode,
  type NotebookRef,
} from '@lectern/protocol'
import { Compile } from 'typebox/compile'
import type { NewEvent } from '../store/store.ts'
import { eventTime } from './event-time.ts'
import { hasExactNumbers } from './text.ts'

const envelope = Compile(EventEnvelope)
const dataOf = new Map(Object.entries(EVENT_DATA).map(([type, schema]) => [type, Compile(schema)]))

/** What a student who shares nothing else may still say: it was written to be read. */
const HELP_TYPES: ReadonlySet<string> = new Set(['help_requested', 'help_withdrawn'])

/** Whose event it is, what of it may be kept, and when it came. */
export interface EventContext {
  class: string
  student: string
  /** What is kept; undefined: the student shares nothing but requests for help (SPEC CON-1). */
  level: CollectionLevel | undefined
  received: number
  /** See `clockSkew`. */
  skew: number | undefined
}

/** Why an event is refused (SPEC ING-2). */
export type Refusal = Extract<ErrorCode, 'invalid_event' | 'unknown_type' | 'event_too_large' | 'not_shared'>

function notebookRef({ id, path }: NotebookRef): NotebookRef {
  return { id, path }
}

function cellRef({ id, index, type }: CellRef): CellRef {
  return { id, index, type }
}

/** The event as it will be stored, reduced to the collection level, or why it is refused (SPEC EVT-1 … EVT-5, LVL-1). */
export function checkEvent(value: unknown, context: EventContext): NewEvent | Refusal {
  if (!envelope.Check(value)) return 'invalid_event'
  const { type, notebook, cell } = value
  if (!isEventType(type) || SERVER_EVENT_TYPES.has(type)) return 'unknown_type'
  if (context.level === undefined && !HELP_TYPES.has(type)) return 'not_shared'
  if (!notebook && NOTEBOOK_EVENT_TYPES.has(type)) return 'invalid_event'
  if (!cell && CELL_EVENT_TYPES.has(type)) return 'invalid_event'
  if (!dataOf.get(type)?.Check(value.data)) return 'invalid_event'
  const data = keepAtLevel(type, value.data as Record<string, unknown>, context.level ?? 0)
  if (type === 'custom' && !hasExactNumbers(data)) return 'invalid_event'
  const { time, clockOff } = eventTime(value.at, context.received, context.skew)
  const event = {
    class: context.class,
    student: context.student,
    id: value.id,
    install: value.install,
    seq: value.seq,
    type,
    at: value.at,
    received: context.received,
    time,
    data,
  } as NewEvent
  if (clockOff) event.clockOff = true
  if (value.session !== undefined) event.session = value.session
  if (notebook) event.notebook = notebookRef(notebook)
  if (cell) event.cell = cellRef(cell)
  return event
}
