import type { ConsentAnswer } from '../../../protocol/src/consent.ts'
import type { CellRef, EventType, LecternEvent, NotebookRef } from '../../../protocol/src/events.ts'
import { createDraft } from './draft.ts'
import { createGate } from './gate.ts'
import { uuid7, type RandomBytes } from './ids.ts'
import type { TalkNews } from './own-messages.ts'
import { levelOf, sharesNothing, type Join, type JoinDetails } from './outbox.ts'
import { atLevel, createRecent } from './recent.ts'
import type { SentEntry } from './sent-log.ts'
import { createReporter, type Status } from './status.ts'
import { createSender, type SenderParts } from './sender.ts'
import { batchBody, type Answer, type OwnRequest, type Preview, type Problem, type Shape } from './server.ts'

/** What was captured, before identity, order and collection level. */
export interface Captured {
  readonly type: EventType
  readonly notebook?: NotebookRef | undefined
  readonly cell?: CellRef | undefined
  readonly data?: object
  /** ms of this computer's clock; now when missing. */
  readonly at?: number
}

interface Parts extends Omit<SenderParts, 'onChange' | 'onSettled' | 'onTalk'> {
  readonly randomBytes: RandomBytes
  /** Id of this page's session. */
  readonly session: string
  /** Says to other tabs that something was kept, and hears it from them. */
  readonly channel?: BroadcastChannel | undefined
  readonly onStatus: (status: Status) => void
  /** Staff said something, to this tab or to another. */
  readonly onTalk: (news: TalkNews) => void
}

/** What tabs say to each other: something was kept, or the tab that sends has news. */
type Said =
  | { readonly kind: 'kept' }
  | { readonly kind: 'changed'; readonly problem: Problem | undefined; readonly live: boolean }
  | { readonly kind: 'talk'; readonly news: TalkNews }

/** Captures events into the outbox and delivers them. */
export interface Client {
  /**
   * Joins with these details from now on; undefined captures and sends nothing. Nothing is captured or sent either until
   * an answer to what is collected was given, now or before.
   */
  configure(details: JoinDetails | undefined, answer?: ConsentAnswer): Promise<void>
  /** What the class of these details asks; sends nothing but the code. */
  preview(details: JoinDetails): Promise<Answer<Preview>>
  /** What this browser knows of a join with these details. */
  known(details: JoinDetails): Promise<Join | undefined>
  /** While paused nothing is captured but what the student writes to be read. */
  pause(isPaused: boolean): void
  /** Resolves when the event is kept, with undefined when nothing may be captured. Rejects when it could not be kept. */
  capture(captured: Captured): Promise<LecternEvent | undefined>
  /** Answers what may be collected, or without an answer asks what is in force; resolves with what went wrong, if anything did. */
  consent(answer?: ConsentAnswer): Promise<Problem | undefined>
  /** Asks the class's server for what is the student's own; `unauthenticated` while nobody has joined. */
  own(request: OwnRequest): Promise<Answer<Shape>>
  /** A file of the student's own. */
  ownFile(path: string): Promise<Answer<Blob>>
  /** The oldest events that wait to be sent, as they will be, and the newest that were, at most `limit` of each. */
  trace(limit: number): Promise<{ waiting: LecternEvent[]; sent: SentEntry[] }>
  /** Forgets the join, what waits for it, and what was noted of it. */
  forget(): Promise<void>
  /** The page is being left: keeps a last event and returns the body to send with `keepalive`, if anything waits. */
  leave(last: Captured): { join: Join; body: string } | undefined
  /** The network may be back. */
  retry(): void
  close(): Promise<void>
}

const NOT_JOINED = { ok: false, problem: { code: 'unauthenticated', status: 401 } } as const

/** Wires outbox, sender and the other tabs together. */
export function createClient(parts: Parts): Client {
  const { outbox, clock, channel } = parts
  const recent = createRecent()
  const gate = createGate(clock)
  let current: Join | undefined
  let problem: Problem | undefined
  let liveElsewhere = false
  let tail: Promise<unknown> = Promise.resolve()

  const changed = createReporter({
    outbox,
    current: () => current,
    onJoin: (join) => (current = join),
    now: () => ({ ...(problem ? { problem } : {}), live: sender.isLive() || liveElsewhere }),
    onStatus: parts.onStatus,
  })
  const sender = createSender({
    ...parts,
    onSettled: recent.forget,
    onChange(next) {
      problem = next
      channel?.postMessage({ kind: 'changed', problem, live: sender.isLive() } satisfies Said)
      changed()
    },
    onTalk(news) {
      channel?.postMessage({ kind: 'talk', news } satisfies Said)
      parts.onTalk(news)
    },
  })
  channel?.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if (data.kind === 'talk') return parts.onTalk(data.news)
    if (data.kind === 'kept') sender.poke()
    else {
      problem = data.problem
      liveElsewhere = data.live
    }
    changed()
  })

  const draftOf = (captured: Captured) => createDraft(captured, { ...parts, level: levelOf(current) })

  /** In the order of asking, whatever the storage does. */
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work)
    tail = result.catch(() => {})
    return result
  }

  return {
    configure: (details, answer) =>
      inOrder(async () => {
        // What a page that was left had still to say comes before what this page has to say.
        await outbox.collect()
        current = details && (await outbox.open(details, uuid7(clock(), parts.randomBytes), answer))
        problem = undefined
        sender.use(current?.install)
        changed()
      }),
    preview: (details) => parts.api.preview(details),
    known: (details) => outbox.find(details),
    pause: (isPaused) => gate.pause(isPaused),
    async capture(captured) {
      if (!gate.admits(captured)) return undefined
      const draft = draftOf(captured)
      return inOrder(async () => {
        if (!current?.answer) return undefined
        // Said once more by the server, which takes nothing else of who does not share.
        if (sharesNothing(current) && !draft.type.startsWith('help_')) return undefined
        const event = await outbox.keep(current.install, draft)
        recent.add(event)
        sender.poke()
        channel?.postMessage({ kind: 'kept' } satisfies Said)
        changed()
        return event
      })
    },
    async consent(answer) {
      const join = current && (await outbox.join(current.install))
      if (!join?.member) return { code: 'unauthenticated' }
      const answered = await parts.api.consent(join, answer)
      if (!answered.ok) return answered.problem
      await outbox.consentIs(join.install, answered.value)
      channel?.postMessage({ kind: 'kept' } satisfies Said)
      changed()
      return undefined
    },
    own: async (request) => (current?.member ? parts.api.own(current, request) : NOT_JOINED),
    ownFile: async (path) => (current?.member ? parts.api.ownFile(current, path) : NOT_JOINED),
    leave(last) {
      if (!current?.answer || sharesNothing(current)) return undefined
      if (gate.admits(last)) outbox.leave(current.install, draftOf(last))
      const events = recent.of(current.install, current.member?.level)
      if (!current.member || events.length === 0) return undefined
      parts.sentLog.leaving(events)
      return { join: current, body: batchBody(events, clock()) }
    },
    async trace(limit) {
      if (!current) return { waiting: [], sent: [] }
      const { install } = current
      const [waiting, sent] = await Promise.all([
        outbox.oldest(install, { events: limit, bytes: Number.POSITIVE_INFINITY }),
        parts.sentLog.newest(install, limit),
      ])
      return { waiting: waiting.map((event) => atLevel(event, levelOf(current))), sent }
    },
    forget: () =>
      inOrder(async () => {
        if (!current) return
        const { install } = current
        current = undefined
        sender.use(undefined)
        await Promise.all([outbox.forget(install), parts.sentLog.forget(install)])
        changed()
      }),
    retry: () => sender.retry(),
    async close() {
      await tail
      await sender.close()
      channel?.close()
    },
  }
}
