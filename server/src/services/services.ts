import { performance } from 'node:perf_hooks'

/** A running service: what the others get of it, and how it is stopped and asked for its health. */
export interface Running<T> {
  readonly value: T
  stop?(): Promise<void> | void
  /** Throws the reason, meant for an administrator, when the service can not do its work now. */
  health?(): Promise<void> | void
}

/** A long-lived part, as declared. `needs` are names of services whose values `start` is given. */
export interface Service<Parts extends object> {
  readonly name: keyof Parts & string
  readonly needs: readonly (keyof Parts & string)[]
  /** Milliseconds; overrunning is a failure to start. */
  readonly startWithinMs?: number
  /** Milliseconds; overrunning is reported, and the stop goes on without it. */
  readonly stopWithinMs?: number
  /** `signal` is aborted when the start takes too long. */
  start(parts: Parts, signal: AbortSignal): Promise<Running<unknown>> | Running<unknown>
}

interface Declaration<Parts extends object, Name extends keyof Parts & string, Need extends keyof Parts & string> {
  readonly name: Name
  readonly needs: readonly Need[]
  readonly startWithinMs?: number
  readonly stopWithinMs?: number
  start(parts: Pick<Parts, Need>, signal: AbortSignal): Promise<Running<Parts[Name]>> | Running<Parts[Name]>
}

/** Gives a function that declares services of `Parts`, checked by the compiler: a service sees only what it says it needs. */
export function declareServices<Parts extends object>() {
  return <Name extends keyof Parts & string, Need extends keyof Parts & string = never>(
    declaration: Declaration<Parts, Name, Need>,
  ): Service<Parts> => declaration
}

/** Where a service is in its life. */
export type ServiceState = 'waiting' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed'

/** A service did not start, or the declared graph can not be started at all. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  /** Name of the service at fault. */
  readonly service: string

  constructor(service: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.service = service
  }
}

/** Times in milliseconds; `at` counts from the beginning of the start. */
export interface StartReport {
  readonly services: readonly { name: string; at: number; ms: number }[]
  readonly totalMs: number
  /** The sum of each service's own time: what one after the other would have waited for. */
  readonly sumMs: number
}

/** What became of each service, in the order in which they ended. */
export interface StopReport {
  readonly services: readonly { name: string; ms: number; outcome: 'stopped' | 'overran' | 'failed'; error?: unknown }[]
  readonly totalMs: number
}

/** Health of one service; `reason` is there when it is not ok. */
export interface ServiceHealth {
  readonly name: string
  readonly state: ServiceState
  readonly ok: boolean
  readonly reason?: string
}

/** Starts, watches and stops a graph of services. */
export interface Services<Parts extends object> {
  /** Each as soon as all it needs run. Rejects with `ServiceError` after stopping what had started. */
  readonly start: () => Promise<StartReport>
  /** Each as soon as nothing that needs it runs; never rejects. `deadlineMs` holds for all together. */
  readonly stop: (deadlineMs: number) => Promise<StopReport>
  readonly health: () => Promise<ServiceHealth[]>
  /** Values of the services that run. */
  readonly parts: Partial<Parts>
}

const START_WITHIN_MS = 30_000
const STOP_WITHIN_MS = 10_000
const HEALTH_WITHIN_MS = 2_000

/**
 * The names so that each comes after all it needs.
 * Throws `ServiceError` that names the path to a missing name, a cycle, or a name given twice.
 */
export function startOrder(services: readonly { name: string; needs: readonly string[] }[]): string[] {
  const byName = new Map(services.map((service) => [service.name, service]))
  if (byName.size < services.length) {
    const twice = services.find((service, index) => services.findIndex(({ name }) => name === service.name) < index)
    throw new ServiceError(twice?.name ?? '', `Two services have the name "${twice?.name}".`)
  }
  const order: string[] = []
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return
    const service = byName.get(name)
    const shown = [...path, name].join(' -> ')
    if (!service) throw new ServiceError(path.at(-1) ?? name, `No service has the name "${name}": ${shown}.`)
    if (path.includes(name)) {
      const cycle = [...path.slice(path.indexOf(name)), name].join(' -> ')
      throw new ServiceError(name, `Services need each other in a cycle: ${cycle}.`)
    }
    for (const need of service.needs) visit(need, [...path, name])
    done.add(name)
    order.push(name)
  }
  for (const { name } of services) visit(name, [])
  return order
}

const OVERRAN = Symbol('overran')

/** Resolves to the result, or to `OVERRAN` after `ms`; the work itself goes on. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | typeof OVERRAN> {
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

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** One service with its life. */
class Part<Parts extends object> {
  state: ServiceState = 'waiting'
  running: Running<unknown> | undefined
  readonly service: Service<Parts>

  constructor(service: Service<Parts>) {
    this.service = service
  }

  async start(parts: Parts): Promise<void> {
    const { name, startWithinMs = START_WITHIN_MS } = this.service
    this.state = 'starting'
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
      this.state = 'running'
    } catch (error) {
      this.state = 'failed'
      throw new ServiceError(name, `The service "${name}" did not start: ${reasonOf(error)}`, error)
    }
  }

  async stop(withinMs: number): Promise<StopReport['services'][number]> {
    const { name } = this.service
    const began = performance.now()
    const entry = (outcome: 'stopped' | 'overran' | 'failed', error?: unknown) => {
      this.state = outcome === 'stopped' ? 'stopped' : 'failed'
      const ms = performance.now() - began
      return error === undefined ? { name, ms, outcome } : { name, ms, outcome, error }
    }
    this.state = 'stopping'
    const limit = Math.max(0, Math.min(withinMs, this.service.stopWithinMs ?? STOP_WITHIN_MS))
    try {
      const result = await within(limit, (async () => this.running?.stop?.())())
      return entry(result === OVERRAN ? 'overran' : 'stopped')
    } catch (error) {
      return entry('failed', error)
    }
  }

  async health(): Promise<ServiceHealth> {
    const { name } = this.service
    if (this.state !== 'running') return { name, state: this.state, ok: false, reason: `is ${this.state}` }
    try {
      const result = await within(HEALTH_WITHIN_MS, (async () => this.running?.health?.())())
      if (result === OVERRAN) throw new Error(`did not answer within ${HEALTH_WITHIN_MS} ms`)
      return { name, state: this.state, ok: true }
    } catch (error) {
      return { name, state: this.state, ok: false, reason: reasonOf(error) }
    }
  }
}

/** Builds the manager of a graph. Throws `ServiceError` if the graph can not be started. */
export function createServices<Parts extends object>(services: readonly Service<Parts>[]): Services<Parts> {
  const order = startOrder(services)
  const graph = new Map<string, Part<Parts>>(services.map((service) => [service.name, new Part(service)]))
  const parts: Partial<Parts> = {}
  const part = (name: string) => graph.get(name) as Part<Parts>
  const neededBy = (name: string) => order.filter((other) => part(other).service.needs.some((need) => need === name))

  const start = async (): Promise<StartReport> => {
    const began = performance.now()
    const report: { name: string; at: number; ms: number }[] = []
    const started = new Map<string, Promise<void>>()
    let failure: unknown
    for (const name of order) {
      const { service } = part(name)
      const needs = service.needs.map(async (need) => started.get(need))
      const work = Promise.all(needs).then(async () => {
        if (failure) return
        const at = performance.now()
        const seen = Object.fromEntries(service.needs.map((need) => [need, parts[need]]))
        await part(name).start(seen as Parts)
        parts[service.name] = part(name).running?.value as Parts[typeof service.name]
        report.push({ name, at: at - began, ms: performance.now() - at })
      })
      started.set(
        name,
        work.catch((error: unknown) => {
          failure ??= error
        }),
      )
    }
    await Promise.all(started.values())
    if (failure) {
      await stop(STOP_WITHIN_MS)
      throw failure as ServiceError
    }
    const sumMs = report.reduce((sum, { ms }) => sum + ms, 0)
    return { services: report, totalMs: performance.now() - began, sumMs }
  }

  const stop = async (deadlineMs: number): Promise<StopReport> => {
    const began = performance.now()
    const ended: StopReport['services'][number][] = []
    const stopped = new Map<string, Promise<void>>()
    for (const name of order.toReversed()) {
      const after = Promise.all(neededBy(name).map(async (other) => stopped.get(other)))
      const work = after.then(async () => {
        if (part(name).state !== 'running') return
        ended.push(await part(name).stop(deadlineMs - (performance.now() - began)))
      })
      stopped.set(name, work)
    }
    await Promise.all(stopped.values())
    return { services: ended, totalMs: performance.now() - began }
  }

  return { start, stop, parts, health: () => Promise.all(order.map((name) => part(name).health())) }
}
