import { CodedError } from '../errors.ts'
import type { LiveFrame, Log } from '../log/log.ts'
import { HOLD_BACK_BYTES, SLOW_AFTER_MS } from './latest-topics.ts'
import type { Session, Subscription } from './session.ts'

/** A socket in its following of a class. */
interface Reader {
  session: Session
  subscription: Subscription
}

interface ClassTopicsOptions {
  log: Log
  now: () => number
  /** A reader that could not be served, and why: it read too slowly, or the log failed. */
  onLost: (session: Session, error: unknown) => void
}

/** Who follows which class, and how far each has been served (SPEC SUB-2 … SUB-5). */
export interface ClassTopics {
  /** Starts to serve a subscription with the difference since `offset`, or a snapshot. */
  add(reader: Reader, since: number | undefined): void
  remove(subscription: Subscription): void
  /** Sends a frame, made once, to every reader who can take it now. */
  publish(frame: LiveFrame): void
  /** Serves readers who fell behind and can read again; gives up those who can not. Called now and then. */
  tend(): void
  /** Frames that were not sent because a reader was behind: merged later. */
  merges(): number
}

/** Makes the topics over the log. Readers who ask for the same difference at the same time share one answer. */
export function createClassTopics({ log, now, onLost }: ClassTopicsOptions): ClassTopics {
  const readers = new Map<string, Map<Subscription, Reader>>()
  const behind = new Set<Reader>()
  const asked = new Map<string, Promise<{ to: number; bytes: Uint8Array }>>()
  let merged = 0

  function difference(classId: string, since: number | undefined): Promise<{ to: number; bytes: Uint8Array }> {
    const key = `${since ?? ''} ${classId}`
    let answer = asked.get(key)
    if (!answer) {
      answer = log.difference(classId, since).finally(() => asked.delete(key))
      asked.set(key, answer)
    }
    return answer
  }

  async function serve(reader: Reader, since: number | undefined): Promise<void> {
    const { session, subscription } = reader
    subscription.state = 'asking'
    behind.delete(reader)
    try {
      const { to, bytes } = await difference(subscription.class, since)
      if (!readers.get(subscription.class)?.has(subscription)) return
      session.send(bytes)
      subscription.offset = to
      subscription.state = 'live'
    } catch (error) {
      onLost(session, error)
    }
  }

  function fallBehind(reader: Reader): void {
    if (reader.subscription.state === 'behind') return
    reader.subscription.state = 'behind'
    reader.subscription.since = now()
    behind.add(reader)
  }

  function offer(reader: Reader, frame: LiveFrame): void {
    const { session, subscription } = reader
    if (subscription.state !== 'live') {
      merged += 1
    } else if (frame.to <= subscription.offset) {
      return
    } else if (frame.from > subscription.offset) {
      void serve(reader, subscription.offset)
    } else if (session.queuedBytes > HOLD_BACK_BYTES) {
      merged += 1
      fallBehind(reader)
    } else {
      session.send(frame.bytes)
      subscription.offset = frame.to
    }
  }

  return {
    add(reader, since) {
      const { class: classId } = reader.subscription
      const all = readers.get(classId) ?? new Map<Subscription, Reader>()
      readers.set(classId, all.set(reader.subscription, reader))
      void serve(reader, since)
    },
    remove(subscription) {
      const { class: classId } = subscription
      const all = readers.get(classId)
      const reader = all?.get(subscription)
      if (reader) behind.delete(reader)
      all?.delete(subscription)
      if (all?.size === 0) readers.delete(classId)
    },
    publish(frame) {
      for (const reader of readers.get(frame.class)?.values() ?? []) offer(reader, frame)
    },
    tend() {
      for (const reader of behind) {
        if (reader.session.queuedBytes === 0) void serve(reader, reader.subscription.offset)
        else if (now() - reader.subscription.since > SLOW_AFTER_MS) {
          behind.delete(reader)
          onLost(reader.session, new CodedError('slow_reader'))
        }
      }
    },
    merges: () => merged,
  }
}
