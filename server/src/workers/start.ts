import { join } from 'node:path'
import type { JobsAnswer } from '@lectern/protocol'
import type { Log } from '../log/log.ts'
import type { Logger } from '../monitor/logger.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { KINDS } from './kinds.ts'
import { createPool } from './pool.ts'
import type { RollUp } from './rollup.ts'
import { createRollups, type Rollups } from './rollups.ts'
import { startRunner } from './runner.ts'
import type { WorkDatabase } from './schema.ts'
import { Workers } from './workers.ts'

const FLOOR = 1
const ROLL_UP_EVERY_MS = 5_000
const ROLL_UP_EVENTS = 20_000
const ROLL_UP_WITHIN_MS = 60_000
const THREAD_FILE = new URL('job-thread.ts', import.meta.url)

interface WorkSystemOptions {
  db: WorkDatabase
  dataDir: string
  /** Name of the log's file in it. */
  logFile: string
  log: Pick<Log, 'state' | 'counts' | 'onFrame'>
  logger: Logger
  /** Milliseconds since the epoch. */
  clock: () => number
  /** Most threads. */
  ceiling: number
  /** True while jobs of this kind of shedding are put off. */
  refuses: (kind: 'exports') => boolean
}

/** Jobs, the threads that do them, and what follows the log. */
export interface WorkSystem {
  readonly jobs: Jobs
  readonly workers: Workers
  readonly rollups: Rollups
  describe(): Promise<Omit<JobsAnswer, 'jobs'>>
  stop(withinMs: number): Promise<void>
}

/** Starts the worker system: what ran when the last process ended is taken up again. */
export async function startWork(options: WorkSystemOptions): Promise<WorkSystem> {
  const { db, dataDir, log, logger, clock, ceiling, refuses } = options
  const logFile = join(dataDir, options.logFile)
  const pool = createPool({ file: THREAD_FILE, ceiling })
  // A thread of its own: long jobs must not keep what follows the log waiting.
  const following = createPool({ file: THREAD_FILE, ceiling: 1 })
  const jobs = createJobs({ db, clock, random: Math.random })
  const rollups = createRollups(db)
  // One process owns the folder: nothing that is marked as running can be.
  await jobs.takeOver()
  const workers = new Workers({
    jobs,
    pool,
    kinds: KINDS,
    parts: { dataDir, logFile, log },
    floor: Math.min(FLOOR, ceiling),
    ceiling,
    clock,
    putOff: ({ sheds }) => sheds !== undefined && refuses(sheds),
    onFailure: (job, err) => logger.warn({ job: job.id, kind: job.kind, err }, 'job failed'),
  })

  // What the server itself writes is in no count, but in a frame.
  let news = true
  let stored = 0
  const unlisten = log.onFrame(() => void (news = true))

  async function rollUp(): Promise<{ handled: number; lag: number }> {
    // No thread is kept for a log in which nothing happens.
    if (!news && log.counts().stored === stored) return { handled: 0, lag: 0 }
    news = false
    stored = log.counts().stored
    try {
      const step = await rollUpSome()
      news ||= step.lag > 0
      return step
    } catch (error) {
      news = true
      throw error
    }
  }

  async function rollUpSome(): Promise<{ handled: number; lag: number }> {
    const input = { file: logFile, cursors: await rollups.cursors(), most: ROLL_UP_EVENTS }
    const signal = AbortSignal.timeout(ROLL_UP_WITHIN_MS)
    const { made, ahead, lag } = (await following.run({ name: 'rollUps', input, signal })) as {
      made: RollUp[]
      ahead: string[]
      lag: number
    }
    for (const classId of ahead) await rollups.forget(classId)
    let handled = 0
    for (const sums of made) if (await rollups.add(sums)) handled += sums.to - sums.from
    return { handled, lag }
  }

  const runner = startRunner({
    name: 'rollups',
    step: rollUp,
    everyMs: ROLL_UP_EVERY_MS,
    clock,
    random: Math.random,
    onFailure: (err) => logger.warn({ err }, 'roll-ups failed'),
  })
  workers.wake()
  return {
    jobs,
    workers,
    rollups,
    describe: async () => ({ ...(await workers.describe()), runners: [runner.info()] }),
    async stop(withinMs) {
      unlisten()
      await runner.stop()
      await following.close()
      await workers.stop(withinMs)
    },
  }
}
