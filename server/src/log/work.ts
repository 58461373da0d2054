import { CodedError } from '../errors.ts'
import type { GroupResult, IncomingBatch } from '../ingest/ingest.ts'
import type { ServiceHealth } from '../services/part.ts'
import { claimHelp } from './claim-help.ts'
import { countGroup, noCounts } from './counts.ts'
import type { FoldLag } from './fold-lag.ts'
import { askFold } from './fold-questions.ts'
import type { ServerEvent } from './log.ts'
import { appendServerEvents } from './server-events.ts'
import type { LogParts } from './thread-services.ts'
import { toWire, type Call, type FromLog, type ToLog, type WireError } from './wire.ts'

interface LogWorkOptions extends Pick<LogParts, 'store' | 'ingest' | 'live'> {
  send: (message: FromLog, transfer?: ArrayBuffer[]) => void
  foldLag: FoldLag
  health: () => Promise<ServiceHealth[]>
  /** Stops the services of the thread; rejects with what went wrong. */
  close: () => Promise<void>
}

type Group = Extract<ToLog, { kind: 'group' }>

function split({ headers, buffer }: Group): IncomingBatch[] {
  let from = 0
  return headers.map(({ length, ...header }) => {
    const bytes = new Uint8Array(buffer, from, length)
    from += length
    return { ...header, bytes }
  })
}

/** All answers in one buffer. They are ASCII: ids are UUIDs, codes are of the table. */
function pack(
  answers: GroupResult['answers'],
): Pick<Extract<FromLog, { kind: 'answers' }>, 'lengths' | 'buffer' | 'errors'> {
  const errors = new Map<number, WireError>()
  const lengths = answers.map((answer, index) => {
    if (typeof answer === 'string') return answer.length
    errors.set(index, toWire(answer))
    return 0
  })
  const buffer = new ArrayBuffer(lengths.reduce((sum, length) => sum + length, 0))
  Buffer.from(buffer).write(answers.filter((answer) => typeof answer === 'string').join(''), 'latin1')
  return { lengths, buffer, errors }
}

const epochMs = () => performance.timeOrigin + performance.now()

/** What the log thread does with each message; the caller hands them in one after the other. */
export function createLogWork(options: LogWorkOptions): (message: ToLog) => Promise<void> {
  const { ingest, send, foldLag } = options
  const { log: store, clock, isErased } = options.store
  const { followers, feed, reader } = options.live
  const counts = noCounts()

  function refuseAll({ n, headers }: Group, error: unknown): void {
    const errors = new Map(headers.map((_, index) => [index, toWire(error)]))
    send({ kind: 'answers', n, lengths: headers.map(() => 0), buffer: new ArrayBuffer(0), errors, counts })
  }

  async function group(message: Group): Promise<void> {
    const { n, traced, headers } = message
    const at = epochMs()
    let result: GroupResult
    try {
      result = await ingest(split(message))
      countGroup(counts, result)
    } catch (error) {
      refuseAll(message, error)
      return
    }
    const packed = pack(result.answers)
    const { parseMs, commitMs, events } = counts.lastGroup
    const times = { at, parseMs, commitMs, events, batches: headers.length }
    send({ kind: 'answers', n, ...packed, counts, ...(traced ? { times } : {}) }, [packed.buffer])
    const ms = await fold(result.stored, events)
    counts.lastGroup.foldMs = ms
    if (traced) send({ kind: 'folded', n, at: epochMs() - ms, ms })
  }

  /** Returns how long it took, ms. */
  async function fold(stored: GroupResult['stored'], events: number): Promise<number> {
    const began = performance.now()
    foldLag.stored(events)
    try {
      await feed.stored(stored)
    } finally {
      foldLag.folded(events)
    }
    return performance.now() - began
  }

  async function append(asked: ServerEvent[]): Promise<void> {
    const events = asked.filter((event) => !isErased(event))
    const stored = await appendServerEvents(events, store, clock.now())
    countGroup(counts, {
      stored,
      received: events.length,
      duplicate: 0,
      refused: 0,
      conflicts: 0,
      parseMs: 0,
      commitMs: 0,
    })
    await fold(stored, events.length)
  }

  /** What a student wrote is gone; readers get a state in which the student never was (SPEC PRI-3). */
  async function erase({ class: classId, student }: { class: string; student: string }): Promise<number> {
    const erased = await store.erase(classId, student)
    // Readers that are away hold a state with the student: an offset more tells them that theirs is old.
    await appendServerEvents([{ class: classId, student, type: 'erased', data: {} }], store, clock.now())
    reader.forget(classId)
    await feed.restart(classId)
    return erased
  }

  async function eraseClass({ class: classId }: { class: string }): Promise<void> {
    await store.eraseClass(classId)
    reader.forget(classId)
    followers.forget(classId)
  }

  async function answer(message: Call): Promise<unknown> {
    switch (message.call) {
      case 'append':
        return append(message.ask.events)
      case 'state':
      case 'summary':
      case 'counts':
        return reader[message.call](message.ask)
      case 'difference':
        return reader.difference(message.ask)
      case 'events':
        return reader.events(message.ask)
      case 'studentEvents':
        return reader.studentEvents(message.ask)
      case 'help':
      case 'rules':
      case 'messages':
      case 'messageStudents':
      case 'errorStudents':
      case 'requests':
      case 'helpFigures':
      case 'progress':
        return askFold(await followers.fold(message.ask.class), message)
      case 'claim':
        return claimHelp(message.ask, { fold: await followers.fold(message.ask.class), append })
      case 'tops':
        return reader.tops()
      case 'helpQueue':
        return reader.helpQueue(message.ask)
      case 'matrix':
        return reader.matrix(message.ask)
      case 'firstEventAt':
        return reader.firstEventAt(message.ask)
      case 'erase':
        return erase(message.ask)
      case 'eraseClass':
        return eraseClass(message.ask)
      case 'checkpoints':
        return feed.keeping()
      case 'health':
        return options.health()
      case 'close':
        return options.close()
      default:
        throw new CodedError('internal', 'The log thread does not know this call.')
    }
  }

  return async (message) => {
    if (message.kind === 'group') return group(message)
    try {
      send({ kind: 'answer', n: message.n, value: await answer(message) })
    } catch (error) {
      send({ kind: 'refusal', n: message.n, error: toWire(error) })
    }
  }
}
