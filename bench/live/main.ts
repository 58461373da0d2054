// npm run bench -- live [--seconds 10]: from the acknowledgement of an event (it is on disk) to the frame that tells
// the dashboards of it, with 200 and 1,000 students, 10 and 50 dashboards. 100 ms of it is merging (SPEC SUB-4).
import { parseArgs } from 'node:util'
import { createBatch } from '../ingest/batches.ts'
import { openPostLine } from '../ingest/lines.ts'
import { finish, printTable } from '../lib/report.ts'
import { installOf, startMeasuredServer, type MeasuredServer } from '../lib/server.ts'
import { openWatcher } from '../lib/watchers.ts'

interface Load {
  students: number
  dashboards: number
  /** Dashboards beside them that read nothing. */
  stalled: number
  /** Events a second of all students together. */
  rate: number
}

interface Row extends Load {
  p50: number
  p99: number
  frames: number
  kibPerSecond: number
  serverCores: number
  residentMiB: number
}

const LOADS: readonly Load[] = [
  { students: 200, dashboards: 10, stalled: 0, rate: 200 },
  { students: 200, dashboards: 10, stalled: 0, rate: 1_000 },
  { students: 200, dashboards: 10, stalled: 20, rate: 1_000 },
  { students: 1_000, dashboards: 10, stalled: 0, rate: 1_000 },
  { students: 1_000, dashboards: 50, stalled: 0, rate: 1_000 },
]
const OPEN_AT_ONCE = 32
const TO = /"to":(\d+)/

/** When each offset was acknowledged, and how long each dashboard took to hear of it. */
function createStopwatch() {
  const acknowledged: number[] = []
  const heard: number[] = []
  const latencies: number[] = []
  return {
    latencies,
    /** One more event is on disk; offsets are contiguous, and one student's post is one event. */
    acknowledge: () => void acknowledged.push(performance.now()),
    hear(dashboard: number, to: number): void {
      const now = performance.now()
      for (let offset = heard[dashboard] ?? 0; offset < to; offset += 1) {
        const since = acknowledged[offset]
        // The frame may overtake the acknowledgement on its way: then it took no time that can be told.
        latencies.push(since === undefined ? 0 : now - since)
      }
      heard[dashboard] = to
    },
  }
}

async function postAtRate(
  server: MeasuredServer,
  { students, rate }: Load,
  options: { seconds: number; done: () => void },
): Promise<void> {
  const joined = await server.join(students)
  const senders = await Promise.all(
    joined.slice(0, OPEN_AT_ONCE * 8).map(async ({ token }, number) => {
      const install = installOf(number)
      return {
        line: await openPostLine(server.port, token),
        batch: createBatch({ install, count: 1, number, head: '{' }),
        busy: false,
      }
    }),
  )
  const began = performance.now()
  let made = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = (performance.now() - began) / 1000
      for (; made < elapsed * rate; made += 1) {
        const sender = senders[made % senders.length]
        if (!sender || sender.busy) continue
        sender.busy = true
        sender.batch.renew()
        sender.line.send(sender.batch, (ok) => {
          sender.busy = false
          if (ok) options.done()
        })
      }
      if (elapsed < options.seconds) return
      clearInterval(timer)
      resolve()
    }, 5)
  })
  for (const { line } of senders) line.close()
}

async function measure(load: Load, seconds: number): Promise<Row> {
  await using server = await startMeasuredServer()
  const watch = createStopwatch()
  let frames = 0
  let bytes = 0
  const watchers = await Promise.all(
    Array.from({ length: load.dashboards }, (_, dashboard) =>
      openWatcher(server, (text) => {
        const to = TO.exec(text)?.[1]
        if (!text.startsWith('{"kind":"changes"') || to === undefined) return
        frames += 1
        bytes += text.length
        watch.hear(dashboard, Number(to))
      }),
    ),
  )
  const stalled = await Promise.all(Array.from({ length: load.stalled }, () => openWatcher(server, () => {})))
  for (const { socket } of stalled) socket.pause()
  const cpu = server.cpuSeconds()
  await postAtRate(server, load, { seconds, done: watch.acknowledge })
  const serverCores = Number(((server.cpuSeconds() - cpu) / seconds).toFixed(2))
  const residentMiB = server.residentMiB()
  for (const watcher of [...watchers, ...stalled]) watcher.close()
  const sorted = watch.latencies.toSorted((a, b) => a - b)
  const at = (part: number): number => Math.round(sorted[Math.floor(sorted.length * part)] ?? Number.NaN)
  return {
    ...load,
    p50: at(0.5),
    p99: at(0.99),
    frames,
    kibPerSecond: Math.round(bytes / 1024 / seconds),
    serverCores,
    residentMiB,
  }
}

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } })
const rows: Row[] = []
for (const load of LOADS) rows.push(await measure(load, Number(values.seconds)))
printTable(
  [
    'students',
    'dashboards',
    'stalled',
    'events/s',
    'p50 ms',
    'p99 ms',
    'frames',
    'KiB/s sent',
    'server cores',
    'resident MiB',
  ],
  rows.map((row) => [
    row.students,
    row.dashboards,
    row.stalled,
    row.rate,
    row.p50,
    row.p99,
    row.frames,
    row.kibPerSecond,
    row.serverCores,
    row.residentMiB,
  ]),
)
console.log('Goal with 1,000 students, 50 dashboards and 1,000 events a second: p50 60 ms, p99 150 ms.')
finish('live', { rows, goal: { p50: 60, p99: 150 } })
