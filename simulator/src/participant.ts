import { setTimeout as wait } from 'node:timers/promises'
import { keepAtLevel, type BatchResult, type JoinAnswer, type LecternEvent } from '@lectern/protocol'
import { createStamp, drawIdentity } from './identity.ts'
import type { Lesson } from './lesson.ts'
import { Outbox } from './outbox.ts'
import type { Random } from './random.ts'
import { createReactions } from './reactions.ts'
import { studentLife, type Draft, type Mood, type Step } from './student.ts'
import type { Tally } from './tally.ts'
import { createPosts, createSocket, Later, type Answer, type Http } from './transport.ts'

/** What all participants of a run share. */
export interface Run {
  http: Http
  url: string
  code: string
  lessons: readonly Lesson[]
  tally: Tally
  /** Ids that the server has acknowledged. */
  acknowledged: Set<string>
  transport: 'http' | 'ws' | 'mixed'
  /** The run is over: students react to nothing more. */
  over: AbortSignal
}

/** One simulated student in the class. */
export interface Participant {
  classId: string
  /** Steps of the student's life, from `start` on. */
  life: Generator<Step>
  outbox: Outbox
  /** Puts an event into the outbox, reduced to the collection level of the class. */
  take(draft: Draft): void
}

const TRIES = 30
const PAUSE_MS = 1000

/** Calls until the server answers with 200. Throws Error with what it said when it refuses for good, or never answers. */
async function insist<T>(random: Random, call: () => Promise<Answer>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const answer = await call().catch((error: unknown) => {
      if (error instanceof Later && tries < TRIES) return undefined
      throw error
    })
    if (answer?.status === 200) return answer.body as T
    if (answer && (answer.status < 429 || tries >= TRIES)) {
      const { detail = '' } = (answer.body ?? {}) as { detail?: string }
      throw new Error(`The server refused: HTTP ${answer.status}. ${detail}`)
    }
    await wait((answer?.retryAfter ?? 0) * 1000 + random.next() * PAUSE_MS)
  }
}

/** Joins the class as student number `index`; continues where this install stopped, if it was there before. */
export async function createParticipant(
  run: Run,
  random: Random,
  options: { index: number; start: number },
): Promise<Participant> {
  const { index, start } = options
  const network = random.fork('network')
  const { install, name, email, team } = drawIdentity(random.fork('identity'), index)
  const person = { code: run.code, install, name, email, team }
  const joining = (): Promise<Answer> => run.http('/api/v2/join', { method: 'POST', body: person })
  const { token, class: joined, level } = await insist<JoinAnswer>(network, joining)
  const overSocket = run.transport === 'ws' || (run.transport === 'mixed' && index % 2 === 0)
  const mood: Mood = { isHelped: false }
  const react = createReactions({
    random: random.fork('reactions'),
    http: run.http,
    token,
    take: (draft) => take(draft),
    mood,
    over: run.over,
  })
  const transport = overSocket
    ? createSocket(run.http, { url: run.url, token, hear: react })
    : createPosts(run.http, token)
  const asking = (): Promise<Answer> => run.http('/api/v2/events', { method: 'POST', token, body: { events: [] } })
  const { ackedThrough } = await insist<BatchResult>(network, asking)
  const onSettled = ({ id }: LecternEvent, status: string): void => {
    if (status !== 'refused') run.acknowledged.add(id)
  }
  const outbox = new Outbox({ transport, random: network, tally: run.tally, onSettled })
  const stamp = createStamp(random.fork(`ids ${ackedThrough}`), install, ackedThrough + 1)
  const take = (draft: Draft): void => {
    const event = stamp(draft)
    const data = keepAtLevel(event.type, event.data as Record<string, unknown>, level)
    outbox.add([{ ...event, data } as LecternEvent])
  }
  return {
    classId: joined.id,
    life: studentLife(random.fork('life'), { lessons: run.lessons, start, mood }),
    outbox,
    take,
  }
}
