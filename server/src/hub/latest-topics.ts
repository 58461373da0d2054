import { LIMITS } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import type { Session } from './session.ts'

/** A socket with more than this waiting gets nothing new: a quarter of what may be held (SPEC SUB-5). */
export const HOLD_BACK_BYTES = LIMITS.socketQueueBytes / 4
/** A socket that has not read what was sent for so long is closed as slow. */
export const SLOW_AFTER_MS = 10_000

interface LatestTopicsOptions {
  now: () => number
  onLost: (session: Session, error: unknown) => void
}

/** Topics of which only the newest message matters: who follows each, and what waits for whom. */
export interface LatestTopics {
  add(topic: string, session: Session): void
  remove(topic: string, session: Session): void
  /** True while anybody follows the topic. */
  followed(topic: string): boolean
  publish(topic: string, bytes: Uint8Array | string): void
  /** Sends to one of the topic alone. */
  offer(topic: string, session: Session, bytes: Uint8Array | string): void
  /** Sends what waited to those who read again; gives up those who do not. */
  tend(): void
  merges(): number
}

/** Makes the topics. */
export function createLatestTopics({ now, onLost }: LatestTopicsOptions): LatestTopics {
  const followers = new Map<string, Set<Session>>()
  const waiting = new Map<Session, { since: number; messages: Map<string, Uint8Array | string> }>()
  let merged = 0

  function offer(topic: string, session: Session, bytes: Uint8Array | string): void {
    if (session.queuedBytes <= HOLD_BACK_BYTES && !waiting.has(session)) return session.send(bytes)
    merged += 1
    const held = waiting.get(session) ?? { since: now(), messages: new Map<string, Uint8Array | string>() }
    held.messages.set(topic, bytes)
    waiting.set(session, held)
    return undefined
  }

  return {
    add(topic, session) {
      followers.set(topic, (followers.get(topic) ?? new Set()).add(session))
    },
    remove(topic, session) {
      const all = followers.get(topic)
      all?.delete(session)
      if (all?.size === 0) followers.delete(topic)
      const held = waiting.get(session)
      held?.messages.delete(topic)
      if (held?.messages.size === 0) waiting.delete(session)
    },
    followed: (topic) => followers.has(topic),
    publish(topic, bytes) {
      for (const session of followers.get(topic) ?? []) offer(topic, session, bytes)
    },
    offer,
    tend() {
      for (const [session, { since, messages }] of waiting) {
        if (session.queuedBytes === 0) {
          waiting.delete(session)
          for (const bytes of messages.values()) session.send(bytes)
        } else if (now() - since > SLOW_AFTER_MS) {
          waiting.delete(session)
          onLost(session, new CodedError('slow_reader'))
        }
      }
    },
    merges: () => merged,
  }
}
