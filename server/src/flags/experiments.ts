import type { ExperimentInfo } from '@lectern/protocol'
import type { Log } from '../log/log.ts'
import { startRunner, type Runner } from '../workers/runner.ts'
import { countRecovery, nothingCarried, wilson, type Carry, type Counts } from './experiment-count.ts'
import type { FlagStore } from './flag-store.ts'
import { EXPERIMENTS, FLAGS, type ExperimentKey } from './flags.ts'

const EVERY_MS = 10_000
const READ_AT_ONCE = 200

interface ExperimentsOptions {
  flags: FlagStore
  log: Pick<Log, 'events' | 'tops'>
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

/** Starts to follow the log for the experiments. It reads while one runs, and once somebody has asked for the counts. */
export function startExperiments({ flags, log, clock, onFailure }: ExperimentsOptions): Experiments {
  const followers = new Map<string, Follower>()
  const counts: Counts = {}
  let asked = false

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
    const running = Object.values(EXPERIMENTS).some(({ flag }) => flags.experimentOver(flag) !== undefined)
    if (!running && !asked) return { handled: 0, lag: 0 }
    const at = (classId: string): number => followers.get(classId)?.offset ?? 0
    const behind = [...(await log.tops())].filter(([classId, top]) => top > at(classId))
    const [next] = behind
    if (!next) return { handled: 0, lag: 0 }
    const handled = await readSome(next[0])
    const lag = behind.reduce((sum, [classId, top]) => sum + Math.max(0, top - at(classId)), 0)
    return { handled, lag }
  }

  const runner = startRunner({ name: 'experiments', step, everyMs: EVERY_MS, clock, random: Math.random, onFailure })

  return {
    runner,
    list() {
      asked = true
      return Object.entries(EXPERIMENTS).map(([key, { what, flag, outcome }]) => ({
        key,
        what,
        flag,
        outcome,
        running: flags.experimentOver(flag) === (key as ExperimentKey),
        variants: FLAGS[flag].variants.map((variant) => {
          const count = counts[variant] ?? { subjects: 0, outcomes: 0 }
          return { variant, ...count, ...wilson(count) }
        }),
      }))
    },
  }
}
