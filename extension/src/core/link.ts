import type { ConsentNow } from '../../../protocol/src/consent.ts'
import type { AfterClose } from '../../../protocol/src/close-codes.ts'
import { pauseMs } from './backoff.ts'
import type { HelpWord } from './help-word.ts'
import type { Outbox } from './outbox.ts'
import type { TalkNews } from './own-messages.ts'
import type { ServerApi } from './server.ts'
import { openLiveSocket, type LiveSocket } from './socket.ts'

/** Times of connecting, in ms. */
export interface LinkTimes {
  readonly baseMs: number
  readonly capMs: number
  /** After the server told this client to stay away: events go by POST meanwhile. */
  readonly awayMs: number
}

export const LINK_TIMES: LinkTimes = { baseMs: 1_000, capMs: 60_000, awayMs: 5 * 60_000 }

/** A socket that lived this long counts as a success. */
const STEADY_MS = 10_000

interface Parts {
  readonly install: string
  readonly outbox: Outbox
  readonly api: ServerApi
  readonly clock: () => number
  readonly random: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly times: LinkTimes
  readonly client: { readonly name: string; readonly version: string }
  readonly onChange: () => void
  readonly onTalk: (news: TalkNews) => void
}

/** Keeps one socket open for one install, as long as its token is good. */
export interface Link {
  socket(): LiveSocket | undefined
  /** The network is back: connect at once. */
  retry(): void
  readonly ended: Promise<void>
}

/** Why there is no socket, or no longer one, and how long the server asked to wait. */
interface Missed {
  readonly after: AfterClose
  readonly retryAfterMs?: number | undefined
}

/** Starts to keep a socket open until `signal` is aborted. */
export function startLink(parts: Parts, signal: AbortSignal): Link {
  let socket: LiveSocket | undefined
  let pause = new AbortController()
  let attempt = 0

  async function connect(): Promise<LiveSocket | Missed> {
    const join = await parts.outbox.join(parts.install)
    if (!join?.member) return { after: 'reconnect' }
    const { server } = join.details
    const ticket = await parts.api.ticket(server, join.member.token)
    if (!ticket.ok) {
      const { status, retryAfterMs } = ticket.problem
      return { after: status === 401 ? 'sign_in' : 'reconnect', retryAfterMs }
    }
    const onHelp = (word: HelpWord) => {
      void parts.outbox.helpIs(parts.install, word).then(parts.onChange, () => {})
    }
    const onConsent = (consent: ConsentNow) => {
      void parts.outbox.consentIs(parts.install, consent).then(parts.onChange, () => {})
    }
    const { clock, client, onTalk } = parts
    const opened = await openLiveSocket({ server, ticket: ticket.value, client, clock, onHelp, onConsent, onTalk })
    return typeof opened === 'string' ? { after: opened } : opened
  }

  async function session(): Promise<Missed> {
    const opened = await connect().catch((): Missed => ({ after: 'reconnect' }))
    if ('after' in opened) return opened
    if (signal.aborted) {
      opened.close()
      return { after: 'stay_away' }
    }
    const began = parts.clock()
    socket = opened
    parts.onChange()
    const stop = () => opened.close()
    signal.addEventListener('abort', stop)
    const after = await opened.closed
    signal.removeEventListener('abort', stop)
    socket = undefined
    if (parts.clock() - began > STEADY_MS) attempt = 0
    parts.onChange()
    return { after }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const { after, retryAfterMs = 0 } = await session()
      attempt += 1
      const { awayMs, ...bounds } = parts.times
      // A token that is no longer good shows at the next batch, which joins again.
      pause = new AbortController()
      // What the server asked for is not cut short by `retry`, which may come of an answer to something else.
      await parts.sleep(retryAfterMs, signal)
      const away = after === 'stay_away' ? awayMs : undefined
      const wait = pauseMs({ attempt, ...bounds, random: parts.random, retryAfterMs: away })
      await parts.sleep(wait, AbortSignal.any([signal, pause.signal]))
    }
  }

  const retry = () => {
    attempt = 0
    pause.abort()
  }
  return { socket: () => socket, retry, ended: run() }
}
