import { CodedError } from '../errors.ts'
import type { Log, MatrixFrame } from '../log/log.ts'
import { HOLD_BACK_BYTES, SLOW_AFTER_MS } from './latest-topics.ts'
import type { Session } from './session.ts'

/** At most one frame of a matrix in this time (SPEC MTX-1). */
const EVERY_MS = 1_000

type Held = Pick<MatrixFrame, 'fold' | 'to'>

interface Reader {
  /** `joining`: all rows are on their way. */
  state: 'joining' | 'live' | 'behind'
  /** Since when it is behind, monotonic ms. */
  since: number
  /** Where the last frame that it was sent ended. */
  held: Held | undefined
}

interface Topic {
  class: string
  notebook: string
  readers: Map<Session, Reader>
  /** Where the last frame ended; undefined before the first. */
  held: Held | undefined
  /** The class has moved since. */
  moved: boolean
  dueAt: number
  asking: boolean
}

interface MatrixTopicsOptions {
  log: Pick<Log, 'matrix'>
  /** Monotonic clock, ms. */
  now: () => number
  /** A reader that could not be served, and why: it read too slowly, or the log failed. */
  onLost: (session: Session, error: unknown) => void
}

/** Who follows how far students are with the cells of which notebook (SPEC MTX-1). */
export interface MatrixTopics {
  /** Gives all rows to the session, and from then on those that change. */
  add(session: Session, classId: string, notebook: string): void
  remove(session: Session, classId: string, notebook: string): void
  /** Something of the class has changed. */
  moved(classId: string): void
  /** Sends what changed where it is time; serves readers who fell behind anew, and gives up those who can not read. */
  tend(): void
  /** Frames that were not sent because a reader was behind. */
  merges(): number
}

const keyOf = (classId: string, notebook: string): string => JSON.stringify([classId, notebook])

/** Makes the topics over the log; nothing is made of a notebook that nobody looks at. */
export function createMatrixTopics({ log, now, onLost }: MatrixTopicsOptions): MatrixTopics {
  const topics = new Map<string, Topic>()
  let merged = 0

  function lose(topic: Topic, error: unknown, which: (reader: Reader) => boolean): void {
    for (const [session, reader] of topic.readers) if (which(reader)) onLost(session, error)
  }

  /** Sends a frame, unless the reader has too much to read already. */
  function give(session: Session, reader: Reader, { bytes, ...held }: MatrixFrame & { bytes: Uint8Array }): void {
    if (session.queuedBytes > HOLD_BACK_BYTES) {
      merged += 1
      Object.assign(reader, { state: 'behind', since: now() })
    } else {
      session.send(bytes)
      Object.assign(reader, { state: 'live', held })
    }
  }

  /** All rows, made once for everybody who waits for them. */
  async function serve(topic: Topic): Promise<void> {
    try {
      const { bytes, ...held } = await log.matrix(topic.class, topic.notebook)
      topic.held ??= held
      for (const [session, reader] of topic.readers) {
        if (reader.state === 'joining' && bytes) give(session, reader, { ...held, bytes })
      }
    } catch (error) {
      lose(topic, error, ({ state }) => state === 'joining')
    }
  }

  function offer(session: Session, reader: Reader, { bytes, ...held }: MatrixFrame): void {
    const knows = reader.held?.fold === held.fold && reader.held.to >= held.to
    if (!bytes || knows) return
    if (reader.state === 'live') give(session, reader, { ...held, bytes })
    else merged += 1
  }

  async function publish(topic: Topic): Promise<void> {
    topic.moved = false
    topic.asking = true
    topic.dueAt = now() + EVERY_MS
    try {
      const frame = await log.matrix(topic.class, topic.notebook, topic.held)
      topic.held = { fold: frame.fold, to: frame.to }
      for (const [session, reader] of topic.readers) offer(session, reader, frame)
    } catch (error) {
      lose(topic, error, () => true)
    } finally {
      topic.asking = false
    }
  }

  function tendReaders(topic: Topic): void {
    let anew = false
    for (const [session, reader] of topic.readers) {
      if (reader.state !== 'behind') continue
      if (session.queuedBytes === 0) {
        reader.state = 'joining'
        anew = true
      } else if (now() - reader.since > SLOW_AFTER_MS) onLost(session, new CodedError('slow_reader'))
    }
    if (anew) void serve(topic)
  }

  return {
    add(session, classId, notebook) {
      const key = keyOf(classId, notebook)
      const fresh = { readers: new Map<Session, Reader>(), held: undefined, moved: false, asking: false }
      const topic = topics.get(key) ?? { class: classId, notebook, ...fresh, dueAt: now() + EVERY_MS }
      topics.set(key, topic)
      topic.readers.set(session, { state: 'joining', since: 0, held: undefined })
      void serve(topic)
    },
    remove(session, classId, notebook) {
      const key = keyOf(classId, notebook)
      const topic = topics.get(key)
      topic?.readers.delete(session)
      if (topic?.readers.size === 0) topics.delete(key)
    },
    moved(classId) {
      for (const topic of topics.values()) if (topic.class === classId) topic.moved = true
    },
    tend() {
      for (const topic of topics.values()) {
        if (topic.moved && !topic.asking && topic.held && now() >= topic.dueAt) void publish(topic)
        tendReaders(topic)
      }
    },
    merges: () => merged,
  }
}
