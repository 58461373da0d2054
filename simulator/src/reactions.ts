import type { MessageKind, MessageOutcome, OwnMessage, OwnMessages } from '@lectern/protocol'
import type { Random } from './random.ts'
import type { Draft, Mood } from './student.ts'
import type { Http } from './transport.ts'

const SECOND = 1000
/** Of all hints and cells, so many are answered in each way; the others are only read. */
const ANSWERS: readonly { upTo: number; outcome: MessageOutcome }[] = [
  { upTo: 0.6, outcome: 'applied' },
  { upTo: 0.78, outcome: 'later' },
  { upTo: 0.88, outcome: 'declined' },
]
const ANSWERED: ReadonlySet<MessageKind> = new Set<MessageKind>(['hint', 'cell'])

interface ReactionsOptions {
  random: Random
  http: Http
  token: string
  /** Puts an event into the outbox. */
  take: (draft: Draft) => void
  /** What was said may help the student on. */
  mood: Mood
  /** The run is over: nothing more is done. */
  over: AbortSignal
}

/** Makes what a student does with what staff say: reads it after a while, and answers hints and cells. */
export function createReactions({ random, http, token, take, mood, over }: ReactionsOptions) {
  const heard = new Set<string>()

  function later(seconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      if (!over.aborted) act()
    }, seconds * SECOND)
    timer.unref()
  }

  function answer({ id }: OwnMessage): void {
    const drawn = random.next()
    const outcome = ANSWERS.find(({ upTo }) => drawn < upTo)?.outcome
    if (outcome === undefined) return
    take({ at: Date.now(), type: 'message_answered', data: { message: id, outcome } })
    if (outcome === 'applied') mood.isHelped = true
  }

  function hear(message: OwnMessage): void {
    if (heard.has(message.id) || message.state !== 'sent') return
    heard.add(message.id)
    later(random.between(2, 20), () => {
      take({ at: Date.now(), type: 'message_seen', data: { message: message.id } })
      if (ANSWERED.has(message.kind)) later(random.between(8, 60), () => answer(message))
    })
  }

  /** What came while no socket was open. */
  async function catchUp(): Promise<void> {
    const { status, body } = await http('/api/v2/me/messages', { method: 'GET', token })
    if (status === 200) for (const message of (body as OwnMessages).messages) hear(message)
  }

  /** Takes in a frame of the student's socket. */
  return (frame: { kind?: string; message?: OwnMessage }): void => {
    if (frame.kind === 'message' && frame.message) hear(frame.message)
    // Without an answer the next socket asks again.
    if (frame.kind === 'welcome') catchUp().catch(() => {})
  }
}
