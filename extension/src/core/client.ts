import type { ConsentAnswer } from '../../../protocol/src/consent.ts'
import { createCapturing, type Capturing } from './capturing.ts'
import { createGate } from './gate.ts'
import { uuid7, type RandomBytes } from './ids.ts'
import { createKeeper } from './keeper.ts'
import { sharesNothing, type Join, type JoinDetails } from './outbox.ts'
import type { TalkNews } from './own-messages.ts'
import { createOwnSide, type OwnSide } from './own-side.ts'
import { createRecent } from './recent.ts'
import { createReporter, type Status } from './status.ts'
import { createSender, type SenderParts } from './sender.ts'
import { batchBody, type Problem } from './server.ts'
import { createTabs } from './tabs.ts'

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

/** Captures events into the outbox and delivers them. */
export interface Client extends OwnSide, Capturing {
  /**
   * Joins with these details from now on; undefined captures and sends nothing. Nothing is captured or sent either until
   * an answer to what is collected was given, now or before.
   */
  configure(details: JoinDetails | undefined, answer?: ConsentAnswer): Promise<void>
  /** While paused nothing is captured but what the student writes to be read. */
  pause(isPaused: boolean): void
  /** Forgets the join, what waits for it, and what was noted of it. */
  forget(): Promise<void>
  /** The body of a request with what waits of this page, of at most `bytes`; undefined if nothing does or may be sent. */
  farewell(bytes: number): { join: Join; body: string } | undefined
  /** The network may be back. */
  retry(): void
  close(): Promise<void>
}

/** Wires outbox, sender and the other tabs together. */
export function createClient(parts: Parts): Client {
  const { outbox, clock, channel } = parts
  const recent = createRecent()
  const gate = createGate(clock)
  let current: Join | undefined
  let problem: Problem | undefined
  let liveElsewhere = false

  const changed = createReporter({
    outbox,
    current: () => current,
    onJoin: (join) => (current = join),
    now: () => ({ problem, trouble: keeper.trouble(), live: sender.isLive() || liveElsewhere }),
    onStatus: parts.onStatus,
  })
  const sender = createSender({
    ...parts,
    onSettled: recent.forget,
    onChange(next) {
      problem = next
      tabs.say({ kind: 'changed', problem, live: sender.isLive() })
      changed()
    },
    onTalk(news) {
      tabs.say({ kind: 'talk', news })
      parts.onTalk(news)
    },
  })
  const tabs = createTabs(channel, {
    onKept: () => sender.look(),
    onNews(news) {
      problem = news.problem
      liveElsewhere = news.live
    },
    onAny: changed,
    onTalk: parts.onTalk,
  })

  const tellAll = () => {
    tabs.say({ kind: 'kept' })
    changed()
  }
  const keeper = createKeeper({
    outbox,
    onKept(event) {
      recent.add(event)
      sender.poke()
      tellAll()
    },
    onTrouble: changed,
  })
  const { inOrder } = keeper
  const capturing = createCapturing({ ...parts, keeper, gate, current: () => current })

  return {
    ...createOwnSide({ ...parts, current: () => current, onConsent: tellAll }),
    configure: (details, answer) =>
      inOrder(async () => {
        // What a page that was left had still to say comes before what this page has to say.
        await outbox.tidy(clock())
        await outbox.collect()
        current = details && (await outbox.open(details, uuid7(clock(), parts.randomBytes), answer))
        problem = undefined
        sender.use(current?.install)
        changed()
      }),
    pause: (isPaused) => gate.pause(isPaused),
    ...capturing,
    leave(last, flush) {
      capturing.leave(last, flush)
      tabs.say({ kind: 'kept' })
    },
    farewell(bytes) {
      if (!current?.member || sharesNothing(current)) return undefined
      const { install, member } = current
      const events = recent.of({ install, level: member.level, bytes })
      if (events.length === 0) return undefined
      parts.sentLog.leaving(events)
      return { join: current, body: batchBody(events, clock()) }
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
      await keeper.idle()
      await sender.close()
      tabs.close()
    },
  }
}
