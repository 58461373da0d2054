import { collectOutputs, type CollectedOutputs } from './collected-outputs.ts'
import type { EndedRun } from './execution.ts'
import { createKernelClock } from './kernel-clock.ts'
import type { OutputError } from './outputs.ts'

/** What is read of a message between a page and a kernel (Jupyter messaging protocol 5). */
export interface KernelMessage {
  readonly header: {
    readonly msg_id: string
    readonly msg_type: string
    readonly session?: string
    readonly date?: string
  }
  readonly parent_header: object
  readonly content: object
}

/** A run that has not ended. */
interface Run<Place> {
  readonly request: string
  readonly code: string
  readonly place: Place
  readonly collected: CollectedOutputs
  /** The kernel has it: later answers of the kernel mean that this one is over. */
  delivered: boolean
  /** ms of the kernel's clock. */
  busyAt?: number
  idleAt?: number
  /** The kernel said `idle`, whatever the date. */
  idle: boolean
  input: boolean
  count: number | null
  reply?: { readonly status: unknown; readonly error?: OutputError }
  timer?: ReturnType<typeof setTimeout>
}

interface Parts<Place> {
  readonly clock: () => number
  readonly ended: (place: Place, run: EndedRun) => void
}

/** Reply and `idle` come on two channels, in any order. Outputs stand before `idle`, and many of them take their time. */
const REPLY_GRACE_MS = 400
const IDLE_GRACE_MS = 5_000

function replyOf(content: object): { status: unknown; error?: OutputError } {
  const { status, ename, evalue, traceback } = content as Readonly<Record<string, unknown>>
  if (typeof ename !== 'string') return { status }
  const lines = Array.isArray(traceback) ? traceback.join('\n') : ''
  return { status, error: { name: ename, message: typeof evalue === 'string' ? evalue : '', traceback: lines } }
}

function statusOf<Place>(run: Run<Place>): EndedRun['status'] {
  const { reply } = run
  if (run.collected.error || reply?.status === 'error') return 'error'
  // Kernels abort what is queued behind an error; other requests they refuse without a word of their beginning.
  if (reply?.status === 'aborted' || reply?.status === 'abort') return 'aborted'
  return reply?.status === 'ok' || run.input ? 'ok' : 'aborted'
}

/**
 * Follows the runs of one kernel by its own messages: a run begins when its request is sent, and ends with `idle` and the
 * reply, in the order in which the kernel worked, whatever became of the cell meanwhile.
 */
export function createKernelRuns<Place>({ clock, ended }: Parts<Place>) {
  const runs = new Map<string, Run<Place>>()
  const onEmpty: (() => void)[] = []
  const kernelClock = createKernelClock()

  const close = (run: Run<Place>, status: EndedRun['status']) => {
    if (!runs.delete(run.request)) return
    clearTimeout(run.timer)
    const now = clock()
    const { busyAt, idleAt, collected } = run
    // What was refused while it waited says `busy` too, but not what it was given to run.
    const began = run.input || status === 'ok' || status === 'error' ? busyAt : undefined
    ended(run.place, {
      source: run.code,
      outputs: collected.outputs,
      sizes: collected.sizes,
      executionCount: run.count,
      status,
      error: collected.error ?? run.reply?.error,
      startedAt: began === undefined ? undefined : kernelClock.here(began, now),
      endedAt: idleAt === undefined ? now : kernelClock.here(idleAt, now),
      kernelMs: began === undefined || idleAt === undefined ? undefined : idleAt - began,
    })
    if (runs.size === 0) for (const tell of onEmpty.splice(0)) tell()
  }
  /** The kernel works in order: what was asked before `run` and has not ended is over, and its end was not seen. */
  const closeBefore = (run: Run<Place>) => {
    for (const other of runs.values()) {
      if (other === run) return
      if (other.delivered) close(other, other.idle || other.reply ? statusOf(other) : undefined)
    }
  }
  const finish = (run: Run<Place>) => {
    closeBefore(run)
    close(run, statusOf(run))
  }
  const wait = (run: Run<Place>) => {
    clearTimeout(run.timer)
    if (run.idle && run.reply) finish(run)
    else run.timer = setTimeout(() => finish(run), run.idle ? REPLY_GRACE_MS : IDLE_GRACE_MS)
  }

  let session: string | undefined
  /** Another session answers: the process that had the runs before `run` is gone, as when another page restarts the kernel. */
  const hearSession = (now: string | undefined, run: Run<Place> | undefined) => {
    if (now === undefined || now === session) return
    const before = session
    session = now
    if (before === undefined) return
    for (const other of runs.values()) {
      if (other === run) return
      if (other.delivered) close(other, 'aborted')
    }
  }

  const status = (run: Run<Place>, content: object, written: number) => {
    const { execution_state: state } = content as { execution_state?: string }
    if (state === 'busy') {
      closeBefore(run)
      if (!Number.isNaN(written)) run.busyAt = written
    } else if (state === 'idle') {
      run.idle = true
      if (!Number.isNaN(written)) run.idleAt = written
      wait(run)
    }
  }

  return {
    /** A request to run `code` was sent; `delivered` if it can not be waiting on this side any more. */
    begin(request: { id: string; code: string; delivered: boolean }, place: Place): void {
      const { id, code, delivered } = request
      const collected = collectOutputs()
      runs.set(id, { request: id, code, place, collected, delivered, idle: false, input: false, count: null })
    },
    /** A message of the kernel, to whomever. */
    heard(message: KernelMessage): void {
      const { msg_type: type, date } = message.header
      const written = kernelClock.heard(date, clock())
      const { msg_id: parent } = message.parent_header as { msg_id?: string }
      const run = runs.get(parent ?? '')
      // What has no parent is said by the server, not by the kernel.
      if (parent !== undefined) hearSession(message.header.session, run)
      if (!run) return
      run.delivered = true
      if (type === 'status') status(run, message.content, written)
      else if (type === 'execute_input') {
        run.input = true
        run.busyAt ??= written
        run.count = (message.content as { execution_count?: number | null }).execution_count ?? null
      } else if (type === 'execute_reply') {
        run.reply = replyOf(message.content)
        run.count ??= (message.content as { execution_count?: number | null }).execution_count ?? null
        wait(run)
      } else {
        run.collected.add(type, message.content)
        if (run.reply && !run.idle) wait(run)
      }
    },
    /** Requests of runs that the kernel has and has not ended. */
    pending: (): string[] => [...runs.values()].filter(({ delivered }) => delivered).map(({ request }) => request),
    /** The kernel has answered what was asked after these: they are over, whatever was not heard of them. */
    over(requests: readonly string[]): void {
      for (const request of requests) {
        const run = runs.get(request)
        if (run) close(run, run.idle || run.reply ? statusOf(run) : undefined)
      }
    },
    /** The kernel that had these, or all, is gone. */
    gone(requests: readonly string[] = [...runs.keys()]): void {
      for (const request of requests) {
        const run = runs.get(request)
        if (run) close(run, 'aborted')
      }
    },
    has: (request: string | undefined): boolean => runs.has(request ?? ''),
    all: (): string[] => [...runs.keys()],
    isEmpty: () => runs.size === 0,
    /** Calls `tell` once, when the last run has ended. */
    whenEmpty: (tell: () => void) => void onEmpty.push(tell),
  }
}

/** The runs of one kernel. */
export type KernelRuns<Place> = ReturnType<typeof createKernelRuns<Place>>
