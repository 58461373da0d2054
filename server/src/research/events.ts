import {
  keepAtLevel,
  type CollectionLevel,
  type EventType,
  type ResearchEvent,
  type StoredEvent,
} from '@lectern/protocol'
import type { Pseudonyms } from './pseudonyms.ts'

/**
 * Members of `data` that researchers get, of what the student's consent allows. Not: names that people or machines give
 * (kernels, clients), sentences to the staff, outputs and edits, in which anything may stand, and clock times.
 */
const MEMBERS: { readonly [K in EventType]?: readonly string[] } = {
  session_started: ['language'],
  session_ended: ['reason'],
  notebook_opened: ['cells'],
  notebook_saved: ['cells'],
  notebook_closed: [],
  notebook_renamed: [],
  cell_executed: [
    'durationMs',
    'executionCount',
    'sourceBytes',
    'outputBytes',
    'stdoutBytes',
    'stderrBytes',
    'status',
    'errorName',
    'errorMessage',
    'traceback',
    'source',
  ],
  cell_added: ['count', 'cells'],
  cell_removed: ['count', 'cells'],
  cell_edited: ['typed', 'pasted', 'deleted'],
  kernel_status: ['status'],
  presence: ['focus', 'idleMs'],
  help_requested: [],
  help_withdrawn: [],
  help_resolved: [],
  help_claimed: [],
  help_released: [],
  message_sent: ['kind'],
  message_withdrawn: [],
  message_seen: [],
  message_answered: ['outcome'],
  connection_lost: [],
  connection_back: [],
}

interface ResearchOptions {
  pseudonym: Pseudonyms
  scrub: (text: string) => string
  times: 'shifted' | 'kept'
}

function scrubbed(value: unknown, scrub: (text: string) => string): unknown {
  if (typeof value === 'string') return scrub(value)
  if (Array.isArray(value)) return value.map((one) => scrubbed(one, scrub))
  return value
}

/**
 * Makes what turns stored events, in their order, into those for a researcher; undefined for what is not theirs (SPEC RES-1, RES-2).
 * `level`: what the student agreed to; undefined where not that researchers get anything.
 */
export function createResearch({ pseudonym, scrub, times }: ResearchOptions) {
  let begin: number | undefined
  return (event: StoredEvent, level: CollectionLevel | undefined): ResearchEvent | undefined => {
    const { student, type, notebook, cell, time } = event
    const members = MEMBERS[type]
    if (level === undefined || members === undefined) return undefined
    begin ??= times === 'shifted' ? time : 0
    const kept = keepAtLevel(type, event.data as Record<string, unknown>, level)
    const known = members.filter((member) => Object.hasOwn(kept, member))
    return {
      student: pseudonym('s', student),
      install: pseudonym('i', event.install),
      seq: event.seq,
      t: time - begin,
      type,
      ...(notebook ? { notebook: pseudonym('n', notebook.id) } : {}),
      ...(cell ? { cell: { id: pseudonym('c', cell.id), index: cell.index, type: cell.type } } : {}),
      data: Object.fromEntries(known.map((member) => [member, scrubbed(kept[member], scrub)])),
    }
  }
}
