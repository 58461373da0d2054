import { setTimeout as wait } from 'node:timers/promises'
import type { LecternEvent } from '@lectern/protocol'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'
import { Later, type Transport } from './transport.ts'

const BATCH_EVENTS = 100
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000
const OFFLINE_POLL_MS = 100
/** Share of batches that are sent a second time on purpose: the server must not mind. */
const RESEND = 0.01

interface OutboxOptions {
  transport: Transport
  random: Random
  tally: Tally
  /** Called with every event the server has settled. */
  onSettled: (event: LecternEvent, status: string) => void
}

/** Keeps a student's events until an answer names them; sends again without end (SPEC ING-2, ING-7). */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #waiting: LecternEvent[] = []
  #sending = false
  #offlineUntil = 0
  #stopped = false

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#waiting.length
  }

  add(events: readonly LecternEvent[]): void {
    this.#waiting.push(...events)
    this.#options.tally.sent += events.length
    this.#wake()
  }

  /** The network is away for the student until then, ms since the epoch. */
  goOffline(until: number): void {
    this.#offlineUntil = until
  }

  /** Gives up sending; what is not settled stays in the outbox. */
  stop(): void {
    this.#stopped = true
    this.#options.transport.close()
  }

  #wake(): void {
    if (this.#sending) return
    this.#sending = true
    void this.#drain().finally(() => {
      this.#sending = false
      if (this.#waiting.length > 0 && !this.#stopped) this.#wake()
    })
  }

  async #drain(): Promise<void> {
    let failures = 0
    while (this.#waiting.length > 0 && !this.#stopped) {
      if (Date.now() < this.#offlineUntil) {
        await wait(OFFLINE_POLL_MS)
        continue
      }
      const batch = this.#waiting.slice(0, BATCH_EVENTS)
      try {
        await this.#send(batch)
        failures = 0
      } catch (error) {
        if (!(error instanceof Later)) throw error
        this.#options.tally.retries += 1
        failures += 1
        await wait(this.#backOff(failures, error.seconds))
      }
    }
  }

  /** Full jitter over a doubling time; never before the server wants it. */
  #backOff(failures: number, seconds = 0): number {
    const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10))
    return seconds * 1000 + this.#options.random.next() * ceiling
  }

  async #send(batch: readonly LecternEvent[]): Promise<void> {
    const { transport, random, tally, onSettled } = this.#options
    const began = performance.now()
    const { results } = await transport.send(batch)
    tally.ackMs.push(performance.now() - began)
    const settled = new Map(results.map(({ id, status }) => [id, status]))
    for (const event of batch) {
      const status = settled.get(event.id)
      if (status === undefined) continue
      tally[status] += 1
      onSettled(event, status)
    }
    const left = this.#waiting.filter(({ id }) => !settled.has(id))
    this.#waiting.splice(0, this.#waiting.length, ...left)
    if (random.chance(RESEND)) {
      const again = await transport.send(batch)
      for (const { status } of again.results) tally[status] += 1
    }
  }
}
