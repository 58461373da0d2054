import type { WebSocket } from 'ws'
import { CLOSE_CODES, TIMES, type CloseCode } from '@lectern/protocol'
import type { StaffPrincipal, StudentPrincipal } from '../auth/principal.ts'

/** A class that a staff socket follows. `offset` is the last one sent; changes are skipped until `live`. */
export interface Subscription {
  class: string
  offset: number
  state: 'asking' | 'live' | 'behind'
  /** Since when it is behind, monotonic ms. */
  since: number
}

/** Where a socket is in its life; each state has only its own fields. */
export type SessionState =
  | { is: 'greeting'; deadline: number }
  | { is: 'student'; principal: StudentPrincipal; inFlight: number }
  | {
      is: 'staff'
      principal: StaffPrincipal
      subscriptions: Map<string, Subscription>
      help: Set<string>
      /** Notebook whose matrix is followed, by class. */
      matrix: Map<string, string>
      system: boolean
    }
  | { is: 'closing'; deadline: number }

/** After a close frame the peer has this long to answer. */
const CLOSE_WITHIN_MS = 2_000

interface SessionOptions {
  id: string
  socket: WebSocket
  /** Monotonic clock, ms. */
  now: () => number
}

/** One socket: its state, when it was last heard and spoken to, and how it is written to and closed. */
export class Session {
  readonly id: string
  readonly socket: WebSocket
  readonly openedAt: number
  state: SessionState
  heardAt: number
  spokenAt: number
  pingedAt = 0
  /** Times it took up a class where another socket had left it. */
  resumes = 0
  readonly #now: () => number

  constructor({ id, socket, now }: SessionOptions) {
    this.id = id
    this.socket = socket
    this.#now = now
    const at = now()
    this.openedAt = at
    this.heardAt = at
    this.spokenAt = at
    // SPEC CLS-2
    this.state = { is: 'greeting', deadline: at + TIMES.helloWithinMs }
  }

  /** Bytes that wait in this process for the peer to read. */
  get queuedBytes(): number {
    return this.socket.bufferedAmount
  }

  /** Sends one text frame; to a closing socket nothing. */
  send(bytes: Uint8Array | string): void {
    if (this.socket.readyState !== this.socket.OPEN) return
    this.spokenAt = this.#now()
    this.socket.send(bytes, { binary: false })
  }

  /** Sends a message as JSON. */
  say(message: object): void {
    this.send(JSON.stringify(message))
  }

  /** Asks the peer for a sign of life. */
  ping(): void {
    this.pingedAt = this.#now()
    if (this.socket.readyState === this.socket.OPEN) this.socket.ping()
  }

  /** Closes with a code of the table (SPEC CLS-1). Returns false if it was closing already. */
  close(code: CloseCode): boolean {
    if (this.state.is === 'closing') return false
    this.state = { is: 'closing', deadline: this.#now() + CLOSE_WITHIN_MS }
    this.socket.close(code, CLOSE_CODES[code].reason)
    return true
  }
}
