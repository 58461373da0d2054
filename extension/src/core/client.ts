import type { ConsentAnswer } from '../../../protocol/src/consent.ts'
import type { CellRef, EventType, LecternEvent, NotebookRef } from '../../../protocol/src/events.ts'
import { createDraft, limitedDraft } from './draft.ts'
import { createGate } from './gate.ts'
import { uuid7, type RandomBytes } from './ids.ts'
import { createKeeper } from './keeper.ts'
import { levelOf, mayKeep, sharesNothing, type Draft, type Join, type JoinDetails, type OpenRun } from './outbox.ts'
import type { TalkNews } from './own-messages.ts'
import { createOwnSide, type OwnSide } from './own-side.ts'
import { createRecent } from './recent.ts'
import { createRunNotes, type BegunRun } from './run-notes.ts'
import { createReporter, type Status } from './status.ts'
import { createSender, type SenderParts } from './sender.ts'
import { batchBody, type Problem } from './server.ts'
import { createTabs } from './tabs.ts'

/** What was captured, before identity, order and collection level. */
export interface Captured {
  readonly type: EventType
  readonly notebook?: NotebookRef | undefined
  readonly cell?: CellRef | undefined
  readonly data?: object
  /** ms of this computer's clock; now when missing. */
  readonly at?: number
  /** Of the run that ends with this, as `begins` gave it. */
  readonly run?: string
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

/** Captures events into the outbox and delivers them. */
export interface Client extends OwnSide {
  /**
   * Joins with these details from now on; undefined captures and sends nothing. Nothing is captured or sent either until
   * an answer to what is collected was given, now or before.
   */
  configure(details: JoinDetails | undefined, answer?: ConsentAnswer): Promise<void>
  /** While paused nothing is captured but what the student writes to be read. */
  pause(isPaused: boolean): void
  /** Resolves when the event is kept, with undefined when nothing may be captured. Rejects when it could not be kept. */
  capture(captured: Captured): Promise<LecternEvent | undefined>
  /** Notes a run, so that its end is told even if this page ends before it. Gives the run's id, or undefined when nothing may be captured. */
  begins(run: BegunRun): string | undefined
  /** Runs that were noted by pages that are gone: of all `alive` says no to. */
  orphans(alive: (page: string) => boolean): Promise<OpenRun[]>
  /** True while what the student does may be captured. */
  isSharing(): boolean
  /** Forgets the join, what waits for it, and what was noted of it. */
  forget(): Promise<void>
  /** The page is being left: keeps what `flush` captures, and then `last`, without waiting for anything. */
  leave(last: Captured, flush: () => void): void
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
  let isLeaving = false

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
    onKept: () => sender.poke(),
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
  /** What of it may be captured now. */
  const allowed = (whole: Draft) => (mayKeep(current, whole.type) ? limitedDraft(whole, levelOf(current)) : undefined)

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
  const notes = createRunNotes({
    outbox,
    inOrder,
    newId: (at) => uuid7(at, parts.randomBytes),
    page: parts.session,
    install: () => (isSharing() ? current?.install : undefined),
  })
  const leaveDraft = (whole: Draft) => {
    const draft = allowed(whole)
    if (current && draft) outbox.leave(current.install, draft)
    return undefined
  }
  const isSharing = () => mayKeep(current, 'cell_executed') && gate.admits({ type: 'cell_executed' })

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
    async capture(captured) {
      const { run } = captured
      if (!gate.admits(captured)) {
        // Nor will another page tell it.
        if (run !== undefined) await notes.drop(run)
        return undefined
      }
      const whole = createDraft(captured, parts)
      if (isLeaving) return leaveDraft(whole)
      return inOrder(async () => {
        // Said once more by the server, which takes nothing else of who does not share.
        const draft = allowed(whole)
        if (!current || !draft) return undefined
        return keeper.keep({ install: current.install, draft, ...notes.take(run) })
      })
    },
    begins: notes.begins,
    orphans: notes.orphans,
    isSharing,
    leave(last, flush) {
      isLeaving = true
      flush()
      if (gate.admits(last)) leaveDraft(createDraft(last, parts))
      isLeaving = false
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
