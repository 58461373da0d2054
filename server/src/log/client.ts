import type { Worker } from 'node:worker_threads'
import { CodedError } from '../errors.ts'
import type { InnerStart } from '../services/inner.ts'
import { noCounts } from './counts.ts'
import type { GroupReport, LiveFrame, Log, LogCounts, Submission } from './log.ts'
import { createTracedGroups } from './traced.ts'
import { fromWire, type BatchHeader, type Calls, type FromLog, type ToLog } from './wire.ts'

/** Bytes waiting for the log thread beyond which batches are refused (SPEC ING-7). */
const QUEUE_BYTES = 32 * 1024 * 1024
/** Bytes of one group; a batch alone may be larger. */
const GROUP_BYTES = 1024 * 1024
/** One group is worked on while the next waits in the thread already: it never idles for a message. */
const GROUPS_AHEAD = 2
const OVERLOADED_RETRY_SECONDS = 1

interface Waiting {
  submission: Submission
  resolve: (answer: Uint8Array) => void
  reject: (error: CodedError) => void
}

/** Who is told what no caller hears of. */
export interface LogObserver {
  /** Something went wrong that the log mends by itself. */
  onFault: (detail: string) => void
  /** Called when the thread has ended by itself: the process can not go on. */
  onExit: (error: Error) => void
}

interface LogClientOptions extends LogObserver {
  /** Events committed and not yet folded. */
  foldLag: () => number
  /** When each service of the thread began. */
  starts: readonly InnerStart[]
}

function takeGroup(queue: Waiting[]): Waiting[] {
  let bytes = 0
  let count = 0
  for (const { submission } of queue) {
    bytes += submission.bytes.byteLength
    if (count > 0 && bytes > GROUP_BYTES) break
    count += 1
  }
  return queue.splice(0, count)
}

function packGroup(n: number, group: Waiting[]): Omit<Extract<ToLog, { kind: 'group' }>, 'traced'> {
  const total = group.reduce((sum, { submission }) => sum + submission.bytes.byteLength, 0)
  const bytes = new Uint8Array(new ArrayBuffer(total))
  const headers: BatchHeader[] = []
  let at = 0
  for (const { submission } of group) {
    bytes.set(submission.bytes, at)
    at += submission.bytes.byteLength
    const { class: classId, student, install, level } = submission
    headers.push({ class: classId, student, install, level, length: submission.bytes.byteLength })
  }
  return { kind: 'group', n, headers, buffer: bytes.buffer }
}

/** The main thread's side of the log thread: queue, groups, calls. */
export class LogClient implements Log {
  readonly starts: readonly InnerStart[]
  readonly #worker: Worker
  readonly #queue: Waiting[] = []
  readonly #groups = new Map<number, Waiting[]>()
  readonly #calls = new Map<number, { resolve: (value: never) => void; reject: (error: CodedError) => void }>()
  readonly #listeners = new Set<(frame: LiveFrame) => void>()
  readonly #groupListeners = new Set<(report: GroupReport) => void>()
  readonly #traced = createTracedGroups()
  readonly #observer: LogClientOptions
  #counts = noCounts()
  #queueBytes = 0
  #next = 0
  #closing = false
  #scheduled = false

  constructor(worker: Worker, observer: LogClientOptions) {
    this.#worker = worker
    this.#observer = observer
    this.starts = observer.starts
    worker.on('message', (message: FromLog) => this.#receive(message))
    worker.on('error', (error) => this.#ended(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => this.#ended(new Error('The log thread ended.')))
  }

  submit(submission: Submission): Promise<Uint8Array> {
    if (this.#closing) return Promise.reject(new CodedError('shutting_down'))
    if (this.#queueBytes + submission.bytes.byteLength > QUEUE_BYTES) {
      return Promise.reject(new CodedError('overloaded', undefined, { retryAfter: OVERLOADED_RETRY_SECONDS }))
    }
    this.#queueBytes += submission.bytes.byteLength
    return new Promise((resolve, reject) => {
      this.#queue.push({ submission, resolve, reject })
      this.#schedule()
    })
  }

  /** Requests that arrive in one turn of the event loop go in one group. */
  #schedule(): void {
    if (this.#scheduled || this.#groups.size >= GROUPS_AHEAD) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      while (this.#groups.size < GROUPS_AHEAD && this.#queue.length > 0) this.#sendGroup()
    })
  }

  #sendGroup(): void {
    const group = takeGroup(this.#queue)
    const message = packGroup(++this.#next, group)
    this.#groups.set(message.n, group)
    const submissions = group.map(({ submission }) => submission)
    const traced = this.#traced.sent(message.n, submissions)
    this.#worker.postMessage({ ...message, traced }, [message.buffer])
  }

  #receive(message: FromLog): void {
    if (message.kind === 'answers') this.#settle(message)
    else if (message.kind === 'answer') this.#take(message.n)?.resolve(message.value as never)
    else if (message.kind === 'refusal') this.#take(message.n)?.reject(fromWire(message.error))
    else if (message.kind === 'frame') this.#publish(message.frame)
    else if (message.kind === 'folded') this.#traced.folded(message.n, message)
    else if (message.kind === 'fault') this.#observer.onFault(message.detail)
  }

  #publish(frame: LiveFrame): void {
    const began = performance.now()
    for (const listener of this.#listeners) listener(frame)
    this.#traced.framed(frame, { at: performance.timeOrigin + began, ms: performance.now() - began })
  }

  #take(n: number) {
    const call = this.#calls.get(n)
    this.#calls.delete(n)
    return call
  }

  #settle({ n, lengths, buffer, errors, counts, times }: Extract<FromLog, { kind: 'answers' }>): void {
    const group = this.#groups.get(n) ?? []
    this.#groups.delete(n)
    this.#counts = counts
    this.#traced.stored(n, times)
    this.#report(group, errors.size)
    let at = 0
    for (const [index, { submission, resolve, reject }] of group.entries()) {
      this.#queueBytes -= submission.bytes.byteLength
      const length = lengths[index] ?? 0
      const error = errors.get(index)
      if (error) reject(fromWire(error))
      else resolve(new Uint8Array(buffer, at, length))
      at += length
    }
    this.#schedule()
  }

  #report(group: Waiting[], refused: number): void {
    if (this.#groupListeners.size === 0 || refused === group.length) return
    const { events, parseMs, commitMs } = this.#counts.lastGroup
    const submissions = group.map(({ submission }) => submission)
    for (const listener of this.#groupListeners) listener({ events, parseMs, commitMs, submissions })
  }

  #ended(error: Error): void {
    const stopped = new CodedError('storage_unavailable', 'The log thread has ended.', { cause: error })
    for (const group of this.#groups.values()) for (const { reject } of group) reject(stopped)
    for (const { reject } of this.#queue.splice(0)) reject(stopped)
    for (const { reject } of this.#calls.values()) reject(stopped)
    this.#groups.clear()
    this.#calls.clear()
    if (!this.#closing) this.#observer.onExit(error)
    this.#closing = true
  }

  #call<K extends keyof Calls>(call: K, ask: Calls[K]['ask']): Promise<Calls[K]['answer']> {
    if (this.#closing && call !== 'close') return Promise.reject(new CodedError('shutting_down'))
    const n = ++this.#next
    return new Promise((resolve, reject) => {
      this.#calls.set(n, { resolve, reject })
      this.#worker.postMessage({ kind: 'call', n, call, ask }, [])
    })
  }

  append: Log['append'] = async (events) => this.#call('append', { events })
  state: Log['state'] = (classId) => this.#call('state', { class: classId })
  summary: Log['summary'] = (classId) => this.#call('summary', { class: classId })
  classCounts: Log['classCounts'] = (classId) => this.#call('counts', { class: classId })
  difference: Log['difference'] = (classId, since) => this.#call('difference', { class: classId, since })
  events: Log['events'] = (classId, after, limit) => this.#call('events', { class: classId, after, limit })
  studentEvents: Log['studentEvents'] = (classId, student, page) =>
    this.#call('studentEvents', { class: classId, student, ...page })
  help: Log['help'] = (classId, student) => this.#call('help', { class: classId, student })
  claim: Log['claim'] = (claim) => this.#call('claim', claim)
  messages: Log['messages'] = (classId, student) => this.#call('messages', { class: classId, student })
  messageStudents: Log['messageStudents'] = (classId, message) =>
    this.#call('messageStudents', { class: classId, message })
  errorStudents: Log['errorStudents'] = (classId, group) => this.#call('errorStudents', { class: classId, group })
  requests: Log['requests'] = (classId) => this.#call('requests', { class: classId })
  helpFigures: Log['helpFigures'] = (classId, from) => this.#call('helpFigures', { class: classId, from })
  progress: Log['progress'] = (classId, student, band) => this.#call('progress', { class: classId, student, band })
  tops: Log['tops'] = () => this.#call('tops', {})
  rules: Log['rules'] = (classId) => this.#call('rules', { class: classId })
  helpQueue: Log['helpQueue'] = (classId) => this.#call('helpQueue', { class: classId })
  matrix: Log['matrix'] = (classId, notebook, since) => this.#call('matrix', { class: classId, notebook, since })
  firstEventAt: Log['firstEventAt'] = (classId) => this.#call('firstEventAt', { class: classId })
  erase: Log['erase'] = (classId, student) => this.#call('erase', { class: classId, student })
  eraseClass: Log['eraseClass'] = async (classId) => this.#call('eraseClass', { class: classId })
  checkpoints: Log['checkpoints'] = () => this.#call('checkpoints', {})
  health: Log['health'] = () => this.#call('health', {})

  onFrame(listener: (frame: LiveFrame) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  onGroup(listener: (report: GroupReport) => void): () => void {
    this.#groupListeners.add(listener)
    return () => void this.#groupListeners.delete(listener)
  }

  counts(): LogCounts {
    return { ...this.#counts, queueBytes: this.#queueBytes, foldLag: this.#observer.foldLag() }
  }

  async close(): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    // Messages are handled in order: what is queued here goes out before the thread closes the store.
    while (this.#queue.length > 0) this.#sendGroup()
    await this.#call('close', {})
    await this.#worker.terminate()
  }
}
