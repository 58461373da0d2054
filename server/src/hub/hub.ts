import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { SUBPROTOCOL, TIMES, type CloseCode } from '@lectern/protocol'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Principal, StaffPrincipal } from '../auth/principal.ts'
import type { Log } from '../log/log.ts'
import { createConversation, type Conversation } from './conversation.ts'
import { MAX_FRAME_BYTES } from './frames.ts'
import { Session, type SessionState } from './session.ts'

const PATH = '/api/v2/live'
/** How often sockets are looked after: heartbeats, silence, readers who fell behind. */
const TEND_EVERY_MS = 250
const STOP_POLL_MS = 20

/** What the hub needs of the rest of the server. */
export interface HubOptions {
  log: Log
  /** Wall clock, ms since the epoch; shown to clients. */
  clock: () => number
  /** Monotonic clock, ms; every deadline follows it. */
  now: () => number
  /** Version of the server, for `welcome`. */
  version: string
  /** Whom a ticket was given to, once. */
  redeem: (ticket: string) => Principal | undefined
  /** Rejects with `not_found` or `forbidden` when a member of staff may not watch the class. */
  authorize: (principal: StaffPrincipal, classId: string) => Promise<void>
  /** Throws `wrong_origin` for a request that a page of another site made. */
  checkOrigin: (headers: IncomingHttpHeaders) => void
  /** Called when a connection has shown who it is. */
  onKnown: (request: IncomingMessage) => void
  /** One batch was acknowledged, `ms` after its frame came in. */
  acknowledged: (ms: number) => void
  /** A fault that no client can mend. */
  onFault: (error: unknown) => void
}

/** What the hub knows of its sockets. */
export interface HubStats {
  sockets: Record<SessionState['is'], number>
  queuedBytes: number
  /** Frames merged for readers who were behind. */
  merges: number
  /** Closes by code, since start. */
  closes: Record<string, number>
}

/** The connection manager: every socket of the server is here and nowhere else. */
export interface Hub {
  /** Takes over a connection that asks to become a socket. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Closes the sockets of those whom `ended` names, with 4401 (SPEC AUT-5). */
  closeWhere(ended: (principal: Principal) => boolean): void
  stats(): HubStats
  /** Acknowledges what was taken, closes every socket with 1012 (SPEC CLS-5), and cuts those that do not answer within `withinMs`. */
  stop(withinMs: number): Promise<void>
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

class SocketHub implements Hub {
  readonly #options: HubOptions
  readonly #conversation: Conversation
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: () => SUBPROTOCOL,
  })
  readonly #sessions = new Set<Session>()
  readonly #closes: Record<string, number> = {}
  readonly #timer: NodeJS.Timeout
  #opened = 0
  #stopping = false

  constructor(options: HubOptions) {
    this.#options = options
    this.#conversation = createConversation(options)
    this.#timer = setInterval(() => this.#tend(), TEND_EVERY_MS)
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    if (this.#stopping) return refuseUpgrade(socket, '503 Service Unavailable')
    if (request.url?.split('?', 1)[0] !== PATH) return refuseUpgrade(socket, '404 Not Found')
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim())
    // SPEC VER-2: a client of another version learns it before the socket opens.
    if (!offered?.includes(SUBPROTOCOL)) return refuseUpgrade(socket, '400 Bad Request')
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#open(opened, request))
  }

  #open(socket: WebSocket, request: IncomingMessage): void {
    const { now } = this.#options
    this.#opened += 1
    const session = new Session({ id: `c-${this.#opened}`, socket, now })
    this.#sessions.add(session)
    socket.on('message', (data: Buffer) => {
      session.heardAt = now()
      this.#conversation.receive(session, data, request)
    })
    socket.on('pong', () => {
      session.heardAt = now()
    })
    socket.on('ping', () => {
      session.heardAt = now()
    })
    // ws closes the socket after an error, with 1009 or 1002 where the peer broke the protocol.
    socket.on('error', () => {})
    socket.on('close', (code) => {
      this.#closes[code] = (this.#closes[code] ?? 0) + 1
      this.#conversation.leave(session)
      this.#sessions.delete(session)
    })
  }

  #end(session: Session, code: CloseCode): void {
    this.#conversation.leave(session)
    session.close(code)
  }

  #tend(): void {
    this.#conversation.tend()
    const now = this.#options.now()
    for (const session of this.#sessions) this.#tendOne(session, now)
  }

  #tendOne(session: Session, now: number): void {
    const { state } = session
    if (state.is === 'closing') {
      if (now > state.deadline) session.socket.terminate()
      return
    }
    if (state.is === 'greeting' && now > state.deadline) return this.#end(session, 4408)
    if (now - session.heardAt > TIMES.silenceMs) return this.#end(session, 4408)
    if (now - session.spokenAt >= TIMES.heartbeatMs) session.say({ kind: 'beat', at: this.#options.clock() })
    // SPEC CLS-3: a peer that only listens answers pings, or it is gone.
    if (now - Math.max(session.heardAt, session.pingedAt) >= TIMES.heartbeatMs) session.ping()
  }

  closeWhere(ended: (principal: Principal) => boolean): void {
    for (const session of this.#sessions) {
      const { state } = session
      if ((state.is === 'student' || state.is === 'staff') && ended(state.principal)) this.#end(session, 4401)
    }
  }

  stats(): HubStats {
    const sockets = { greeting: 0, student: 0, staff: 0, closing: 0 }
    let queuedBytes = 0
    for (const session of this.#sessions) {
      sockets[session.state.is] += 1
      queuedBytes += session.queuedBytes
    }
    return { sockets, queuedBytes, merges: this.#conversation.merges(), closes: { ...this.#closes } }
  }

  async stop(withinMs: number): Promise<void> {
    this.#stopping = true
    const { now } = this.#options
    const deadline = now() + withinMs
    for (const { socket } of this.#sessions) socket.pause()
    const wait = async (done: () => boolean): Promise<void> => {
      while (!done() && now() < deadline) await new Promise((resolve) => setTimeout(resolve, STOP_POLL_MS))
    }
    await wait(() => [...this.#sessions].every(({ state }) => state.is !== 'student' || state.inFlight === 0))
    for (const session of this.#sessions) {
      this.#end(session, 1012)
      session.socket.resume()
    }
    await wait(() => this.#sessions.size === 0)
    for (const { socket } of this.#sessions) socket.terminate()
    clearInterval(this.#timer)
    this.#conversation.stop()
  }
}

/** Makes the hub; it takes sockets by `handleUpgrade` from now on. */
export function createHub(options: HubOptions): Hub {
  return new SocketHub(options)
}
