import { startLane, type Lane, type SendTimes } from './lane.ts'
import { startLink, type Link, type LinkTimes } from './link.ts'
import type { Outbox } from './outbox.ts'
import type { TalkNews } from './own-messages.ts'
import type { SentLog } from './sent-log.ts'
import type { Problem, ServerApi } from './server.ts'
import type { LiveSocket } from './socket.ts'

/** Exclusive right among the tabs of a browser; resolves when `work` has. */
export type Exclusive = (work: () => Promise<void>, signal: AbortSignal) => Promise<void>

/** What sending needs. */
export interface SenderParts {
  readonly outbox: Outbox
  readonly api: ServerApi
  readonly sentLog: SentLog
  readonly clock: () => number
  readonly random: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly times: SendTimes
  readonly linkTimes: LinkTimes
  readonly client: { readonly name: string; readonly version: string }
  readonly exclusive: Exclusive
  readonly onSettled: (ids: ReadonlySet<string>) => void
  readonly onChange: (problem: Problem | undefined) => void
  /** Staff said something. */
  readonly onTalk: (news: TalkNews) => void
}

/** Sends for all tabs when it is this tab's turn. */
export interface Sender {
  /** `install` gets the socket; undefined stops all sending. */
  use(install: string | undefined): void
  /** This tab has kept something. */
  poke(): void
  /** Another tab has kept something, or was left. */
  look(): void
  retry(): void
  isLive(): boolean
  close(): Promise<void>
}

/** What runs while this tab has the right to send. */
function startShift(parts: SenderParts, install: string, signal: AbortSignal) {
  const lanes = new Map<string, Lane>()
  let problem: Problem | undefined
  let socket: LiveSocket | undefined
  const onLink = () => {
    const before = socket
    socket = link.socket()
    // The server may have been another one meanwhile: it is asked where it stands.
    if (socket && socket !== before) lanes.get(install)?.retry()
    parts.onChange(problem)
  }
  const link: Link = startLink({ ...parts, times: parts.linkTimes, install, onChange: onLink }, signal)
  const start = (id: string) => {
    const isCurrent = id === install
    const onChange = (next: Problem | undefined) => {
      if (isCurrent) {
        // Joined just now: the socket need not wait for its next turn.
        if (problem && !next) link.retry()
        problem = next
      }
      parts.onChange(problem)
    }
    const socket = () => (isCurrent ? link.socket() : undefined)
    lanes.set(id, startLane({ ...parts, install: id, socket, onChange }, signal))
  }
  /** Lanes for this join and for every earlier one that still has something to deliver. */
  const open = async () => {
    await parts.outbox.collect()
    for (const join of await parts.outbox.joins()) {
      const wanted = join.install === install || (await parts.outbox.waiting(join.install)) > 0
      if (wanted && !lanes.has(join.install) && !signal.aborted) start(join.install)
    }
    for (const lane of lanes.values()) lane.poke()
  }
  return {
    link,
    open: () => void open().catch(() => {}),
    poke: () => lanes.get(install)?.poke(),
    retry: () => {
      link.retry()
      for (const lane of lanes.values()) lane.retry()
    },
    ended: () => Promise.all([link.ended, ...Array.from(lanes.values(), (lane) => lane.ended)]),
  }
}

/** Sends the waiting events of all joins, in one tab at a time. */
export function createSender(parts: SenderParts): Sender {
  let stop = new AbortController()
  let shift: ReturnType<typeof startShift> | undefined
  let running: Promise<unknown> = Promise.resolve()

  const begin = (install: string, signal: AbortSignal) =>
    parts.exclusive(async () => {
      if (signal.aborted) return
      const mine = startShift(parts, install, signal)
      shift = mine
      mine.open()
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      if (shift === mine) shift = undefined
      await mine.ended()
    }, signal)

  return {
    use(install) {
      stop.abort()
      stop = new AbortController()
      const { signal } = stop
      if (install !== undefined) running = begin(install, signal).catch(() => {})
    },
    poke: () => shift?.poke(),
    look: () => shift?.open(),
    retry: () => shift?.retry(),
    isLive: () => shift?.link.socket()?.isOpen === true,
    async close() {
      stop.abort()
      await running
    },
  }
}

/** The right to send through the Web Locks of the browser; where there are none every tab sends, and duplicates have no effect. */
export function webLock(locks: LockManager | undefined, name: string): Exclusive {
  return async (work, signal) => {
    if (!locks) return work()
    await locks.request(name, { signal }, work).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
}
