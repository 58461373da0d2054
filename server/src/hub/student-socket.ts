import { ERRORS } from '@lectern/protocol'
import { levelInForce } from '../directory/consents.ts'
import { CodedError } from '../errors.ts'
import { traced } from '../monitor/tracing.ts'
import { refText, type Frame } from './frames.ts'
import type { HubOptions } from './options.ts'
import type { Session, SessionState } from './session.ts'

/** Batches of one socket that may wait for their commit; beyond it the socket is not read. */
const MOST_IN_FLIGHT = 8

interface StudentSocketOptions extends Pick<HubOptions, 'log' | 'acknowledged' | 'failed' | 'trace'> {
  /** Ends a socket for an error that its table entry closes sockets for. */
  fail: (session: Session, error: CodedError, ref: number | undefined) => void
}

/** True for an error after which the same may be sent again: the socket stays open (SPEC ING-7). */
function isForLater({ code }: CodedError): boolean {
  const { status } = ERRORS[code]
  return status === 429 || status === 503
}

/** Makes what takes in the batches of a student's socket and acknowledges them (SPEC ING-1, SUB-6). */
export function createStudentSocket({ log, fail, acknowledged, failed, trace }: StudentSocketOptions) {
  function refuse(session: Session, error: unknown, ref: number | undefined): void {
    const coded = error instanceof CodedError ? error : new CodedError('internal', undefined, { cause: error })
    if (!isForLater(coded)) return fail(session, coded, ref)
    const { code, message: detail, retryAfter = 1 } = coded
    failed(code, session.state.is === 'student' ? session.state.principal : undefined)
    session.say({ kind: 'error', code, detail, ...(ref === undefined ? {} : { ref }), retryAfter })
  }

  async function submit(session: Session, state: SessionState & { is: 'student' }, frame: Frame & { kind: 'events' }) {
    const { class: found, student, install, consent } = state.principal
    const began = performance.now()
    try {
      if (found.ended_at !== null) throw new CodedError('class_ended')
      const way = trace()
      const level = levelInForce(found.level, consent)
      const batch = { class: found.id, student, install, level, bytes: frame.bytes, trace: way }
      const bytes = await traced(way, () => log.submit(batch))
      session.send(`{"kind":"ack",${refText(frame.ref)}${Buffer.from(bytes).toString('latin1')}}`)
      acknowledged(performance.now() - began)
    } catch (error) {
      refuse(session, error, frame.ref)
    }
  }

  return async (session: Session, state: SessionState & { is: 'student' }, frame: Frame & { kind: 'events' }) => {
    state.inFlight += 1
    if (state.inFlight >= MOST_IN_FLIGHT) session.socket.pause()
    await submit(session, state, frame)
    state.inFlight -= 1
    if (state.inFlight < MOST_IN_FLIGHT && session.socket.isPaused) session.socket.resume()
  }
}
