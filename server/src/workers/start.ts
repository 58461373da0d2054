import type { JobsAnswer, RunnerInfo } from '@lectern/protocol'
import type { Log } from '../log/log.ts'
import type { Logger } from '../monitor/logger.ts'
import type { LogFiles } from '../store/store.ts'
import type { Vault } from '../keys/vault.ts'
import { createLessonReports, type LessonReports } from './lesson-reports.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { KINDS } from './kinds.ts'
import { createPlans, keepPlan, sweepUploads, type Plans } from './plans.ts'
import { createPool } from './pool.ts'
import { createReplays, type Replays } from './replays.ts'
import { createRulesTrials, type RulesTrials } from './rules-trials.ts'
import { createRollUpStep } from './rollup-step.ts'
import { createRollups, type Rollups } from './rollups.ts'
import { startRunner } from './runner.ts'
import type { WorkDatabase } from './schema.ts'
import { Workers } from './workers.ts'

const FLOOR = 1
const ROLL_UP_EVERY_MS = 5_000
const THREAD_FILE = new URL('job-thread.ts', import.meta.url)

interface WorkSystemOptions {
  db: WorkDatabase
  dataDir: string
  logFiles: LogFiles
  log: Pick<Log, 'state' | 'tops' | 'events' | 'counts' | 'checkpoints'>
  /** Opens what the threads have sealed. */
  vault: Pick<Vault, 'open'>
  /** Pseudonymous ids of everybody in a class. */
  studentsOf: (classId: string) => Promise<string[]>
  logger: Logger
  /** Milliseconds since the epoch. */
  clock: () => number
  /** Most threads. */
  ceiling: number
  /** True while jobs of this kind of shedding are put off. */
  refuses: (kind: 'exports') => boolean
}

type ShownRunner = () => RunnerInfo | Promise<RunnerInfo>

/** Jobs, the threads that do them, and what follows the log. */
export interface WorkSystem {
  readonly jobs: Jobs
  readonly workers: Workers
  readonly rollups: Rollups
  readonly reports: LessonReports
  readonly replays: Replays
  readonly plans: Plans
  readonly trials: RulesTrials
  /** Shows a follower of the log that runs elsewhere. Returns how to end that. */
  show(info: ShownRunner): () => void
  describe(): Promise<Omit<JobsAnswer, 'jobs'>>
  /** Removes what was made of the log of a class, or what of it names one student. */
  forget(classId: string, student?: string): Promise<void>
  stop(withinMs: number): Promise<void>
}

/** Starts the worker system: what ran when the last process ended is taken up again. */
export async function startWork(options: WorkSystemOptions): Promise<WorkSystem> {
  const { db, dataDir, logFiles, log, logger, clock, ceiling, refuses } = options
  const pool = createPool({ file: THREAD_FILE, ceiling })
  const jobs = createJobs({ db, clock, random: Math.random })
  const rollups = createRollups(db)
  // One process owns the folder: nothing that is marked as running can be.
  await jobs.takeOver()
  await sweepUploads(dataDir, jobs)
  const parts = { dataDir, logFiles, log, studentsOf: options.studentsOf }
  const replays = createReplays({ pool, parts })
  const workers = new Workers({
    jobs,
    pool,
    kinds: KINDS,
    parts,
    effects: { image: keepPlan(dataDir, clock) },
    floor: Math.min(FLOOR, ceiling),
    ceiling,
    clock,
    putOff: ({ sheds }) => sheds !== undefined && refuses(sheds),
    onFailure: (job, err) => logger.warn({ job: job.id, kind: job.kind, err }, 'job failed'),
  })

  const runner = startRunner({
    name: 'rollups',
    step: createRollUpStep({ log, rollups }),
    everyMs: ROLL_UP_EVERY_MS,
    clock,
    random: Math.random,
    onFailure: (err) => logger.warn({ err }, 'roll-ups failed'),
  })
  const shown = new Set<ShownRunner>([() => runner.info(), () => log.checkpoints()])
  const plans = createPlans({ db, workers, dataDir })
  workers.wake()
  return {
    jobs,
    workers,
    rollups,
    plans,
    replays,
    trials: createRulesTrials(workers),
    reports: createLessonReports({ jobs, workers, vault: options.vault, dataDir }),
    show(info) {
      shown.add(info)
      return () => void shown.delete(info)
    },
    async describe() {
      const runners = Promise.all([...shown].map(async (info) => info()))
      return { ...(await workers.describe()), runners: await runners }
    },
    async forget(classId, student) {
      replays.forget(classId)
      await workers.forget(classId)
      // A step that has read the log already may still write of whom it read.
      await runner.idle()
      await (student === undefined ? rollups.forget(classId) : rollups.forgetStudent(classId, student))
      if (student === undefined) await plans.remove(classId).catch(() => undefined)
    },
    async stop(withinMs) {
      replays.stop()
      await runner.stop()
      await workers.stop(withinMs)
    },
  }
}
