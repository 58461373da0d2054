import { setTimeout as wait } from 'node:timers/promises'
import type { Args } from './args.ts'
import { runAssistant } from './demo-assistant.ts'
import { demoCode } from './demo-class.ts'
import { readLessons } from './lesson.ts'
import { createParticipant, type Participant, type Run } from './participant.ts'
import { createRandom } from './random.ts'
import { liveAtRate, liveRealistically } from './schedule.ts'
import { emptyTally, quantile } from './tally.ts'
import { createHttp, type Http } from './transport.ts'
import { judgeLog, readLog, type Verdict } from './verify.ts'

const JOIN_AT_ONCE = 16
/** A run begins in the middle of a lesson; the demo sends what happened until then as well. */
const HEAD_START_MS = 34 * 60_000
const DRAIN_WITHIN_MS = 120_000
const POLL_MS = 50
const READY_WITHIN_MS = 60_000

/** The result of a run, as printed in the last line. */
export interface Result {
  students: number
  seconds: number
  sent: number
  stored: number
  duplicate: number
  refused: number
  retries: number
  /** Not acknowledged when the run gave up. */
  waiting: number
  /** Counted by asking the server; null when it was not asked. */
  lost: number | null
  doubled: number | null
  disordered: number | null
  ack_ms: { p50: number | null; p95: number | null; p99: number | null }
}

async function untilReady(http: Http): Promise<void> {
  for (const deadline = performance.now() + READY_WITHIN_MS; performance.now() < deadline;) {
    const answer = await http('/readyz', { method: 'GET' }).catch(() => undefined)
    if (answer?.status === 200) return
    await wait(POLL_MS)
  }
  throw new Error('The server did not become ready.')
}

async function joinAll(run: Run, { students, seed }: Args, start: number): Promise<Participant[]> {
  const random = createRandom(seed)
  const participants: Participant[] = []
  let next = 0
  const joiner = async (): Promise<void> => {
    while (next < students) {
      const index = next
      next += 1
      participants[index] = await createParticipant(run, random.fork(`student ${index}`), { index, start })
    }
  }
  await Promise.all(Array.from({ length: JOIN_AT_ONCE }, joiner))
  return participants
}

const waitingIn = (participants: readonly Participant[]): number =>
  participants.reduce((sum, { outbox }) => sum + outbox.size, 0)

async function drain(participants: readonly Participant[]): Promise<void> {
  for (const { outbox } of participants) outbox.goOffline(0)
  for (const deadline = performance.now() + DRAIN_WITHIN_MS; performance.now() < deadline;) {
    if (waitingIn(participants) === 0) return
    await wait(POLL_MS)
  }
}

const round = (value: number | undefined): number | null => (value === undefined ? null : Math.round(value * 100) / 100)

/** The demo has an assistant as well; a server that lets none in is shown without. */
function assist({ url, token = '', seed }: Args, classId: string, over: AbortSignal): void {
  runAssistant({ url, token, classId, random: createRandom(seed).fork('assistant'), over }).catch(() => {})
}

/** Runs a class until its time is over or `interrupt` fires, then waits for its outboxes and asks the server what it has. */
export async function simulate(args: Args, interrupt: AbortSignal, report: (line: string) => void): Promise<Result> {
  const http = createHttp(args.url)
  await untilReady(http)
  const code = args.code ?? (await demoCode(http, args.token ?? ''))
  const { url } = args
  // Whoever watches the demo sees what students make of what is said: all of them listen.
  const transport = args.demo ? 'ws' : args.transport
  const ending = new AbortController()
  const shared = { lessons: readLessons(), tally: emptyTally(), acknowledged: new Set<string>() }
  const run: Run = { http, url, code, transport, over: ending.signal, ...shared }
  const start = Date.now() - HEAD_START_MS
  const participants = await joinAll(run, args, start)
  report(`${participants.length} students joined`)

  const began = performance.now()
  const over = args.demo ? interrupt : AbortSignal.any([interrupt, AbortSignal.timeout(args.minutes * 60_000)])
  const { tally } = run
  const progress = setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1000)
    report(
      `${seconds} s  sent ${tally.sent}  stored ${tally.stored}  waiting ${waitingIn(participants)}  retries ${tally.retries}`,
    )
  }, 1000)
  if (args.rate === 'realistic')
    liveRealistically(participants, { start, speed: args.speed, past: args.demo ? 'at once' : 'never' }, over)
  else liveAtRate(participants, args.rate, over)
  const [one] = participants
  if (args.demo && one) assist(args, one.classId, over)
  if (!over.aborted) await new Promise((resolve) => over.addEventListener('abort', resolve, { once: true }))
  ending.abort()
  const seconds = (performance.now() - began) / 1000
  if (!args.demo) await drain(participants)
  clearInterval(progress)
  const waiting = waitingIn(participants)
  for (const { outbox } of participants) outbox.stop()

  let verdict: Verdict | undefined
  const [first] = participants
  if (args.verify && args.token !== undefined && first && !args.demo) {
    report('asking the server for what it has')
    verdict = judgeLog(await readLog(http, first.classId, args.token), run.acknowledged)
  }
  http.close()
  const ackMs = tally.ackMs.toSorted((a, b) => a - b)
  const { sent, stored, duplicate, refused, retries } = tally
  return {
    students: participants.length,
    seconds: Math.round(seconds * 10) / 10,
    sent,
    stored,
    duplicate,
    refused,
    retries,
    waiting,
    lost: verdict ? verdict.lost + waiting : null,
    doubled: verdict ? verdict.doubled + verdict.gaps : null,
    disordered: verdict ? verdict.disordered : null,
    ack_ms: { p50: round(quantile(ackMs, 0.5)), p95: round(quantile(ackMs, 0.95)), p99: round(quantile(ackMs, 0.99)) },
  }
}
