import type { ConsentAnswer } from '../../../protocol/src/consent.ts'
import type { LecternEvent } from '../../../protocol/src/events.ts'
import { levelOf, type Join, type JoinDetails, type Outbox } from './outbox.ts'
import { atLevel } from './recent.ts'
import type { SentEntry, SentLog } from './sent-log.ts'
import type { Answer, OwnRequest, Preview, Problem, ServerApi, Shape } from './server.ts'

interface Parts {
  readonly outbox: Outbox
  readonly api: ServerApi
  readonly sentLog: SentLog
  readonly current: () => Join | undefined
  /** What may be collected has changed. */
  readonly onConsent: () => void
}

/** What students ask for of their own: of the server, and of what this browser holds. */
export interface OwnSide {
  /** What the class of these details asks; sends nothing but the code. */
  preview(details: JoinDetails): Promise<Answer<Preview>>
  /** What this browser knows of a join with these details. */
  known(details: JoinDetails): Promise<Join | undefined>
  /** Answers what may be collected, or without an answer asks what is in force; resolves with what went wrong, if anything did. */
  consent(answer?: ConsentAnswer): Promise<Problem | undefined>
  /** Asks the class's server for what is the student's own; `unauthenticated` while nobody has joined. */
  own(request: OwnRequest): Promise<Answer<Shape>>
  /** A file of the student's own. */
  ownFile(path: string): Promise<Answer<Blob>>
  /** The oldest events that wait to be sent, as they will be, and the newest that were, at most `limit` of each. */
  trace(limit: number): Promise<{ waiting: LecternEvent[]; sent: SentEntry[] }>
}

const NOT_JOINED = { ok: false, problem: { code: 'unauthenticated', status: 401 } } as const

/** The answers to what students ask. */
export function createOwnSide({ outbox, api, sentLog, current, onConsent }: Parts): OwnSide {
  const member = () => {
    const join = current()
    return join?.member ? join : undefined
  }
  return {
    preview: (details) => api.preview(details),
    known: (details) => outbox.find(details),
    async consent(answer) {
      const known = current()
      const join = known && (await outbox.join(known.install))
      if (!join?.member) return { code: 'unauthenticated' }
      const answered = await api.consent(join, answer)
      if (!answered.ok) return answered.problem
      await outbox.consentIs(join.install, answered.value)
      onConsent()
      return undefined
    },
    async own(request) {
      const join = member()
      return join ? api.own(join, request) : NOT_JOINED
    },
    async ownFile(path) {
      const join = member()
      return join ? api.ownFile(join, path) : NOT_JOINED
    },
    async trace(limit) {
      const join = current()
      if (!join) return { waiting: [], sent: [] }
      const [waiting, sent] = await Promise.all([
        outbox.oldest(join.install, { events: limit, bytes: Number.POSITIVE_INFINITY }),
        sentLog.newest(join.install, limit),
      ])
      return { waiting: waiting.map((event) => atLevel(event, levelOf(join))), sent }
    },
  }
}
