import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { SUBPROTOCOL, TIMES, type CloseCode, type ConnectionInfo, type ConnectionTotals } from '@lectern/protocol'
import { WebSocketServer, type WebSocket } from 'ws'
import type { RoleChange } from '../auth/class-rights.ts'
import type { Principal } from '../auth/principal.ts'
import { createConversation, type Conversation } from './conversation.ts'
import type { CodedError } from '../errors.ts'
import { MAX_FRAME_BYTES } from './frames.ts'
import { createRateLimit } from '../auth/rate-limit.ts'
import type { HubOptions } from './options.ts'
import { consentMessage } from './student-topics.ts'
import { createRegistry, type ConnectionKind, type Registry } from './registry.ts'
import { Session } from './session.ts'

const PATH = '/api/v2/live'
/** How often sockets are looked after: heartbeats, silence, readers who fell behind. */
const TEND_EVERY_MS = 250
const STOP_POLL_MS = 20

/** The connection manager: every socket of the server is here and nowhere else. */
export interface Hub {
  /** Takes over a connection that asks to become a socket. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Closes the sockets of those whom `ended` names, with 4401 (SPEC AUT-5). */
  closeWhere(ended: (principal: Principal) => boolean): void
  /** Closes the sockets of a member of staff that follow what the new role does not allow, with 4403 (SPEC AUT-21). */
  roleChanged(change: RoleChange): void
  /** Tells the students of a class, or one of them, what is asked and what was answered (SPEC CON-4). */
  tellConsent(classId: string, student?: string): void
  totals(): ConnectionTotals
  /** The newest first. */
  list(filter: { kind?: ConnectionKind | undefined; limit: number }): ConnectionInfo[]
  /** Open sockets of students of a class. */
  studentsOf(classId: string): number
  /** Closes one socket with 1012, so that its client comes back; false if there is none of that id. */
  closeOne(id: string): boolean
  /** Acknowledges what was taken, closes every socket with 1012 (SPEC CLS-5), and cuts those that do not answer within `withinMs`. */
  stop(withinMs: number): Promise<void>
}

/** A whole school behind one address comes back at once after a restart; a flood does not get far. */
const UPGRADES = { burst: 2_000, perSecond: 250 }

function refuseUpgrade(socket: Duplex, status: string, headers = ''): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${headers}Content-Length: 0\r\n\r\n`)
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
  readonly #sessions: Registry
  readonly #upgrades
  readonly #timer: NodeJS.Timeout
  #opened = 0
  #stopping = false

  constructor(options: HubOptions) {
    this.#options = options
    const { clock, now, residentBytes } = options
    const merges = (): number => this.#conversation.merges()
    this.#sessions = createRegistry({ clock, now, residentBytes, merges })
    this.#conversation = createConversation(options, (session) => this.#sessions.resumed(session))
    this.#upgrades = createRateLimit({ ...UPGRADES, now })
    this.#timer = setInterval(() => this.#tend(), TEND_EVERY_MS)
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    if (this.#stopping) return refuseUpgrade(socket, '503 Service Unavailable')
    if (request.url?.split('?', 1)[0] !== PATH) return refuseUpgrade(socket, '404 Not Found')
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim())
    // SPEC VER-2: a client of another version learns it before the socket opens.
    if (!offered?.includes(SUBPROTOCOL)) return refuseUpgrade(socket, '400 Bad Request')
    try {
      const address = request.socket.remoteAddress ?? ''
      this.#upgrades.check(address)
      this.#upgrades.take(address)
    } catch (error) {
      // SPEC CLS-6
      this.#sessions.refused()
      const { retryAfter = 1 } = error as CodedError
      return refuseUpgrade(socket, '429 Too Many Requests', `Retry-After: ${retryAfter}\r\n`)
    }
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
      this.#conversation.leave(session)
      this.#sessions.remove(session, code)
    })
  }

  #end(session: Session, code: CloseCode): void {
    this.#conversation.leave(session)
    session.close(code)
  }

  #tend(): void {
    this.#conversation.tend()
    this.#sessions.tend()
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

  roleChanged(change: RoleChange): void {
    for (const session of this.#sessions) this.#conversation.roleChanged(session, change)
  }

  tellConsent(classId: string, student?: string): void {
    for (const session of this.#sessions) {
      const { state } = session
      if (state.is !== 'student' || state.principal.class.id !== classId) continue
      if (student === undefined || state.principal.student === student) session.say(consentMessage(state.principal))
    }
  }

  totals(): ConnectionTotals {
    return this.#sessions.totals()
  }

  list(filter: Parameters<Hub['list']>[0]): ConnectionInfo[] {
    return this.#sessions.list(filter)
  }

  studentsOf(classId: string): number {
    let count = 0
    for (const { state } of this.#sessions)
      if (state.is === 'student' && state.principal.class.id === classId) count += 1
    return count
  }

  closeOne(id: string): boolean {
    const session = this.#sessions.find(id)
    if (!session || session.state.is === 'closing') return false
    this.#end(session, 1012)
    return true
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
