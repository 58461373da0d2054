import {
  afterClose,
  applyChanges,
  emptyState,
  SUBPROTOCOL,
  TIMES,
  type ClassState,
  type ClientMessage,
  type Patch,
  type ServerMessage,
} from '@lectern/protocol'
import { ApiProblem } from '../http/problem.ts'
import { createMatrixFollow, type MatrixFollow, type MatrixSource } from '../matrix/matrix-follow.ts'
import { backoffMs, type Connection } from './connection.ts'
import { createFrameStore, type FrameStore } from './frame-store.ts'
import { createServerClock } from './server-clock.ts'

/** A connection that stood this long was good: the next wait is short again. */
const GOOD_AFTER_MS = 5_000

/** The state of the class at an offset. */
export interface Held {
  readonly offset: number
  readonly state: ClassState
}

/** What the page shows of a class. `skew`: milliseconds to add to this computer's clock to have the server's. */
export interface LiveView {
  readonly connection: Connection
  readonly held: Held | undefined
  readonly skew: number
  /** Version of the server, once it has said so. */
  readonly version: string | undefined
}

/** What a live client is made over; everything that depends on the machine is an argument. */
export interface LiveOptions {
  readonly classId: string
  /** Address of the socket. */
  readonly url: string
  /** Asks for a ticket; throws `ApiProblem`. */
  readonly ticket: () => Promise<string>
  readonly openSocket: (url: string, protocol: string) => WebSocket
  readonly clock: () => number
  readonly random: () => number
  /** Runs its argument with the next frame. */
  readonly schedule: (flush: () => void) => void
  readonly isOnline: () => boolean
}

/** Follows one class (SPEC SUB-1 … SUB-3, SUB-7, CLS-1, CLS-3). Views change at most once a frame. */
export class LiveClient {
  readonly #options: LiveOptions
  readonly #store: FrameStore<LiveView>
  readonly #serverClock
  readonly #matrix: MatrixFollow
  #socket: WebSocket | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #watch: ReturnType<typeof setTimeout> | undefined
  #heardAt = 0
  #liveSince: number | undefined
  #attempt = 0
  #lastError: string | undefined
  #ended = false
  /** Counts attempts, so that answers to an earlier one are not taken for this one's. */
  #turn = 0

  constructor(options: LiveOptions) {
    this.#options = options
    this.#serverClock = createServerClock(options.clock)
    const { classId, schedule } = options
    this.#matrix = createMatrixFollow({ classId, schedule, send: (message) => this.#sendIfOpen(message) })
    const first: LiveView = { connection: { is: 'connecting' }, held: undefined, skew: 0, version: undefined }
    this.#store = createFrameStore(first, options.schedule)
  }

  readonly view = (): LiveView => this.#store.get()
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener)

  /** How far students are with the cells of a notebook. */
  get matrix(): MatrixSource {
    return this.#matrix
  }

  /** Begins, or begins again at once instead of waiting on. */
  readonly connect = (): void => {
    if (this.#ended || this.#socket) return
    clearTimeout(this.#timer)
    this.#say({ is: 'connecting' })
    void this.#open(++this.#turn)
  }

  /** Ends for good. */
  end(): void {
    this.#ended = true
    this.#turn += 1
    clearTimeout(this.#timer)
    this.#drop(1000)
  }

  async #open(turn: number): Promise<void> {
    try {
      const ticket = await this.#options.ticket()
      if (turn === this.#turn) this.#listen(ticket)
    } catch (error) {
      if (turn === this.#turn) this.#refused(error)
    }
  }

  #refused(error: unknown): void {
    const status = error instanceof ApiProblem ? error.status : 0
    if (status === 401) return this.#say({ is: 'signed_out' })
    if (status === 403 || status === 404) return this.#say({ is: 'stopped', code: (error as ApiProblem).code })
    this.#wait(error instanceof ApiProblem ? (error.retryAfter ?? 0) * 1000 : 0)
  }

  #listen(ticket: string): void {
    const socket = this.#options.openSocket(this.#options.url, SUBPROTOCOL)
    this.#socket = socket
    this.#serverClock.reset()
    this.#lastError = undefined
    this.#listenForSilence()
    const ours = () => this.#socket === socket
    socket.addEventListener('open', () => {
      if (!ours()) return
      this.#send({ kind: 'hello', ticket, client: { name: 'dashboard', version: '2' } })
      this.#subscribeSince(this.#store.latest().held?.offset)
      this.#matrix.opened()
      this.#say({ is: 'catching_up' })
    })
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (ours() && typeof data === 'string') this.#read(data)
    })
    socket.addEventListener('close', ({ code }) => {
      if (ours()) this.#closed(code)
    })
  }

  #send(message: ClientMessage): void {
    this.#socket?.send(JSON.stringify(message))
  }

  /** What was not sent is asked for when the socket opens. */
  #sendIfOpen(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#send(message)
  }

  #subscribeSince(since: number | undefined): void {
    const about = { kind: 'subscribe', class: this.#options.classId } as const
    this.#send(since === undefined ? about : { ...about, since })
  }

  #read(data: string): void {
    let message: ServerMessage
    try {
      message = JSON.parse(data) as ServerMessage
    } catch {
      return this.#closed(1011)
    }
    this.#hear(message)
  }

  #hear(message: ServerMessage): void {
    this.#heardAt = this.#options.clock()
    if ('at' in message) this.#serverClock.heard(message.at)
    if (message.kind === 'welcome') this.#put({ version: message.version })
    else if (message.kind === 'error') this.#told(message.code)
    else if (message.kind === 'matrix') this.#matrix.hear(message)
    else if (message.kind === 'snapshot' && message.class === this.#options.classId) {
      this.#hold({ offset: message.offset, state: message.state })
    } else if (message.kind === 'changes' && message.class === this.#options.classId) {
      this.#change(message)
    }
  }

  #change({ from, to, changes }: { from: number; to: number; changes: Patch[] }): void {
    const held = this.#store.latest().held ?? { offset: 0, state: emptyState() }
    // Patches that begin after what is held would leave a gap: ask for everything instead, once (SPEC SUB-3).
    if (from > held.offset) return this.#askForAll()
    if (to <= held.offset) return this.#hold(held)
    this.#hold({ offset: to, state: applyChanges(held.state, changes) })
  }

  #askForAll(): void {
    if (this.#store.latest().connection.is === 'catching_up') return
    this.#say({ is: 'catching_up' })
    this.#subscribeSince(undefined)
  }

  #hold(held: Held): void {
    this.#liveSince ??= this.#options.clock()
    const { connection } = this.#store.latest()
    this.#put({ held, connection: connection.is === 'live' ? connection : { is: 'live' } })
  }

  /** An error before the first state means that there will be none on this socket. */
  #told(code: string): void {
    this.#lastError = code
    if (this.#liveSince !== undefined) return
    if (code === 'not_found') {
      this.#drop(1000)
      this.#say({ is: 'stopped', code })
    }
  }

  #closed(code: number): void {
    this.#drop(1000)
    const after = afterClose(code)
    if (after === 'sign_in') this.#say({ is: 'signed_out' })
    else if (after === 'stay_away') this.#say({ is: 'stopped', code: this.#lastError ?? String(code) })
    else this.#wait(0)
  }

  #wait(atLeastMs: number): void {
    if (this.#ended) return
    const { clock, random, isOnline } = this.#options
    const wait = Math.max(atLeastMs, backoffMs(this.#attempt, random))
    this.#attempt += 1
    this.#say({ is: 'waiting', until: clock() + wait, online: isOnline() })
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.connect, wait)
  }

  /** Gives up a socket on which nothing was heard for too long: the network may be gone without a word (SPEC CLS-3). */
  #listenForSilence(): void {
    this.#heardAt = this.#options.clock()
    const look = () => {
      const left = this.#heardAt + TIMES.silenceMs - this.#options.clock()
      if (left > 0) this.#watch = setTimeout(look, left)
      else this.#closed(4408)
    }
    this.#watch = setTimeout(look, TIMES.silenceMs)
  }

  #drop(code: number): void {
    const socket = this.#socket
    this.#socket = undefined
    clearTimeout(this.#watch)
    if (this.#liveSince !== undefined && this.#options.clock() - this.#liveSince > GOOD_AFTER_MS) this.#attempt = 0
    this.#liveSince = undefined
    if (socket && socket.readyState < WebSocket.CLOSING) socket.close(code)
  }

  #say(connection: Connection): void {
    this.#put({ connection })
  }

  #put(part: Partial<LiveView>): void {
    this.#store.set({ ...this.#store.latest(), skew: this.#serverClock.skew(), ...part })
  }
}
