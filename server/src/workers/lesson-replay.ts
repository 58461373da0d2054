import { stateHash, type ReplayLine, type StateAnswer, type StoredEvent } from '@lectern/protocol'
import { createClassFold } from '../live/class-fold.ts'
import { diff } from '../live/diff.ts'
import type { ClassFold } from '../live/live.ts'
import { createLessonSharing, type LessonSharing } from './lesson-sharing.ts'
import type { Span } from './lesson-span.ts'
import { offsetBefore, outlines, replaySpan, replayStep, type ReadOutline } from './replay-span.ts'

const READ_AT_ONCE = 1_000

interface LessonReplayOptions {
  class: string
  /** Last offset to look at, and the live state there. */
  top: number
  live: StateAnswer
  asked: Partial<Span>
  /** Whose matrix is told as well. */
  notebook?: string
  read: (after: number, limit: number) => StoredEvent[]
  /** The same without what students wrote, which is read many times faster. */
  outline: ReadOutline
}

/** Who shares now, also by an answer that came a moment ago, decides what is shown of then. `newest`: offset of the last answer. */
function sharingOf({ outline }: LessonReplayOptions): { sharing: LessonSharing; newest: number } {
  const sharing = createLessonSharing()
  let newest = 0
  for (const { offset, student, sharing: value } of outlines(outline, 0, Number.MAX_SAFE_INTEGER)) {
    if (value === undefined) continue
    sharing.answered(student, { offset, sharing: value })
    newest = offset
  }
  return { sharing, newest }
}

/** Makes what is shown of each event: of what is left out as little as of an erased one, so that offsets have no gaps. */
function createCensor(sharing: LessonSharing) {
  let left = 0
  return {
    /** Events that were left out. */
    left: () => left,
    shown(event: StoredEvent): StoredEvent {
      if (event.type === 'sharing_changed' || sharing.takes(event)) return event
      left += 1
      const { notebook: _notebook, cell: _cell, ...rest } = event
      return { ...rest, type: 'erased', data: {} }
    },
  }
}

function* parts({ read }: LessonReplayOptions, after: number, to: number): Generator<StoredEvent[]> {
  for (let offset = after; offset < to;) {
    const events = read(offset, Math.min(READ_AT_ONCE, to - offset))
    if (events.length === 0) throw new Error(`The log ends at offset ${offset}, before ${to}.`)
    yield events
    offset += events.length
  }
}

/** The state and the matrix as they are, and from then on what moved since. */
function createTeller({ class: classId, notebook }: LessonReplayOptions, fold: ClassFold) {
  let matrixAt: number | undefined
  let toldTo = 0

  function* matrix(at: number): Generator<ReplayLine> {
    const rows = notebook === undefined ? undefined : fold.matrix(notebook, matrixAt)
    if (notebook === undefined || !rows) return
    matrixAt = rows.to
    yield { kind: 'matrix', class: classId, notebook, at, ...rows }
  }

  return {
    *whole(at: number): Generator<ReplayLine> {
      fold.flush()
      const { offset, state } = fold.snapshot()
      toldTo = offset
      yield { kind: 'snapshot', class: classId, offset, at, state }
      yield* matrix(at)
    },
    *moved(at: number): Generator<ReplayLine> {
      const flushed = fold.flush()
      if (!flushed || flushed.changes.length === 0) return
      const { to, changes } = flushed
      yield { kind: 'changes', class: classId, at, from: toldTo, to, changes }
      toldTo = to
      yield* matrix(at)
    },
  }
}

/**
 * The lines of a replay: the state of a class at the beginning, then what changed step by step (SPEC RPL-1). Folded from the
 * first event, so that it is what dashboards showed; of who does not share now, nothing is shown of then (SPEC RPL-3).
 */
export function* lessonReplay(options: LessonReplayOptions): Generator<ReplayLine> {
  const { class: classId, top, outline } = options
  const { from, to } = replaySpan(outline, top, options.asked)
  const begin = offsetBefore(outline, top, from)
  // What the server noted after the last lesson belongs to it: who left, who answered anew.
  const end = options.asked.to === undefined ? top : offsetBefore(outline, top, to + 1)
  const everyMs = replayStep(outline, { from: begin, to: end }, from)
  yield { kind: 'replay', class: classId, from, to, everyMs, offset: end }

  const { sharing, newest } = sharingOf(options)
  const { shown, left } = createCensor(sharing)
  const fold = createClassFold()
  const teller = createTeller(options, fold)
  for (const events of parts(options, 0, begin)) {
    fold.apply(events.map(shown))
    fold.flush()
    yield { kind: 'progress', done: fold.offset / begin }
  }
  yield* teller.whole(from)
  let next = from + everyMs
  for (const events of parts(options, begin, end)) {
    for (const event of events) {
      if (event.received > next && next < to) {
        yield* teller.moved(next)
        next += Math.ceil((event.received - next) / everyMs) * everyMs
      }
      fold.apply([shown(event)])
    }
  }
  yield* teller.moved(to)
  yield* ending(options, { fold, isWhole: left() === 0 || newest > top, at: to })
}

interface Ended {
  fold: ClassFold
  /** Nothing was left out, or the live state does not know yet that it is to be. */
  isWhole: boolean
  at: number
}

/** A replay that reaches the present ends in the live state, also in the sums that hold who shares no more. */
function* ending(options: LessonReplayOptions, { fold, isWhole, at }: Ended): Generator<ReplayLine> {
  const { class: classId, top, live } = options
  const { offset, state } = fold.snapshot()
  if (isWhole || offset !== top) return yield { kind: 'end', offset, hash: stateHash(state) }
  const { offset: _offset, hash, at: _at, ...now } = live
  const patch = diff(state, now)
  if (patch) yield { kind: 'changes', class: classId, at, from: 0, to: offset, changes: [patch] }
  yield { kind: 'end', offset, hash }
}
