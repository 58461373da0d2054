// npm run bench -- start [--rounds 5]: how long the server takes to listen, with its services started at the same time
// and one after the other; and how long after a crash the next event is acknowledged.
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { ServicesAnswer } from '@lectern/protocol'
import { createBatch } from '../ingest/batches.ts'
import { finish, printTable } from '../lib/report.ts'
import { installOf, startMeasuredServer, type MeasuredServer } from '../lib/server.ts'
import { quantile, rounded } from '../lib/stats.ts'

const TRY_EVERY_MS = 5
const BEFORE_CRASH_MS = 500

interface Start {
  /** From the start of the process to its word that it listens, ms. */
  listeningMs: number
  /** Within it, the services alone, ms. */
  servicesMs: number
}

async function start(args: readonly string[]): Promise<Start> {
  await using server = await startMeasuredServer({ args })
  const answer = await fetch(`${server.url}/api/v2/system/services`, {
    headers: { authorization: `Bearer ${server.staffToken}` },
  })
  const { totalMs } = (await answer.json()) as ServicesAnswer
  return { listeningMs: server.listeningMs, servicesMs: totalMs }
}

/** Posts until it is acknowledged; a crashed server refuses the connection. */
async function postOne(server: MeasuredServer, token: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  for (;;) {
    const answer = await fetch(`${server.url}/api/v2/events`, { method: 'POST', headers, body }).catch(() => undefined)
    if (answer?.ok) return
    await wait(TRY_EVERY_MS)
  }
}

/** From the crash to the next acknowledgement, ms, with a supervisor that starts the server again at once. */
async function recovery(rounds: number): Promise<number[]> {
  await using server = await startMeasuredServer()
  const [student] = await server.join(1)
  const batch = createBatch({ install: installOf(0), count: 1, number: 0, head: '{' })
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    batch.renew()
    await postOne(server, student?.token ?? '', batch.bytes.toString('utf8'))
    await wait(BEFORE_CRASH_MS)
    batch.renew()
    const crashed = performance.now()
    const again = server.crash()
    await postOne(server, student?.token ?? '', batch.bytes.toString('utf8'))
    times.push(performance.now() - crashed)
    await again
  }
  return times
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })
const rounds = Number(values.rounds)
const parallel: Start[] = []
const sequential: Start[] = []
// Taken in turn, so that a busy moment of the machine meets both.
for (let round = 0; round < rounds; round += 1) {
  parallel.push(await start([]))
  sequential.push(await start(['--sequential-start']))
}
const median = (starts: readonly Start[]): Start => ({
  listeningMs: rounded(
    quantile(
      starts.map(({ listeningMs }) => listeningMs),
      0.5,
    ),
  ),
  servicesMs: rounded(
    quantile(
      starts.map(({ servicesMs }) => servicesMs),
      0.5,
    ),
  ),
})
const result = {
  rounds,
  parallel: median(parallel),
  sequential: median(sequential),
  recoveryMs: rounded(quantile(await recovery(rounds), 0.5)),
}
printTable(
  ['median, ms', 'process to listening', 'services alone'],
  [
    ['at the same time', result.parallel.listeningMs, result.parallel.servicesMs],
    ['one after the other', result.sequential.listeningMs, result.sequential.servicesMs],
    ['crash to next acknowledgement', result.recoveryMs, '-'],
  ],
)
finish('start', result)
