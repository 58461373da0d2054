import { performance } from 'node:perf_hooks'
import { createBackoff, RESTARTS, type Backoff, type RestartPolicy } from './backoff.ts'
import { ServiceError, startOrder, withDependants, type Node } from './graph.ts'
import { nodesOf, ownMs } from './inner.ts'
import { Part, reasonOf, within, type Running, type Service, type ServiceHealth, type StopEntry } from './part.ts'

interface Declaration<Parts extends object, Name extends keyof Parts & string, Need extends keyof Parts & string> {
  readonly name: Name
  readonly needs: readonly Need[]
  readonly inner?: readonly Node[]
  readonly startWithinMs?: number
  readonly stopWithinMs?: number
  readonly restartable?: boolean
  readonly spare?: boolean
  start(parts: Pick<Parts, Need>, signal: AbortSignal): Promise<Running<Parts[Name]>> | Running<Parts[Name]>
}

/** Gives a function that declares services of `Parts`, checked by the compiler: a service sees only what it says it needs. */
export function declareServices<Parts extends object>() {
  return <Name extends keyof Parts & string, Need extends keyof Parts & string = never>(
    declaration: Declaration<Parts, Name, Need>,
  ): Service<Parts> => declaration
}

/** Times in milliseconds; `at` counts from the beginning of the start. */
export interface StartReport {
  readonly services: readonly { name: string; at: number; ms: number }[]
  readonly sequential: boolean
  readonly totalMs: number
  /** The sum of each service's own time; one that holds others has only what it took beside them. */
  readonly sumMs: number
}

/** What became of each service, in the order in which they ended. */
export interface StopReport {
  readonly services: readonly StopEntry[]
  readonly totalMs: number
}

/** A service as an administrator sees it. Times in milliseconds. */
export interface ServiceView extends ServiceHealth {
  /** The service that it lives in, and is started again with. */
  readonly within?: string
  readonly needs: readonly string[]
  readonly at: number
  readonly ms: number
  readonly restarts: number
  readonly restartable: boolean
}

interface ServicesOptions {
  /** One after the other, to learn what starting at the same time saves. */
  sequential?: boolean
  restarts?: RestartPolicy
  random?: () => number
  /** A service has failed and is started again in `waitMs`, with all that need it. */
  onRestart?: (name: string, reason: string, waitMs: number) => void
  /** A service fails again and again: the process can not go on. */
  onGiveUp?: (error: ServiceError) => void
}

/** Starts, watches, restarts and stops a graph of services. */
export interface Services<Parts extends object> {
  /** Each as soon as all it needs run. Rejects with `ServiceError` after stopping what had started. */
  readonly start: () => Promise<StartReport>
  /** Each as soon as nothing that needs it runs; never rejects. `deadlineMs` holds for all together. */
  readonly stop: (deadlineMs: number) => Promise<StopReport>
  /**
   * Stops a service and all that need it, and starts them again; one inside another with that one. Throws `ServiceError` when there is none of that name,
   * when it can not be restarted, or when something did not start; then it is tried again by itself.
   */
  readonly restart: (name: string) => Promise<void>
  readonly health: () => Promise<ServiceHealth[]>
  readonly describe: () => Promise<ServiceView[]>
  /** Values of the services that run. */
  readonly parts: Partial<Parts>
}

const STOP_WITHIN_MS = 10_000

class Manager<Parts extends object> implements Services<Parts> {
  readonly parts: Partial<Parts> = {}
  readonly #services: readonly Service<Parts>[]
  readonly #options: ServicesOptions
  readonly #order: readonly string[]
  readonly #graph: ReadonlyMap<string, Part<Parts>>
  readonly #backoffs = new Map<string, Backoff>()
  readonly #waiting = new Set<NodeJS.Timeout>()
  #began = 0
  #stopping = false
  /** Restarts happen one after the other, and none while everything stops. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(services: readonly Service<Parts>[], options: ServicesOptions) {
    // The graph must hold with what is inside as well.
    startOrder(nodesOf(services))
    this.#services = services
    this.#options = options
    this.#order = startOrder(services)
    this.#graph = new Map(services.map((service) => [service.name, new Part(service)]))
  }

  #part(name: string): Part<Parts> {
    return this.#graph.get(name) as Part<Parts>
  }

  readonly start = async (): Promise<StartReport> => {
    this.#began = performance.now()
    try {
      await this.#startAll(this.#order)
    } catch (error) {
      await this.stop(STOP_WITHIN_MS)
      throw error
    }
    const totalMs = performance.now() - this.#began
    const parts = this.#order.map((name) => this.#part(name))
    const services = parts
      .flatMap((part) => [...part.innerStarts(), { name: part.service.name, at: part.startedAt, ms: part.startMs }])
      .map(({ name, at, ms }) => ({ name, at: Math.max(0, at - this.#began), ms }))
      .toSorted((a, b) => a.at + a.ms - (b.at + b.ms))
    const own = (part: Part<Parts>) => ownMs(part.startMs, part.innerStarts())
    const inner = parts.flatMap((part) => part.innerStarts())
    const sumMs = parts.reduce((sum, part) => sum + own(part), 0) + inner.reduce((sum, { ms }) => sum + ms, 0)
    return { services, sequential: this.#options.sequential ?? false, totalMs, sumMs }
  }

  /** Starts these, each when all it needs runs; after the first failure no other begins, and it is thrown. */
  async #startAll(names: readonly string[]): Promise<void> {
    const started = new Map<string, Promise<void>>()
    let failure: unknown
    let last = Promise.resolve()
    for (const name of names) {
      const { needs } = this.#part(name).service
      const before = this.#options.sequential ? [last] : needs.map(async (need) => started.get(need))
      const work = Promise.all(before).then(async () => {
        if (!failure) await this.#startOne(name)
      })
      last = work.catch((error: unknown) => {
        failure ??= error
      })
      started.set(name, last)
    }
    await Promise.all(started.values())
    if (failure) throw failure
  }

  async #startOne(name: string): Promise<void> {
    const part = this.#part(name)
    const { service } = part
    const seen = Object.fromEntries(service.needs.map((need) => [need, this.parts[need]]))
    await part.start(seen as Parts)
    const { running } = part
    this.parts[service.name] = running?.value as Parts[typeof service.name]
    void running?.failed?.then((reason) => {
      // What was stopped on purpose has not failed.
      if (part.running === running) this.#onFailure(name, reasonOf(reason))
    })
  }

  /** Stops those of these that run, each when nothing that needs it runs any more. */
  async #stopAll(names: readonly string[], deadlineMs: number): Promise<StopEntry[]> {
    const began = performance.now()
    const ended: StopEntry[] = []
    const stopped = new Map<string, Promise<void>>()
    for (const name of names.toReversed()) {
      const needing = names.filter((other) => this.#part(other).service.needs.some((need) => need === name))
      const work = Promise.all(needing.map(async (other) => stopped.get(other))).then(async () => {
        const part = this.#part(name)
        if (!part.running) return
        delete this.parts[part.service.name]
        ended.push(await part.stop(deadlineMs - (performance.now() - began)))
      })
      stopped.set(name, work)
    }
    await Promise.all(stopped.values())
    return ended
  }

  readonly stop = async (deadlineMs: number): Promise<StopReport> => {
    const began = performance.now()
    this.#stopping = true
    for (const timer of this.#waiting) clearTimeout(timer)
    await within(
      deadlineMs,
      this.#last.catch(() => undefined),
    )
    const services = await this.#stopAll(this.#order, deadlineMs - (performance.now() - began))
    return { services, totalMs: performance.now() - began }
  }

  readonly restart = async (name: string): Promise<void> => {
    const part = this.#hostOf(name)
    if (!part) throw new ServiceError(name, `No service has the name "${name}".`)
    if (part.service.restartable === false) {
      throw new ServiceError(name, `The service "${name}" can not be started again in one process; restart the server.`)
    }
    await this.#again(part.service.name)
  }

  /** The service of this name, or the one in which it is. */
  #hostOf(name: string): Part<Parts> | undefined {
    const holds = ({ service }: Part<Parts>) => service.inner?.some((node) => node.name === name)
    return this.#graph.get(name) ?? [...this.#graph.values()].find(holds)
  }

  #again(name: string): Promise<void> {
    const work = this.#last
      .catch(() => undefined)
      .then(async () => {
        if (this.#stopping) return
        const affected = withDependants(this.#services, name)
        await this.#stopAll(affected, STOP_WITHIN_MS)
        for (const other of affected) this.#part(other).state = 'waiting'
        this.#part(name).restarts += 1
        try {
          await this.#startAll(affected)
        } catch (error) {
          if (error instanceof ServiceError) this.#onFailure(error.service, error.message)
          throw error
        }
      })
    this.#last = work
    return work
  }

  #onFailure(name: string, reason: string): void {
    if (this.#stopping) return
    const part = this.#part(name)
    part.reason = reason
    part.state = 'failed'
    const { restarts = RESTARTS, random = Math.random, onRestart, onGiveUp } = this.#options
    const backoff = this.#backoffs.get(name) ?? createBackoff(restarts, () => performance.now(), random)
    this.#backoffs.set(name, backoff)
    const waitMs = part.service.restartable === false ? undefined : backoff.next()
    if (waitMs === undefined) {
      onGiveUp?.(new ServiceError(name, `The service "${name}" failed and is not started again: ${reason}`))
      return
    }
    onRestart?.(name, reason, waitMs)
    const timer = setTimeout(() => {
      this.#waiting.delete(timer)
      // A failure to start has been counted and the next try is on its way.
      this.#again(name).catch(() => undefined)
    }, waitMs)
    this.#waiting.add(timer)
  }

  readonly health = async (): Promise<ServiceHealth[]> =>
    (await Promise.all(this.#order.map((name) => this.#part(name).health()))).flat()

  readonly describe = async (): Promise<ServiceView[]> =>
    (await Promise.all(this.#order.map((name) => this.#describeOne(this.#part(name))))).flat()

  async #describeOne(part: Part<Parts>): Promise<ServiceView[]> {
    const { service, restarts } = part
    const { name: host, restartable = true } = service
    const healths = await part.health()
    const nodes = new Map(nodesOf([service]).map(({ name, needs }) => [name, needs]))
    const starts = new Map(part.innerStarts().map((start) => [start.name, start]))
    return healths.map((health) => {
      const { at, ms } = starts.get(health.name) ?? { at: part.startedAt, ms: part.startMs }
      const common = { ...health, needs: nodes.get(health.name) ?? [], restarts, restartable }
      const times = { at: Math.max(0, at - this.#began), ms }
      return health.name === host ? { ...common, ...times } : { ...common, ...times, within: host }
    })
  }
}

/** Builds the manager of a graph. Throws `ServiceError` if the graph can not be started. */
export function createServices<Parts extends object>(
  services: readonly Service<Parts>[],
  options: ServicesOptions = {},
): Services<Parts> {
  return new Manager(services, options)
}
