import type { CollectionLevel, StoredEvent } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import type { Owner } from '../keys/vault.ts'
import type { AppendOutcome, LogStore, NewEvent } from '../store/store.ts'
import { judgeBatch, type JudgedBatch } from './batch.ts'
import type { ServerClock } from './clock.ts'

/** A batch with its sender, as the log thread receives it. */
export interface IncomingBatch {
  class: string
  student: string
  install: string
  level: CollectionLevel | undefined
  bytes: Uint8Array
}

/** What a group of batches came to. */
export interface GroupResult {
  /** One answer a batch, in order: text of the members `"results":[…],"ackedThrough":N`, or the error of the whole batch. */
  answers: (string | CodedError)[]
  /** What was stored, by class, in offset order. */
  stored: Map<string, StoredEvent[]>
  received: number
  duplicate: number
  refused: number
  conflicts: number
  parseMs: number
  commitMs: number
}

interface IngestOptions {
  store: LogStore
  /** True if what the student wrote was erased: nothing more is taken. */
  isErased: (owner: Owner) => boolean
  clock: ServerClock
}

type Attempt = JudgedBatch | CodedError

function judge(batch: IncomingBatch, received: number, isErased: IngestOptions['isErased']): Attempt {
  try {
    if (isErased(batch)) return new CodedError('token_revoked')
    return judgeBatch(batch.bytes, { class: batch.class, student: batch.student, level: batch.level, received })
  } catch (error) {
    if (error instanceof CodedError) return error
    return new CodedError('internal', 'The batch could not be read.', { cause: error })
  }
}

function resultsText(judged: JudgedBatch['judged'], outcomes: Iterator<AppendOutcome>): string {
  let text = ''
  for (const entry of judged) {
    if (text) text += ','
    if ('refusal' in entry) {
      text += `{"id":${entry.id === null ? 'null' : `"${entry.id}"`},"status":"refused","code":"${entry.refusal}"}`
      continue
    }
    const { status, conflict } = outcomes.next().value as AppendOutcome
    text += `{"id":"${entry.id}","status":"${status}"${conflict ? ',"code":"id_conflict"' : ''}}`
  }
  return text
}

function collect(
  events: NewEvent[],
  outcomes: AppendOutcome[],
): Pick<GroupResult, 'stored' | 'duplicate' | 'conflicts'> {
  const stored = new Map<string, StoredEvent[]>()
  let duplicate = 0
  let conflicts = 0
  for (const [index, { status, offset, conflict }] of outcomes.entries()) {
    const { class: classId, ...event } = events[index] as NewEvent
    if (status === 'duplicate') {
      duplicate += 1
      if (conflict) conflicts += 1
      continue
    }
    const list = stored.get(classId)
    const kept = Object.assign(event, { offset }) as StoredEvent
    if (list) list.push(kept)
    else stored.set(classId, [kept])
  }
  return { stored, duplicate, conflicts }
}

/**
 * Accepts a group of batches: checks, collection level, one durable transaction, and only then the answers (SPEC ING-1).
 * A batch that can not be read is answered with its error and does not touch the others; when the store fails,
 * every batch that had anything to store is answered with that error and nothing of the group was kept (SPEC ING-7).
 */
export function createIngest({
  store,
  clock,
  isErased,
}: IngestOptions): (batches: readonly IncomingBatch[]) => Promise<GroupResult> {
  return async (batches) => {
    const began = performance.now()
    const received = clock.now()
    const attempts = batches.map((batch) => judge(batch, received, isErased))
    const good = attempts.filter((attempt): attempt is JudgedBatch => !(attempt instanceof CodedError))
    const events = good.flatMap(({ judged }) => judged.flatMap((entry) => ('event' in entry ? entry.event : [])))
    const refused = good.flatMap((attempt) => attempt.refused)
    const parsed = performance.now()
    const outcomes = events.length + refused.length > 0 ? await store.append({ events, refused }) : []
    const committed = performance.now()
    const next = outcomes[Symbol.iterator]()
    const answers: GroupResult['answers'] = []
    for (const [index, attempt] of attempts.entries()) {
      if (attempt instanceof CodedError) {
        answers.push(attempt)
        continue
      }
      const { class: classId, student, install } = batches[index] as IncomingBatch
      const through = await store.settledThrough(classId, student, install)
      answers.push(`"results":[${resultsText(attempt.judged, next)}],"ackedThrough":${through}`)
    }
    const all = good.reduce((sum, { judged }) => sum + judged.length, 0)
    return {
      answers,
      ...collect(events, outcomes),
      received: all,
      refused: all - events.length,
      parseMs: parsed - began,
      commitMs: committed - parsed,
    }
  }
}
