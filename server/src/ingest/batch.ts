import { LIMITS } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import type { NewEvent, RefusedSeq } from '../store/store.ts'
import { checkEvent, type EventContext, type Refusal } from './check-event.ts'
import { clockSkew } from './event-time.ts'
import { parseJson } from './guard.ts'
import { mayNeedRepair, storable } from './text.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** One event of a batch after the checks: to be stored, or refused with a code. `id` as it was sent, or null. */
export type Judged = { id: string; event: NewEvent } | { id: string | null; refusal: Refusal }

/** A batch after the checks: one entry an event, in the order sent, and the sequence numbers that refusals settle. */
export interface JudgedBatch {
  judged: Judged[]
  refused: RefusedSeq[]
}

interface RawBatch {
  events: unknown[]
  sentAt?: string
}

function readBatch(value: unknown): RawBatch {
  const { events, sentAt } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (!Array.isArray(events)) throw new CodedError('bad_request', '`events` must be a list.')
  if (events.length > LIMITS.batchEvents) {
    throw new CodedError('too_many_events', `${events.length} events; at most ${LIMITS.batchEvents} at once.`)
  }
  if (sentAt !== undefined && typeof sentAt !== 'string') throw new CodedError('bad_request', '`sentAt` must be text.')
  return sentAt === undefined ? { events } : { events, sentAt }
}

function refuse(value: unknown, refusal: Refusal, context: EventContext): { judged: Judged; settles?: RefusedSeq } {
  const { id, install, seq } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const named = typeof id === 'string' && UUID.test(id)
  const judged: Judged = { id: named ? id : null, refusal }
  // SPEC ING-4: a refused event settles its number, if it has one and is named by an id its client can settle it by.
  if (!named || typeof install !== 'string' || !UUID.test(install)) return { judged }
  if (!Number.isSafeInteger(seq) || (seq as number) < 1) return { judged }
  return { judged, settles: { class: context.class, student: context.student, install, seq: seq as number } }
}

/**
 * Judges each event of a batch on its own (SPEC BAT-2).
 * Throws `bad_json`, `too_deep`, `too_many_keys`, `bad_request` or `too_many_events` for the batch as a whole.
 */
export function judgeBatch(bytes: Uint8Array, source: Omit<EventContext, 'skew'>): JudgedBatch {
  const { value, text } = parseJson(bytes)
  const batch = readBatch(value)
  const context = { ...source, skew: clockSkew(batch.sentAt, source.received) }
  const repair = mayNeedRepair(text)
  const mayBeTooLarge = bytes.byteLength > LIMITS.eventBytes
  const result: JudgedBatch = { judged: [], refused: [] }
  for (const raw of batch.events) {
    const event = repair ? storable(raw) : raw
    const tooLarge = mayBeTooLarge && Buffer.byteLength(JSON.stringify(event)) > LIMITS.eventBytes
    const checked = tooLarge ? 'event_too_large' : checkEvent(event, context)
    if (typeof checked === 'object') {
      result.judged.push({ id: checked.id, event: checked })
    } else {
      const { judged, settles } = refuse(event, checked, context)
      result.judged.push(judged)
      if (settles) result.refused.push(settles)
    }
  }
  return result
}
