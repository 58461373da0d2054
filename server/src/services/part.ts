import { performance } from 'node:perf_hooks'
import { ServiceError, type Node } from './graph.ts'
import type { Inner, InnerStart } from './inner.ts'

/** A running service: what the others get of it, and how it is stopped and asked for its health. */
export interface Running<T> {
  readonly value: T
  stop?(): Promise<void> | void
  /** Throws the reason, meant for an administrator, when the service can not do its work now. */
  health?(): Promise<void> | void
  /** Resolves with the reason when the service has ended by itself and must be started again. */
  readonly failed?: Promise<unknown>
  /** The services inside it, as declared; it is as well as the least of them. */
  readonly inner?: Inner
}

/** A long-lived part, as declared. `needs` are names of services whose values `start` is given. */
export interface Service<Parts extends object> {
  readonly name: keyof Parts & string
  readonly needs: readonly (keyof Parts & string)[]
  /** Services inside it, e.g. in its thread. */
  readonly inner?: readonly Node[]
  /** Milliseconds; overrunning is a failure to start. */
  readonly startWithinMs?: number
  /** Milliseconds; overrunning is reported, and the stop goes on without it. */
  readonly stopWithinMs?: number
  /** False for what can not be started a second time in one process. */
  readonly restartable?: boolean
  /** True for what the server can do its work without: it may be unwell while the server is ready. */
  readonly spare?: boolean
  /** `signal` is aborted when the start takes too long. */
  start(parts: Parts, signal: AbortSignal): Promise<Running<unknown>> | Running<unknown>
}

/** Where a service is in its life. */
export type ServiceState = 'waiting' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed'

/** How a service ended. */
export interface StopEntry {
  readonly name: string
  readonly ms: number
  readonly outcome: 'stopped' | 'overran' | 'failed'
  readonly error?: unknown
}

/** Health of one service; `reason` is there when it is not ok. */
export interface ServiceHealth {
  readonly name: string
  readonly state: ServiceState
  readonly ok: boolean
  readonly reason?: string
  /** The server can do its work without it. */
  readonly spare?: boolean
}

const START_WITHIN_MS = 30_000
const STOP_WITHIN_MS = 10_000
const HEALTH_WITHIN_MS = 2_000

/** What `within` gives when the time is over. */
export const OVERRAN = Symbol('overran')

/** Resolves to the result, or to `OVERRAN` after `ms`; the work itself goes on. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | typeof OVERRAN> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<typeof OVERRAN>((settle) => {
    timer = setTimeout(settle, ms, OVERRAN)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The message of whatever was thrown. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** One service with its life. */
export class Part<Parts extends object> {
  state: ServiceState = 'waiting'
  running: Running<unknown> | undefined
  /** Why it is not running. */
  reason: string | undefined
  /** When its last start began, and how long it took; ms. */
  startedAt = 0
  startMs = 0
  restarts = 0
  readonly service: Service<Parts>

  constructor(service: Service<Parts>) {
    this.service = service
  }

  async start(parts: Parts): Promise<void> {
    const { name, startWithinMs = START_WITHIN_MS } = this.service
    this.state = 'starting'
    this.startedAt = performance.now()
    const overrun = new AbortController()
    const work = (async () => this.service.start(parts, overrun.signal))()
    try {
      const running = await within(startWithinMs, work)
      if (running === OVERRAN) {
        overrun.abort()
        // Whatever comes up late must not stay behind.
        work.then((late) => late.stop?.()).catch(() => undefined)
        throw new Error(`not running after ${startWithinMs} ms`)
      }
      this.running = running
      this.reason = undefined
      this.state = 'running'
    } catch (error) {
      this.state = 'failed'
      this.reason = reasonOf(error)
      throw new ServiceError(name, `The service "${name}" did not start: ${reasonOf(error)}`, error)
    } finally {
      this.startMs = performance.now() - this.startedAt
    }
  }

  async stop(withinMs: number): Promise<StopEntry> {
    const { name, stopWithinMs = STOP_WITHIN_MS } = this.service
    const began = performance.now()
    const entry = (outcome: StopEntry['outcome'], error?: unknown): StopEntry => {
      this.state = outcome === 'stopped' ? 'stopped' : 'failed'
      const ms = performance.now() - began
      return error === undefined ? { name, ms, outcome } : { name, ms, outcome, error }
    }
    const { running } = this
    this.state = 'stopping'
    this.running = undefined
    try {
      const limit = Math.max(0, Math.min(withinMs, stopWithinMs))
      const result = await within(limit, (async () => running?.stop?.())())
      return entry(result === OVERRAN ? 'overran' : 'stopped')
    } catch (error) {
      return entry('failed', error)
    }
  }

  /** When the services inside it began, by the clock of `startedAt`, and how long they took. */
  innerStarts(): readonly InnerStart[] {
    const starts = this.running?.inner?.starts ?? []
    return starts.map(({ name, at, ms }) => ({ name, at: at - performance.timeOrigin, ms }))
  }

  /** Health of the services inside it, then its own. */
  async health(): Promise<readonly ServiceHealth[]> {
    const found = await this.#health()
    return this.service.spare ? found.map((one) => ({ ...one, spare: true })) : found
  }

  async #health(): Promise<readonly ServiceHealth[]> {
    const { name, inner: declared = [] } = this.service
    const { state } = this
    const lost = (reason: string): ServiceHealth[] => [
      ...declared.map((node) => ({ name: node.name, state, ok: false, reason: `"${name}" holds it: ${reason}` })),
      { name, state, ok: false, reason },
    ]
    if (state !== 'running') return lost(this.reason ?? `is ${state}`)
    try {
      const result = await within(HEALTH_WITHIN_MS, this.#ask())
      if (result === OVERRAN) throw new Error(`did not answer within ${HEALTH_WITHIN_MS} ms`)
      const ill = result.find(({ ok }) => !ok)
      const own = ill ? { name, state, ok: false, reason: `${ill.name}: ${ill.reason}` } : { name, state, ok: true }
      return [...result, own]
    } catch (error) {
      return lost(reasonOf(error))
    }
  }

  async #ask(): Promise<readonly ServiceHealth[]> {
    await this.running?.health?.()
    return (await this.running?.inner?.health()) ?? []
  }
}
