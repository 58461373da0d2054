import { createClient, type Client } from '../core/client.ts'
import type { Status } from '../core/status.ts'
import { openIdbOutbox } from '../core/outbox-idb.ts'
import type { Outbox } from '../core/outbox.ts'
import type { TalkNews } from '../core/own-messages.ts'
import type { Exclusive } from '../core/sender.ts'
import { createSentLog } from '../core/sent-log.ts'
import { openSentIdb } from '../core/sent-log-idb.ts'
import { createServerApi } from '../core/server.ts'

/** A lock among the tabs of one test, which a crashed tab gives up, as browsers do. */
export function createLock() {
  let tail: Promise<unknown> = Promise.resolve()
  return (died: Promise<void>): Exclusive =>
    (work, signal) => {
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      let began = false
      const turn = tail.then(async () => {
        if (signal.aborted) return
        began = true
        await Promise.race([work(), died])
      })
      tail = turn.catch(() => {})
      // Whoever only waits for its turn can go away.
      return Promise.race([turn, aborted.then(() => (began ? turn : undefined))])
    }
}

interface Options {
  readonly name: string
  readonly lock: ReturnType<typeof createLock>
  readonly random: () => number
}

/** One page of a browser. */
export interface Tab {
  readonly client: Client
  readonly status: () => Status | undefined
  /** What staff said, as this tab heard it. */
  readonly talk: readonly TalkNews[]
  /** From here on nothing of this page reaches storage or network any more. */
  crash(): void
  close(): Promise<void>
}

const never = () => new Promise<never>(() => {})

/** `outbox`, until the page dies: what has not begun then never will. */
function mortal(outbox: Outbox, isDead: () => boolean): Outbox {
  return new Proxy(outbox, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function'
        ? (...args: unknown[]) => (isDead() ? never() : value.apply(target, args))
        : value
    },
  })
}

/** Opens a page on the storage `name`; its pauses are a hundred times shorter than real ones. */
export async function openTab({ name, lock, random }: Options): Promise<Tab> {
  const died = Promise.withResolvers<void>()
  let dead = false
  const talk: TalkNews[] = []
  let status: Status | undefined
  const real = await openIdbOutbox(name)
  const sent = await openSentIdb(`${name}-sent`)
  const clock = () => Date.now()
  const channel = new BroadcastChannel(name)
  const client = createClient({
    sentLog: createSentLog(sent, clock),
    outbox: mortal(real, () => dead),
    api: createServerApi({ fetch: (input, init) => (dead ? never() : fetch(input, init)), clock, timeoutMs: 2_000 }),
    clock,
    random,
    randomBytes: (bytes) => crypto.getRandomValues(bytes),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (dead) return
        const timer = setTimeout(resolve, ms / 100)
        signal.addEventListener('abort', () => (clearTimeout(timer), resolve()))
      }),
    times: { batchMs: 100, baseMs: 200, capMs: 1_000, blockedMs: 500 },
    linkTimes: { baseMs: 200, capMs: 1_000, awayMs: 2_000 },
    client: { name: 'test', version: '0' },
    exclusive: lock(died.promise),
    session: 'session',
    channel,
    onStatus: (next) => (status = next),
    onTalk: (news) => talk.push(news),
  })
  return {
    client,
    status: () => status,
    talk,
    crash() {
      dead = true
      channel.close()
      channel.postMessage = () => {}
      real.close()
      died.resolve()
    },
    close: async () => {
      await client.close()
      real.close()
    },
  }
}
