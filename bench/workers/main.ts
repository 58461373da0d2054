// npm run bench -- workers [--seconds 3] [--most 8]: jobs a second by the number of threads, what a thread takes in memory,
// and how long after the death of a thread its job runs again.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { execPath } from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { join } from 'node:path'
import { finish, printTable } from '../lib/report.ts'
import { quantile, rounded } from '../lib/stats.ts'
import { startBed } from './bed.ts'

const SELF = fileURLToPath(import.meta.url)
const WARM_JOBS = 300
/** Jobs that wait while a row is measured: the threads never lack one. */
const JOBS_READY = 2_000
const LOOK_EVERY_MS = 20
const DEATHS = 30
const MIB = 1024 * 1024
const KIB = 1024

interface Line {
  workers: number
  jobsPerSecond: number
  mibEach: number
}

function residentMiB(): number {
  globalThis.gc?.()
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return kib === undefined ? process.memoryUsage.rss() / MIB : Number(kib) / KIB
}

/** Jobs a second with so many threads, and what each thread added to the process. */
async function measure(workers: number, seconds: number): Promise<Line> {
  await using bed = await startBed(workers)
  const { jobs } = bed
  // The rows are warmed up without a thread, so that what this takes is not counted as a thread's.
  await bed.add('fold', WARM_JOBS)
  for (const job of await jobs.claim(WARM_JOBS)) await jobs.finish(job, null)
  const before = residentMiB()
  await bed.add('fold', JOBS_READY)
  bed.workers.wake()
  // Every thread has begun, and its code is compiled.
  while ((await jobs.counts()).done < WARM_JOBS + workers * 20) await wait(LOOK_EVERY_MS)
  const from = (await jobs.counts()).done
  const began = performance.now()
  while (performance.now() - began < seconds * 1000) {
    const { waiting } = await jobs.counts()
    if (waiting < JOBS_READY / 2) await bed.add('fold', JOBS_READY / 2)
    await wait(LOOK_EVERY_MS)
  }
  const jobsPerSecond = ((await jobs.counts()).done - from) / ((performance.now() - began) / 1000)
  const mibEach = (residentMiB() - before) / bed.pool.threads()
  return { workers, jobsPerSecond: rounded(jobsPerSecond, 0), mibEach: rounded(mibEach) }
}

/** Each row in a process of its own: memory that one has left behind must not be another's. */
async function row(workers: number, seconds: number): Promise<Line> {
  const args = ['--expose-gc', SELF, '--row', String(workers), '--seconds', String(seconds)]
  const { stdout } = await promisify(execFile)(execPath, args)
  return JSON.parse(stdout) as Line
}

/** From the death of a thread to the next attempt of its job, ms, under the policy of the server. */
async function recoveries(): Promise<number[]> {
  await using bed = await startBed(2)
  const times: number[] = []
  for (let round = 0; round < DEATHS; round += 1) {
    const { id } = await bed.jobs.add({
      kind: 'recover',
      payload: { file: join(bed.folder, `died-${round}`) },
      maxAttempts: 2,
    })
    bed.workers.wake()
    for (;;) {
      const { state, result, reason } = await bed.jobs.get(id)
      if (state === 'dead') throw new Error(reason ?? 'The job is dead.')
      if (state === 'done') {
        times.push(Number(result))
        break
      }
      await wait(LOOK_EVERY_MS)
    }
  }
  return times
}

async function main(seconds: number, most: number): Promise<void> {
  const rows: Line[] = []
  for (let workers = 1; workers <= most; workers += 1) rows.push(await row(workers, seconds))
  const times = await recoveries()
  const recoveryMs = rounded(quantile(times, 0.5))
  const recoveryMostMs = rounded(Math.max(...times))
  printTable(
    ['threads', 'jobs a second', 'MiB each'],
    rows.map((line) => [line.workers, line.jobsPerSecond, line.mibEach]),
  )
  console.log(
    `A job folds 500 events. After the death of a thread its job runs again within ${recoveryMs} ms (half of ${DEATHS}), ` +
      `at most ${recoveryMostMs} ms; up to 200 ms of it is the back-off.`,
  )
  finish('workers', { seconds, rows, recoveryMs, recoveryMostMs, deaths: DEATHS, goal: { mibEach: 40 } })
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    most: { type: 'string', default: '8' },
    row: { type: 'string' },
  },
})
if (values.row === undefined) await main(Number(values.seconds), Number(values.most))
else console.log(JSON.stringify(await measure(Number(values.row), Number(values.seconds))))
