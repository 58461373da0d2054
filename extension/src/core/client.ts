import type { ConsentAnswer } from '../../../protocol/src/consent.ts'
import type { CellRef, EventType, LecternEvent, NotebookRef } from '../../../protocol/src/events.ts'
import { keepAtLevel } from '../../../protocol/src/levels.ts'
import { uuid7, type RandomBytes } from './ids.ts'
import { sharesNothing, type Draft, type Join, type JoinDetails, type Outbox } from './outbox.ts'
import { createRecent } from './recent.ts'
import { createSender, type SenderParts } from './sender.ts'
import { batchBody, type Answer, type OwnRequest, type Problem, type Shape } from './server.ts'

/** What was captured, before identity, order and collection level. */
export interface Captured {
  readonly type: EventType
  readonly notebook?: NotebookRef | undefined
  readonly cell?: CellRef | undefined
  readonly data?: object
  /** ms of this computer's clock; now when missing. */
  readonly at?: number
}

/** What the person can be shown. */
export interface Status {
  /** `off`: switched off or nothing set; `joining`: events are kept until the server has answered. */
  readonly state: 'off' | 'joining' | 'joined'
  readonly join?: Join
  readonly waiting: number
  /** Events of earlier joins that still wait. */
  readonly waitingElsewhere: number
  readonly problem?: Problem
  readonly live: boolean
  readonly storage: Outbox['kind']
}

interface Parts extends Omit<SenderParts, 'onChange' | 'onSettled'> {
  readonly randomBytes: RandomBytes
  /** Id of this page's session. */
  readonly session: string
  /** Says to other tabs that something was kept, and hears it from them. */
  readonly channel?: BroadcastChannel | undefined
  readonly onStatus: (status: Status) => void
}

/** What tabs say to each other: something was kept, or the tab that sends has news. */
type Said =
  | { readonly kind: 'kept' }
  | { readonly kind: 'changed'; readonly problem: Problem | undefined; readonly live: boolean }

/** Captures events into the outbox and delivers them. */
export interface Client {
  /** Joins with these details from now on; undefined captures and sends nothing. */
  configure(details: JoinDetails | undefined): Promise<void>
  /** Resolves when the event is kept, with undefined when nothing is configured. Rejects when it could not be kept. */
  capture(captured: Captured): Promise<LecternEvent | undefined>
  /** Answers what may be collected; resolves with what went wrong, if anything did. */
  answerConsent(answer: ConsentAnswer): Promise<Problem | undefined>
  /** Asks the class's server for what is the student's own; `unauthenticated` while nobody has joined. */
  own(request: OwnRequest): Promise<Answer<Shape>>
  /** The page is being left: keeps a last event and returns the body to send with `keepalive`, if anything waits. */
  leave(last: Captured): { join: Join; body: string } | undefined
  /** The network may be back. */
  retry(): void
  close(): Promise<void>
}

/** Wires outbox, sender and the other tabs together. */
export function createClient(parts: Parts): Client {
  const { outbox, clock, channel } = parts
  const recent = createRecent()
  let current: Join | undefined
  let problem: Problem | undefined
  let liveElsewhere = false
  let tail: Promise<unknown> = Promise.resolve()

  const report = async () => {
    const joins = await outbox.joins()
    const join = joins.find(({ install }) => install === current?.install)
    const counts = await Promise.all(joins.map(({ install }) => outbox.waiting(install)))
    const all = counts.reduce((sum, count) => sum + count, 0)
    const waiting = join ? (counts[joins.indexOf(join)] ?? 0) : 0
    // The settings may have changed meanwhile.
    if (join && join.install === current?.install) current = join
    parts.onStatus({
      state: join ? (join.member ? 'joined' : 'joining') : 'off',
      ...(join ? { join } : {}),
      ...(problem ? { problem } : {}),
      waiting,
      waitingElsewhere: all - waiting,
      live: sender.isLive() || liveElsewhere,
      storage: outbox.kind,
    })
  }
  let reporting: Promise<void> | undefined
  let again = false
  /** One report at a time, and one more when something changed during it. */
  const changed = () => {
    again = true
    reporting ??= (async () => {
      while (again) {
        again = false
        await report().catch(() => {})
      }
      reporting = undefined
    })()
  }

  const sender = createSender({
    ...parts,
    onSettled: recent.forget,
    onChange(next) {
      problem = next
      channel?.postMessage({ kind: 'changed', problem, live: sender.isLive() } satisfies Said)
      changed()
    },
  })
  channel?.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if (data.kind === 'kept') sender.poke()
    else {
      problem = data.problem
      liveElsewhere = data.live
    }
    changed()
  })

  const draftOf = ({ type, notebook, cell, data = {}, at = clock() }: Captured): Draft => ({
    id: uuid7(at, parts.randomBytes),
    type,
    at: new Date(at).toISOString(),
    session: parts.session,
    ...(notebook ? { notebook } : {}),
    ...(cell ? { cell } : {}),
    // Until the class has said what it collects, everything stays here; it is limited again when it is sent.
    data: keepAtLevel(type, data as Readonly<Record<string, unknown>>, current?.member?.level ?? 4),
  })

  /** In the order of asking, whatever the storage does. */
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work)
    tail = result.catch(() => {})
    return result
  }

  return {
    configure: (details) =>
      inOrder(async () => {
        // What a page that was left had still to say comes before what this page has to say.
        await outbox.collect()
        current = details && (await outbox.open(details, uuid7(clock(), parts.randomBytes)))
        problem = undefined
        sender.use(current?.install)
        changed()
      }),
    capture(captured) {
      const draft = draftOf(captured)
      return inOrder(async () => {
        if (!current) return undefined
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
    async answerConsent(answer) {
      const join = current && (await outbox.join(current.install))
      if (!join?.member) return { code: 'unauthenticated' }
      const answered = await parts.api.consent(join, answer)
      if (!answered.ok) return answered.problem
      await outbox.consentIs(join.install, answered.value)
      channel?.postMessage({ kind: 'kept' } satisfies Said)
      changed()
      return undefined
    },
    own: async (request) =>
      current?.member
        ? parts.api.own(current, request)
        : { ok: false, problem: { code: 'unauthenticated', status: 401 } },
    leave(last) {
      if (!current || sharesNothing(current)) return undefined
      outbox.leave(current.install, draftOf(last))
      const events = recent.of(current.install, current.member?.level)
      return current.member && events.length > 0 ? { join: current, body: batchBody(events, clock()) } : undefined
    },
    retry: () => sender.retry(),
    async close() {
      await tail
      await sender.close()
      channel?.close()
    },
  }
}
