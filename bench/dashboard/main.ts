// npm run bench -- dashboard [--seconds 60] [--students 1000] [--rate 7000] [--view NAME]...: what a browser needs to show a
// class in which everybody works: frames that took longer than 50 ms, from the acknowledgement of an event (it is on disk) to
// the pixel, the heap, and what its main thread needs of the processor, however busy the machine is. Server, generator and
// browser share the machine. Build the dashboard first.
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { finish, printTable } from '../lib/report.ts'
import { startMeasuredServer } from '../lib/server.ts'
import { quantile, rounded } from '../lib/stats.ts'
import { startClass, type ClassLoad } from './class-load.ts'
import { openWatchedPage, type Seen, type WatchedPage } from './watched-page.ts'

const GOAL = { longFrames: 0, pixelP99: 250 }
/** Long frames that are told one by one. */
const TOLD = 12

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    students: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '7000' },
    view: { type: 'string', multiple: true, default: ['wall', 'list', 'progress'] },
  },
})
const [seconds, students, rate] = [Number(values.seconds), Number(values.students), Number(values.rate)]
const WARM_UP_MS = 8_000

const pause = (ms: number) => new Promise((settle) => setTimeout(settle, ms))

/** Milliseconds from the acknowledgement of each event to the moment at which it was on the screen. */
function latencies(acknowledged: ClassLoad['acknowledged'], shown: Seen['shown']): number[] {
  const found: number[] = []
  let next = acknowledged.findIndex(({ offset }) => offset > (shown[0]?.offset ?? Infinity))
  if (next < 0) return found
  for (const { offset, at } of shown) {
    for (let ack = acknowledged[next]; ack && ack.offset <= offset; ack = acknowledged[next]) {
      // The frame may overtake the acknowledgement on its way: then it took no time that can be told.
      found.push(Math.max(0, at - ack.at))
      next += 1
    }
  }
  return found
}

async function measure(page: WatchedPage, load: ClassLoad, view: string) {
  await pause(WARM_UP_MS)
  await page.take()
  const before = await page.heapMiB()
  await page.take()
  const from = load.acknowledged.at(-1)?.offset ?? 0
  const began = performance.now()
  let took = 0
  let seen: Seen = { shown: [], longFrames: [], frames: 0 }
  const mainThread = await page.trace(`dashboard-${view}`, async () => {
    await pause(seconds * 1000)
    seen = await page.take()
    took = (performance.now() - began) / 1000
  })
  const after = await page.heapMiB()
  await page.take()
  const pixels = latencies(load.acknowledged, seen.shown)
  return {
    view,
    students,
    eventsPerSecond: Math.round(((load.acknowledged.at(-1)?.offset ?? 0) - from) / took),
    framesPerSecond: Math.round(seen.frames / took),
    changesPerSecond: rounded(seen.shown.length / took),
    longFrames: seen.longFrames.length,
    longestFrameMs: Math.max(0, ...seen.longFrames.map(({ ms }) => ms)),
    pixelP50: Math.round(quantile(pixels, 0.5)),
    pixelP99: Math.round(quantile(pixels, 0.99)),
    mainThread,
    heapMiB: [before, after],
    longest: seen.longFrames.toSorted((a, b) => b.ms - a.ms).slice(0, TOLD),
  }
}

await using server = await startMeasuredServer()
const page = await openWatchedPage(server)
const load = await startClass(server, students, rate)
const rows: Awaited<ReturnType<typeof measure>>[] = []
try {
  for (const view of values.view) {
    await page.open(`#/class/${server.classId}/${view}`)
    rows.push(await measure(page, load, view))
  }
} finally {
  await load.stop()
  await page.close()
}
printTable(
  [
    'view',
    'students',
    'events/s',
    'frames/s',
    'changes/s',
    'frames over 50 ms',
    'longest ms',
    'pixel p50 ms',
    'pixel p99 ms',
    'cpu over 50 ms',
    'longest cpu ms',
    'cores',
    'heap MiB',
  ],
  rows.map((row) => [
    row.view,
    row.students,
    row.eventsPerSecond,
    row.framesPerSecond,
    row.changesPerSecond,
    row.longFrames,
    row.longestFrameMs,
    row.pixelP50,
    row.pixelP99,
    row.mainThread.longTasks,
    row.mainThread.longestTaskMs,
    row.mainThread.cores,
    row.heapMiB.join(' → '),
  ]),
)
console.log('Goal: no frame over 50 ms, p99 to the pixel 250 ms, a heap that does not grow.')
finish('dashboard', { rows, goal: GOAL, loadAverage: loadavg().map((value) => rounded(value)) })
