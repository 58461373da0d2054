import type { ExperimentInfo } from '@lectern/protocol'
import type { Log } from '../log/log.ts'
import { startRunner, type Runner } from '../workers/runner.ts'
import { countRecovery, nothingCarried, wilson, type Carry, type Counts } from './experiment-count.ts'
import type { FlagStore } from './flag-store.ts'
import { EXPERIMENTS, FLAGS, type ExperimentKey } from './flags.ts'

const EVERY_MS = 10_000
const READ_AT_ONCE = 1_000
const READS_A_STEP = 20

interface ExperimentsOptions {
  flags: FlagStore
  log: Pick<Log, 'events'>
  /** Ids of all classes. */
  classes: () => Promise<string[]>
  clock: () => number
  onFailure: (error: unknown) => void
}

/** The experiments: what they came to, from the events of the log alone, so that a restart changes nothing. */
export interface Experiments {
  list(): ExperimentInfo[]
  runner: Runner
}

interface Follower {
  offset: number
  carry: Carry
}

/** Starts to follow the log for the experiments. It reads only while one runs, or was asked for by the page. */
export function startExperiments({ flags, log, classes, clock, onFailure }: ExperimentsOptions): Experiments {
  const followers = new Map<string, Follower>()
  const counts: Counts = {}

  async function readSome(classId: string): Promise<number> {
    const follower = followers.get(classId) ?? { offset: 0, carry: nothingCarried() }
    followers.set(classId, follower)
    const bytes = await log.events(classId, follower.offset, READ_AT_ONCE)
    const { events, next } = JSON.parse(Buffer.from(bytes).toString('utf8'))
    countRecovery(events, follower.carry, counts)
    follower.offset = next
    return events.length
  }

  async function step(): Promise<{ handled: number; lag: number }> {
    let handled = 0
    let lag = 0
    let reads = 0
    for (const classId of await classes()) {
      for (let got = READ_AT_ONCE; got === READ_AT_ONCE;) {
        if (reads >= READS_A_STEP) {
          lag += 1
          break
        }
        reads += 1
        got = await readSome(classId)
        handled += got
      }
    }
    return { handled, lag }
  }

  const runner = startRunner({ name: 'experiments', step, everyMs: EVERY_MS, clock, random: Math.random, onFailure })

  return {
    runner,
    list: () =>
      Object.entries(EXPERIMENTS).map(([key, { what, flag, outcome }]) => ({
        key,
        what,
        flag,
        outcome,
        running: flags.experimentOver(flag) === (key as ExperimentKey),
        variants: FLAGS[flag].variants.map((variant) => {
          const count = counts[variant] ?? { subjects: 0, outcomes: 0 }
          return { variant, ...count, ...wilson(count) }
        }),
      })),
  }
}
