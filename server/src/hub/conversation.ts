import type { IncomingMessage } from 'node:http'
import {
  ERRORS,
  PROTOCOL_VERSION,
  roleMay,
  SOCKET_NEEDS,
  type CloseCode,
  type ErrorEntry,
  type Right,
} from '@lectern/protocol'
import { lacking, requireAnywhere, type RoleChange } from '../auth/class-rights.ts'
import { CodedError } from '../errors.ts'
import { createClassTopics } from './class-topics.ts'
import { readFrame, type Frame } from './frames.ts'
import { createAbsences } from './absences.ts'
import { createLatestTopics } from './latest-topics.ts'
import { createMatrixTopics } from './matrix-topics.ts'
import type { HubOptions } from './options.ts'
import type { Session, SessionState, Subscription } from './session.ts'
import { createStudentSocket } from './student-socket.ts'
import { consentMessage, createStudentTopics } from './student-topics.ts'

/** What is said on sockets: each frame moves its session's state machine. */
export interface Conversation {
  receive(session: Session, data: Buffer, request: IncomingMessage): void
  /** Takes a session out of every topic; it hears nothing more. */
  leave(session: Session): void
  /** Ends a socket that follows what its role in a class does not allow any more (SPEC AUT-21). */
  roleChanged(session: Session, change: RoleChange): void
  /** Serves readers who fell behind. */
  tend(): void
  merges(): number
  stop(): void
}

const PULSE_EVERY_MS = 2_000
const SYSTEM = 'system'
const helpTopic = (classId: string): string => `help ${classId}`

/** What a frame needs of the table of rights. */
function needsOf(frame: Frame): Right | undefined {
  const topical = frame.kind === 'watch' || frame.kind === 'unwatch'
  return SOCKET_NEEDS[topical ? (`${frame.kind} ${frame.topic}` as const) : frame.kind]
}

type Of<K extends Frame['kind']> = Extract<Frame, { kind: K }>
type Staff = SessionState & { is: 'staff' }
type MatrixWatch = Of<'watch'> & { topic: 'matrix' }
type Topical = Exclude<Of<'watch'> | Of<'unwatch'>, { topic: 'matrix' }>

class SocketConversation implements Conversation {
  readonly #options: HubOptions
  readonly #classes
  readonly #students
  readonly #latest
  readonly #matrix
  readonly #absences
  readonly #takeEvents
  readonly #pulses: NodeJS.Timeout
  readonly #unlisten: () => void

  readonly #resumed: (session: Session) => void

  constructor(options: HubOptions, resumed: (session: Session) => void) {
    this.#options = options
    this.#resumed = resumed
    const { log, now, onFault } = options
    this.#students = createStudentTopics(options)
    this.#absences = createAbsences({ log, now, onFault })
    this.#latest = createLatestTopics({ now, onLost: this.fail })
    this.#matrix = createMatrixTopics({ log, now, onLost: this.fail })
    this.#takeEvents = createStudentSocket({ ...options, fail: this.fail })
    this.#classes = createClassTopics({ log, now, onLost: this.fail })
    this.#unlisten = log.onFrame((frame) => {
      this.#classes.publish(frame)
      this.#matrix.moved(frame.class)
      this.#students.tell(frame.class, frame)
      if (frame.help.length > 0) void this.#publishHelp(frame.class)
    })
    this.#pulses = setInterval(() => void this.#publishPulse(), PULSE_EVERY_MS).unref()
  }

  receive(session: Session, data: Buffer, request: IncomingMessage): void {
    if (session.state.is === 'closing') return
    try {
      this.#act(session, readFrame(data), request)
    } catch (error) {
      this.fail(session, error)
    }
  }

  #act(session: Session, frame: Frame, request: IncomingMessage): void {
    const { state } = session
    if (state.is === 'greeting') {
      if (frame.kind !== 'hello') throw new CodedError('bad_request', 'The first frame must be hello.')
      this.#greet(session, frame, request)
    } else if (frame.kind === 'ping') {
      const ref = frame.ref === undefined ? {} : { ref: frame.ref }
      session.say({ kind: 'pong', ...ref, at: this.#options.clock() })
    } else if (state.is === 'student') {
      const needs = needsOf(frame)
      if (needs !== undefined) requireAnywhere(state.principal, needs)
      if (frame.kind !== 'events') throw new CodedError('forbidden', `A student socket may not send ${frame.kind}.`)
      void this.#takeEvents(session, state, frame)
    } else if (state.is === 'staff') {
      this.#actForStaff(session, state, frame)
    }
  }

  #actForStaff(session: Session, state: Staff, frame: Frame): void {
    if (frame.kind === 'subscribe') void this.#subscribe(session, state, frame)
    else if (frame.kind === 'unsubscribe') this.#unsubscribe(state, frame.class)
    else if (frame.kind === 'watch' && frame.topic === 'matrix') void this.#watchMatrix(session, state, frame)
    else if (frame.kind === 'watch') void this.#watch(session, state, frame)
    else if (frame.kind === 'unwatch' && frame.topic === 'matrix') this.#unwatchMatrix(session, state, frame.class)
    else if (frame.kind === 'unwatch') this.#unwatch(session, state, frame)
    else if (frame.kind === 'events') throw lacking('own.append')
    else throw new CodedError('forbidden', `A staff socket may not send ${frame.kind}.`)
  }

  #greet(session: Session, { ticket }: Of<'hello'>, request: IncomingMessage): void {
    const { redeem, checkOrigin, onKnown, clock, version } = this.#options
    const principal = redeem(ticket)
    if (!principal) throw new CodedError('unauthenticated', 'The ticket is not valid: it works once, for 30 seconds.')
    // A student's page belongs to JupyterLab, wherever that runs; it holds a token, not a cookie.
    if (principal.kind === 'staff') checkOrigin(request.headers)
    onKnown(request)
    session.state =
      principal.kind === 'staff'
        ? { is: 'staff', principal, subscriptions: new Map(), help: new Set(), matrix: new Map(), system: false }
        : { is: 'student', principal, inFlight: 0 }
    const role = principal.kind
    session.say({ kind: 'welcome', connection: session.id, role, at: clock(), protocol: PROTOCOL_VERSION, version })
    if (session.state.is === 'student') void this.#tellHelp(session, session.state)
  }

  async #tellHelp(session: Session, { principal }: SessionState & { is: 'student' }): Promise<void> {
    const { class: found, student } = principal
    // Added before it is asked: a change in between is told twice rather than not at all.
    this.#students.add(found.id, student, session)
    this.#absences.came(found.id, student)
    session.say(consentMessage(principal))
    try {
      this.#students.greet(session, await this.#options.log.help(found.id, student))
    } catch (error) {
      this.fail(session, error)
    }
  }

  async #subscribe(session: Session, state: Staff, { class: classId, since }: Of<'subscribe'>): Promise<void> {
    this.#unsubscribe(state, classId)
    const subscription: Subscription = { class: classId, offset: since ?? 0, state: 'asking', since: 0 }
    // Noted before it is allowed: who loses the right meanwhile is found by it.
    state.subscriptions.set(classId, subscription)
    try {
      await this.#options.authorize(state.principal, SOCKET_NEEDS.subscribe, classId)
    } catch (error) {
      if (state.subscriptions.get(classId) === subscription) state.subscriptions.delete(classId)
      return this.fail(session, error)
    }
    if (session.state !== state || state.subscriptions.get(classId) !== subscription) return
    if (since !== undefined) this.#resumed(session)
    this.#classes.add({ session, subscription }, since)
  }

  #unsubscribe(state: Staff, classId: string): void {
    const subscription = state.subscriptions.get(classId)
    if (!subscription) return
    state.subscriptions.delete(classId)
    this.#classes.remove(subscription)
  }

  /** Starts to send the newest of a topic, at once and whenever it changes (SPEC SUB-8). */
  async #watch(session: Session, state: Staff, frame: Topical): Promise<void> {
    try {
      if (frame.topic === 'system') {
        await this.#options.authorize(state.principal, SOCKET_NEEDS['watch system'])
        if (session.state !== state) return
        state.system = true
        this.#latest.add(SYSTEM, session)
        return this.#latest.offer(SYSTEM, session, await this.#pulse(true))
      }
      // Noted before it is allowed: who loses the right meanwhile is found by it.
      state.help.add(frame.class)
      await this.#options.authorize(state.principal, SOCKET_NEEDS['watch help'], frame.class)
      if (session.state !== state || !state.help.has(frame.class)) return
      this.#latest.add(helpTopic(frame.class), session)
      this.#latest.offer(helpTopic(frame.class), session, await this.#options.log.helpQueue(frame.class))
    } catch (error) {
      if (frame.topic === 'help') state.help.delete(frame.class)
      this.fail(session, error)
    }
  }

  #unwatch(session: Session, state: Staff, frame: Topical): void {
    if (frame.topic === 'system') state.system = false
    else state.help.delete(frame.class)
    this.#latest.remove(frame.topic === 'system' ? SYSTEM : helpTopic(frame.class), session)
  }

  /** One notebook of a class at a time: another takes its place (SPEC MTX-1). */
  async #watchMatrix(session: Session, state: Staff, { class: classId, notebook }: MatrixWatch): Promise<void> {
    this.#unwatchMatrix(session, state, classId)
    // Noted before it is allowed: who loses the right meanwhile is found by it.
    state.matrix.set(classId, notebook)
    try {
      await this.#options.authorize(state.principal, SOCKET_NEEDS['watch matrix'], classId)
    } catch (error) {
      if (state.matrix.get(classId) === notebook) state.matrix.delete(classId)
      return this.fail(session, error)
    }
    if (session.state !== state || state.matrix.get(classId) !== notebook) return
    this.#matrix.add(session, classId, notebook)
  }

  #unwatchMatrix(session: Session, state: Staff, classId: string): void {
    const notebook = state.matrix.get(classId)
    if (notebook === undefined) return
    state.matrix.delete(classId)
    this.#matrix.remove(session, classId, notebook)
  }

  async #publishHelp(classId: string): Promise<void> {
    const topic = helpTopic(classId)
    if (!this.#latest.followed(topic)) return
    try {
      this.#latest.publish(topic, await this.#options.log.helpQueue(classId))
    } catch (error) {
      this.#options.onFault(error)
    }
  }

  async #pulse(joining = false): Promise<string> {
    return JSON.stringify({ kind: 'system', ...(await this.#options.pulse(joining)) })
  }

  /** Nobody looks at the machine for a page that nobody has open. */
  async #publishPulse(): Promise<void> {
    if (!this.#latest.followed(SYSTEM)) return
    try {
      this.#latest.publish(SYSTEM, await this.#pulse())
    } catch (error) {
      this.#options.onFault(error)
    }
  }

  leave(session: Session): void {
    const { state } = session
    if (state.is === 'student') this.#leaveStudent(session, state)
    if (state.is !== 'staff') return
    for (const classId of state.subscriptions.keys()) this.#unsubscribe(state, classId)
    for (const classId of state.help) this.#unwatch(session, state, { kind: 'unwatch', topic: 'help', class: classId })
    for (const classId of state.matrix.keys()) this.#unwatchMatrix(session, state, classId)
    if (state.system) this.#unwatch(session, state, { kind: 'unwatch', topic: 'system' })
  }

  roleChanged(session: Session, { user, class: classId, role }: RoleChange): void {
    const { state } = session
    if (state.is !== 'staff' || state.principal.user !== user || state.principal.role === 'admin') return
    const followed = [
      ...(state.subscriptions.has(classId) ? [SOCKET_NEEDS.subscribe] : []),
      ...(state.help.has(classId) ? [SOCKET_NEEDS['watch help']] : []),
      ...(state.matrix.has(classId) ? [SOCKET_NEEDS['watch matrix']] : []),
    ]
    const lost = followed.find((right) => role === undefined || !roleMay(role, right))
    if (lost !== undefined) this.fail(session, lacking(lost))
  }

  #leaveStudent(session: Session, { principal }: SessionState & { is: 'student' }): void {
    const { class: found, student } = principal
    if (this.#students.remove(found.id, student, session)) this.#absences.went(found.id, student)
  }

  /** Says what went wrong and closes the socket where the table of errors says so (SPEC CLS-4). */
  readonly fail = (session: Session, error: unknown, ref?: number): void => {
    if (!(error instanceof CodedError)) this.#options.onFault(error)
    const coded = error instanceof CodedError ? error : new CodedError('internal', undefined, { cause: error })
    const { code, message: detail } = coded
    const { state } = session
    this.#options.failed(code, state.is === 'staff' || state.is === 'student' ? state.principal : undefined)
    session.say({ kind: 'error', code, detail, ...(ref === undefined ? {} : { ref }) })
    const close = (ERRORS[code] as ErrorEntry).close as CloseCode | undefined
    if (close === undefined) return
    this.leave(session)
    session.close(close)
  }

  tend(): void {
    this.#classes.tend()
    this.#latest.tend()
    this.#matrix.tend()
    this.#absences.tend()
  }

  merges(): number {
    return this.#classes.merges() + this.#latest.merges() + this.#matrix.merges()
  }

  stop(): void {
    clearInterval(this.#pulses)
    this.#unlisten()
  }
}

/** Makes the conversation over the parts of the hub. */
export function createConversation(options: HubOptions, resumed: (session: Session) => void): Conversation {
  return new SocketConversation(options, resumed)
}
