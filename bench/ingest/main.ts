// npm run bench -- ingest [--seconds 5]: durable events a second and time to the acknowledgement, over posts and sockets,
// as fast as they are answered (closed loop) and at given rates (open loop); and what a bare loop inserts.
import { parseArgs } from 'node:util'
import type { JoinAnswer, TicketAnswer } from '@lectern/protocol'
import { finish, printTable } from '../lib/report.ts'
import { installOf, startMeasuredServer, type MeasuredServer } from '../lib/server.ts'
import { bareLoop } from './bare-loop.ts'
import { createBatch } from './batches.ts'
import { openPostLine, openSocketLine } from './lines.ts'
import { closedLoop, openLoop, type LoadResult, type Sender } from './load.ts'

const WARM_UP_SECONDS = 1
const GOALS: Readonly<Record<string, number>> = {
  'posts of 1': 40_000,
  'posts of 20': 100_000,
  'frames of 1': 50_000,
  'frames of 20': 100_000,
}
const OPEN_RATES = [7_000, 20_000, 50_000, 80_000]

interface Row extends LoadResult {
  name: string
  connections: number
  /** Processor cores the server used. */
  serverCores: number
  /** Processor cores the generator used. */
  loadCores: number
  residentMiB: number
}

interface Way {
  kind: 'posts' | 'frames'
  events: number
  connections: number
}

async function ticketOf(server: MeasuredServer, { token }: JoinAnswer): Promise<string> {
  const answer = await fetch(`${server.url}/api/v2/live/ticket`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  return ((await answer.json()) as TicketAnswer).ticket
}

async function sendersFor(server: MeasuredServer, { kind, events, connections }: Way): Promise<Sender[]> {
  const students = await server.join(connections)
  return Promise.all(
    students.map(async (student, number): Promise<Sender> => {
      const line =
        kind === 'posts'
          ? await openPostLine(server.port, student.token)
          : await openSocketLine(server.port, await ticketOf(server, student))
      const install = installOf(number)
      const head = kind === 'posts' ? '{' : '{"kind":"events",'
      return { line, events, batch: createBatch({ install, count: events, number, head }) }
    }),
  )
}

async function measure(name: string, way: Way, load: (senders: Sender[]) => Promise<LoadResult>): Promise<Row> {
  await using server = await startMeasuredServer()
  const senders = await sendersFor(server, way)
  const cpuBefore = server.cpuSeconds()
  const mine = process.cpuUsage()
  const began = performance.now()
  const result = await load(senders)
  const elapsed = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(mine)
  const row: Row = {
    name,
    connections: way.connections,
    ...result,
    serverCores: Number(((server.cpuSeconds() - cpuBefore) / elapsed).toFixed(2)),
    loadCores: Number(((user + system) / 1e6 / elapsed).toFixed(2)),
    residentMiB: server.residentMiB(),
  }
  for (const { line } of senders) line.close()
  return row
}

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' } } })
const seconds = Number(values.seconds)
const closed = (name: string, way: Way): Promise<Row> =>
  measure(name, way, (senders) => closedLoop(senders, seconds, WARM_UP_SECONDS))

const bare = await bareLoop(Math.min(3, seconds))
const rows: Row[] = [
  await closed('posts of 1', { kind: 'posts', events: 1, connections: 200 }),
  await closed('posts of 20', { kind: 'posts', events: 20, connections: 64 }),
  await closed('posts of 100', { kind: 'posts', events: 100, connections: 32 }),
  await closed('frames of 1', { kind: 'frames', events: 1, connections: 200 }),
  await closed('frames of 20', { kind: 'frames', events: 20, connections: 64 }),
]
for (const rate of OPEN_RATES) {
  const way: Way = { kind: 'posts', events: 20, connections: 200 }
  rows.push(
    await measure(`open loop, ${rate}/s`, way, (senders) =>
      openLoop(senders, { rate, seconds, warmUp: WARM_UP_SECONDS }),
    ),
  )
}
printTable(
  [
    '',
    'connections',
    'events/s',
    'ack p50 ms',
    'ack p99 ms',
    'failed',
    'server cores',
    'generator cores',
    'resident MiB',
  ],
  rows.map((row) => [
    row.name,
    row.connections,
    row.perSecond,
    row.p50,
    row.p99,
    row.failed,
    row.serverCores,
    row.loadCores,
    row.residentMiB,
  ]),
)
console.log(`A bare loop puts ${bare} events a second into the same table.`)
for (const { name, perSecond } of rows) {
  const goal = GOALS[name]
  if (goal !== undefined)
    console.log(
      `${name}: goal ${goal}/s, ${perSecond >= goal ? 'met' : 'not met'} (${Math.round((perSecond / bare) * 100)} % of the bare loop)`,
    )
}
finish('ingest', { seconds, bareLoopPerSecond: bare, rows })
