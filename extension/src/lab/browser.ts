import { createClient, type Client } from '../core/client.ts'
import type { Status } from '../core/status.ts'
import { uuid7, type RandomBytes } from '../core/ids.ts'
import { SEND_TIMES } from '../core/lane.ts'
import { LINK_TIMES } from '../core/link.ts'
import { openIdbOutbox } from '../core/outbox-idb.ts'
import { createMemoryOutbox } from '../core/outbox-memory.ts'
import type { Outbox } from '../core/outbox.ts'
import type { TalkNews } from '../core/own-messages.ts'
import { webLock } from '../core/sender.ts'
import { createSentLog, type SentStorage } from '../core/sent-log.ts'
import { openSentIdb } from '../core/sent-log-idb.ts'
import { createSentMemory } from '../core/sent-log-memory.ts'
import { createServerApi, type FromHub } from '../core/server.ts'
import { joinPageRoll, type PageRoll } from './page-roll.ts'

const NAME = 'lectern'
/** Some browsers never answer where storage is blocked. */
const STORAGE_TIMEOUT_MS = 5_000

/** What `open` opens, or what stands in for it when storage is blocked or does not answer. */
async function opened<T>(open: Promise<T>, standIn: () => T): Promise<T> {
  const late = new Promise<T>((resolve) => setTimeout(() => resolve(standIn()), STORAGE_TIMEOUT_MS))
  return Promise.race([open.catch(standIn), late])
}

/** Storage that can be opened may still take nothing: only a transaction that has ended well shows that it does. */
async function openTriedOutbox(): Promise<Outbox> {
  const outbox = await openIdbOutbox(NAME)
  await outbox.tidy(clock())
  return outbox
}

const openOutbox = () => opened(openTriedOutbox(), createMemoryOutbox)
const openSentLog = async () =>
  createSentLog(await opened<SentStorage>(openSentIdb(`${NAME}-sent`), createSentMemory), clock)

/** Resolves after `ms`, or as soon as the signal is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

const randomBytes: RandomBytes = (bytes) => crypto.getRandomValues(bytes)
const clock = () => Date.now()

interface Parts {
  readonly version: string
  readonly onStatus: (status: Status) => void
  readonly onTalk: (news: TalkNews) => void
  readonly fromHub: FromHub
}

/** A client on this browser's storage, locks and network, and the roll of the pages that share them. */
export async function createBrowserClient(parts: Parts): Promise<{ client: Client; roll: PageRoll }> {
  const { version, onStatus, onTalk, fromHub } = parts
  const [outbox, sentLog] = await Promise.all([openOutbox(), openSentLog()])
  // Tabs can share a lock or a channel only where they share the outbox. Pages over plain http have no locks.
  const shared = outbox.kind === 'indexeddb'
  const locks = shared ? (navigator.locks as LockManager | undefined) : undefined
  const session = uuid7(clock(), randomBytes)
  const client = createClient({
    outbox,
    sentLog,
    api: createServerApi({ fetch: (input, init) => fetch(input, init), clock, fromHub }),
    clock,
    random: () => Math.random(),
    randomBytes,
    sleep,
    times: SEND_TIMES,
    linkTimes: LINK_TIMES,
    client: { name: 'jupyterlab', version },
    exclusive: webLock(locks, `${NAME}-sender`),
    session,
    channel: shared && 'BroadcastChannel' in globalThis ? new BroadcastChannel(NAME) : undefined,
    onStatus,
    onTalk,
  })
  return { client, roll: joinPageRoll(session) }
}
