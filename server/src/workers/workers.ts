import { rm } from 'node:fs/promises'
import type { JobInfo, JobsAnswer } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import { jobInfo, type Effect, type JobRow, type Jobs } from './jobs.ts'
import type { JobKind, JobPayload, KindParts } from './kinds.ts'
import type { Pool } from './pool.ts'

const TICK_MS = 500
/** A thread more when the oldest job that is due has waited so long. */
const GROW_AFTER_MS = 1_000
const SWEEP_EVERY_TICKS = 7_200

interface WorkersOptions {
  jobs: Jobs
  pool: Pool
  kinds: Readonly<Record<string, JobKind>>
  parts: KindParts
  /** Jobs at once: at least, and at most. */
  floor: number
  ceiling: number
  /** True for kinds that are put off now. */
  putOff: (kind: JobKind) => boolean
  /** What is written with the end of a job, by kind. */
  effects?: Readonly<Record<string, Effect>>
  onFailure: (job: JobRow, error: unknown) => void
  /** Milliseconds since the epoch. */
  clock: () => number
}

interface Running {
  job: JobRow
  abort: AbortController
  progress: number
  done: Promise<void>
}

/** Does a job of a kind that has no thread. */
type Serve = (payload: JobPayload) => Promise<unknown>

/** Runs jobs in the pool: claims what is due, watches over it, ends it in its row. */
export class Workers {
  readonly #options: WorkersOptions
  readonly #listeners = new Set<(id: number) => void>()
  readonly #running = new Map<number, Running>()
  readonly #served = new Map<string, Serve>()
  /** Attempts that ended while their rows could not be written, e.g. on a full disk. */
  readonly #unwritten = new Set<number>()
  readonly #timer: NodeJS.Timeout
  #limit: number
  #oldestMs = 0
  #ticks = 0
  #claiming: Promise<void> | undefined
  #again = false
  #stopped = false

  constructor(options: WorkersOptions) {
    this.#options = options
    this.#limit = options.floor
    this.#timer = setInterval(() => void this.#tick(), TICK_MS).unref()
  }

  /** Has jobs of a kind without a thread done by `serve`; they wait while nobody does. Returns how to end that. */
  serve(kind: string, serve: Serve): () => void {
    this.#served.set(kind, serve)
    this.wake()
    return () => void this.#served.delete(kind)
  }

  /** True for a kind that can be started by hand. */
  offers(kind: string): boolean {
    const { kinds } = this.#options
    return Object.hasOwn(kinds, kind) && kinds[kind]?.isOffered !== false
  }

  /** Adds a job. Throws `bad_request` for a kind that there is not, or one that needs a class. */
  async add(kind: string, payload: JobPayload): Promise<JobRow> {
    const { kinds, jobs } = this.#options
    const found = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
    if (!found) throw new CodedError('bad_request', `There is no kind of job "${kind}".`)
    if (found.ofClass && payload.class === undefined) throw new CodedError('bad_request', `"${kind}" needs a class.`)
    const key = JSON.stringify([kind, payload])
    const row = await jobs.add({ kind, payload, key, priority: found.priority, maxAttempts: found.attempts })
    this.wake()
    return row
  }

  /** The job as it is when it has ended, or after `withinMs`. Throws `not_found`. */
  async ended(id: number, withinMs: number): Promise<JobRow> {
    const { jobs } = this.#options
    const { promise, resolve } = Promise.withResolvers<void>()
    const onEnd = (ended: number) => ended === id && resolve()
    this.#listeners.add(onEnd)
    const late = setTimeout(resolve, withinMs)
    try {
      const row = await jobs.get(id)
      if (row.state === 'waiting' || row.state === 'running') await promise
      return await jobs.get(id)
    } finally {
      clearTimeout(late)
      this.#listeners.delete(onEnd)
    }
  }

  /** Nothing more is tried of the job. */
  async #hasEnded({ id, kind, payload }: JobRow): Promise<void> {
    const { kinds, parts } = this.#options
    const spent = (Object.hasOwn(kinds, kind) && kinds[kind]?.spends?.(parts.dataDir, JSON.parse(payload))) || []
    for (const file of spent) await rm(file, { force: true })
    for (const listener of this.#listeners) listener(id)
  }

  async replay(id: number): Promise<JobRow> {
    const row = await this.#options.jobs.replay(id)
    this.wake()
    return row
  }

  /** Removes a job that does not run, with the files it left. Throws `not_found`, `conflict`. */
  async remove(id: number): Promise<void> {
    await this.#removeFiles(await this.#options.jobs.remove(id))
  }

  /** Breaks off what works on a class, to be begun anew, and removes what was made of it; of one kind, where it is named. */
  async forget(classId: string, kind?: string): Promise<void> {
    const isOf = (row: JobRow) =>
      (JSON.parse(row.payload) as JobPayload).class === classId && row.kind === (kind ?? row.kind)
    const running = [...this.#running.values()].filter(({ job }) => isOf(job))
    for (const { abort } of running) abort.abort(new Error('What it reads of the class has changed; it is begun anew.'))
    await Promise.all(running.map(({ done }) => done))
    for (const row of await this.#options.jobs.ended()) if (isOf(row)) await this.remove(row.id)
  }

  async #removeFiles({ id, kind }: JobRow): Promise<void> {
    const { kinds, parts } = this.#options
    const files = (Object.hasOwn(kinds, kind) && kinds[kind]?.files?.(parts.dataDir, id)) || []
    for (const file of files) await rm(file, { force: true })
  }

  /** Looks for jobs now instead of at the next tick. */
  wake(): void {
    if (this.#stopped) return
    if (this.#claiming) {
      this.#again = true
      return
    }
    this.#claiming = this.#claim()
      .catch((error: unknown) => this.#options.onFailure({ kind: 'claim' } as JobRow, error))
      .finally(() => {
        this.#claiming = undefined
        if (this.#again) {
          this.#again = false
          this.wake()
        }
      })
  }

  async #tick(): Promise<void> {
    const { jobs, floor, ceiling, onFailure } = this.#options
    try {
      await this.#writeBack()
      this.#oldestMs = await jobs.oldestMs(this.#putOff())
      if (this.#oldestMs > GROW_AFTER_MS) this.#limit = Math.min(ceiling, this.#limit + 1)
      else if (this.#running.size === 0) this.#limit = floor
      if (this.#oldestMs > 0) this.wake()
      if (this.#ticks % SWEEP_EVERY_TICKS === 0) {
        for (const row of await jobs.sweep(this.#kept())) await this.#removeFiles(row)
      }
      this.#ticks += 1
    } catch (error) {
      onFailure({ kind: 'tick' } as JobRow, error)
    }
  }

  async #writeBack(): Promise<void> {
    if (this.#unwritten.size === 0) return
    await this.#options.jobs.handBack([...this.#unwritten])
    this.#unwritten.clear()
  }

  #kept(): string[] {
    return Object.entries(this.#options.kinds).flatMap(([name, { isKept = false }]) => (isKept ? [name] : []))
  }

  #putOff(): string[] {
    const { kinds, putOff } = this.#options
    const waits = (name: string, kind: JobKind) => kind.thread === undefined && !this.#served.has(name)
    return Object.entries(kinds).flatMap(([name, kind]) => (putOff(kind) || waits(name, kind) ? [name] : []))
  }

  async #claim(): Promise<void> {
    const free = this.#limit - this.#running.size
    if (free <= 0) return
    const claimed = await this.#options.jobs.claim(free, this.#putOff())
    for (const job of claimed) this.#begin(job)
  }

  #begin(job: JobRow): void {
    const running: Running = { job, abort: new AbortController(), progress: 0, done: Promise.resolve() }
    this.#running.set(job.id, running)
    running.done = this.#run(running).finally(() => {
      this.#running.delete(job.id)
      this.wake()
    })
  }

  async #run(running: Running): Promise<void> {
    const { jobs, pool, kinds, parts, effects = {}, onFailure } = this.#options
    const { job, abort } = running
    const kind = Object.hasOwn(kinds, job.kind) ? kinds[job.kind] : undefined
    const late = setTimeout(
      () => abort.abort(new Error(`not done after ${kind?.timeoutMs} ms`)),
      kind?.timeoutMs ?? 0,
    ).unref()
    try {
      if (!kind) throw new CodedError('bad_request', `There is no kind of job "${job.kind}" any more.`)
      const payload = JSON.parse(job.payload) as JobPayload
      const input = await kind.prepare(payload, job, parts)
      const onProgress = (done: number): void => void (running.progress = done)
      const result =
        kind.thread === undefined
          ? await this.#here(job.kind, payload)
          : await pool.run({ name: kind.thread, input, signal: abort.signal, onProgress })
      await jobs.finish(job, result, effects[job.kind])
      await this.#hasEnded(job)
    } catch (error) {
      const reason = abort.signal.aborted ? abort.signal.reason : error
      if (this.#stopped) return
      onFailure(job, reason)
      await this.#fail(job, reason)
    } finally {
      clearTimeout(late)
    }
  }

  async #here(kind: string, payload: JobPayload): Promise<unknown> {
    const serve = this.#served.get(kind)
    if (!serve) throw new Error('The part of the server that does this has just stopped.')
    return serve(payload)
  }

  async #fail(job: JobRow, reason: unknown): Promise<void> {
    const { jobs, onFailure, clock } = this.#options
    try {
      const row = await jobs.fail(job, reason)
      if (row?.state === 'dead') await this.#hasEnded(row)
      // The tick is too coarse for the first waits.
      if (row?.state === 'waiting') setTimeout(() => this.wake(), Math.max(0, row.due_at - clock())).unref()
    } catch (failure) {
      this.#unwritten.add(job.id)
      onFailure(job, failure)
    }
  }

  async describe(): Promise<Pick<JobsAnswer, 'counts' | 'pool' | 'kinds'>> {
    const { jobs, pool, floor, ceiling, kinds } = this.#options
    const [counts, heapBytes] = await Promise.all([jobs.counts(), pool.heapBytes()])
    return {
      counts,
      kinds: Object.entries(kinds).flatMap(([kind, { what, ofClass, isOffered = true }]) =>
        isOffered ? [{ kind, what, ofClass }] : [],
      ),
      pool: {
        threads: pool.threads(),
        floor,
        ceiling,
        busy: this.#running.size,
        oldestMs: this.#oldestMs,
        crashes: pool.crashes(),
        heapBytes,
      },
    }
  }

  /** A row as the system page shows it, with how far it is. */
  info(row: JobRow): JobInfo {
    const running = this.#running.get(row.id)
    return { ...jobInfo(row), ...(running && row.state === 'running' ? { progress: running.progress } : {}) }
  }

  /** Gives what runs a moment, then ends it and hands it back to its rows. */
  async stop(withinMs: number): Promise<void> {
    clearInterval(this.#timer)
    const late = new Promise((resolve) => setTimeout(resolve, withinMs).unref())
    const before = this.#stopped
    this.#stopped = true
    await this.#claiming
    const all = [...this.#running.values()]
    await Promise.race([Promise.all(all.map(({ done }) => done)), late])
    const left = [...this.#running.keys()]
    for (const { abort } of this.#running.values()) abort.abort(new Error('The server stops.'))
    await this.#options.pool.close()
    // What ended in this moment has yet to be written.
    await Promise.all(all.map(({ done }) => done))
    if (left.length > 0 && !before) await this.#options.jobs.handBack(left)
  }
}
