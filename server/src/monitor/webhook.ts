import { createHmac } from 'node:crypto'
import type { AlertInfo } from '@lectern/protocol'

const ANSWER_WITHIN_MS = 5_000
const ATTEMPTS = 6
const FIRST_WAIT_MS = 1_000
const MOST_WAIT_MS = 60_000
const MOST_WAITING = 100

/** What is posted. */
export interface WebhookMessage {
  readonly kind: 'alert'
  readonly what: 'raised' | 'cleared'
  readonly alert: AlertInfo
}

interface WebhookOptions {
  url: string
  secret: string | undefined
  /** Milliseconds since the epoch. */
  clock: () => number
  /** [0, 1) */
  random: () => number
  /** Told what could not be delivered. */
  onLost: (reason: string) => void
  /** The first wait after a failure, ms; it doubles each time. */
  firstWaitMs?: number
}

/** Sends alerts away, one after the other. */
export interface Webhook {
  /** Never waits and never throws. */
  send(message: WebhookMessage): void
  /** Why the last message was not delivered; undefined when it was, or there was none. */
  fault(): string | undefined
  /** Gives up what was not delivered. */
  stop(): void
}

/** `sha256=` and the HMAC in hex of the time, a dot and the body. */
export function signatureOf(secret: string, time: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`
}

/** True if the same may succeed later: no answer, too many requests, a fault of the other side. */
const isForLater = (status: number) => status === 408 || status === 429 || status >= 500

/** Makes the sender. Order is kept; after six attempts a message is given up, and beyond a hundred the oldest. */
export function createWebhook({
  url,
  secret,
  clock,
  random,
  onLost,
  firstWaitMs = FIRST_WAIT_MS,
}: WebhookOptions): Webhook {
  const stopped = new AbortController()
  const queue: WebhookMessage[] = []
  let working = false
  let fault: string | undefined

  const lose = (reason: string): void => {
    fault = reason
    onLost(reason)
  }

  async function post(message: WebhookMessage): Promise<'done' | 'later' | 'refused'> {
    const body = JSON.stringify(message)
    const time = String(clock())
    const signed = secret === undefined ? {} : { 'x-lectern-signature': signatureOf(secret, time, body) }
    try {
      const answer = await fetch(url, {
        method: 'POST',
        body,
        // An answer that points elsewhere would carry the alert to a place that nobody configured.
        redirect: 'manual',
        headers: { 'content-type': 'application/json', 'x-lectern-time': time, ...signed },
        signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      })
      await answer.body?.cancel()
      return answer.ok ? 'done' : isForLater(answer.status) ? 'later' : 'refused'
    } catch {
      return 'later'
    }
  }

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms).unref()
      stopped.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
    })

  async function deliver(message: WebhookMessage): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS && !stopped.signal.aborted; attempt += 1) {
      const outcome = await post(message)
      if (outcome === 'done') {
        fault = undefined
        return
      }
      if (outcome === 'refused') return lose('The webhook does not take alerts.')
      if (attempt < ATTEMPTS)
        await pause(Math.min(MOST_WAIT_MS, firstWaitMs * 2 ** (attempt - 1)) * (0.5 + random() / 2))
    }
    lose('The webhook did not answer.')
  }

  async function work(): Promise<void> {
    if (working) return
    working = true
    for (let next = queue.shift(); next && !stopped.signal.aborted; next = queue.shift()) await deliver(next)
    working = false
  }

  return {
    send(message) {
      if (stopped.signal.aborted) return
      queue.push(message)
      if (queue.length > MOST_WAITING) {
        queue.shift()
        lose('Too many alerts wait for the webhook.')
      }
      void work()
    },
    fault: () => fault,
    stop: () => stopped.abort(),
  }
}
