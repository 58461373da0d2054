import type { RunnerInfo } from '@lectern/protocol'
import type { GroupReport } from '../log/log.ts'
import { startRunner } from '../workers/runner.ts'
import type { Silence } from './silence.ts'

interface AlertRunnerOptions {
  silence: Pick<Silence, 'heard'>
  /** Measures, and raises and clears alerts by it. */
  evaluate: () => void
  everyMs: number
  /** Milliseconds since the epoch. */
  clock: () => number
  /** [0, 1) */
  random: () => number
  onFailure: (error: unknown) => void
}

/** Follows what the log stores, for the alerts. */
export interface AlertRunner {
  committed(report: GroupReport): void
  /** `lag`: events stored since the alerts were evaluated last. */
  info(): RunnerInfo
  stop(): void
}

/** Starts to evaluate the alerts; a failed evaluation is made again, as with every follower of the log. */
export function startAlertRunner(options: AlertRunnerOptions): AlertRunner {
  const { silence, evaluate, clock, ...pace } = options
  let lag = 0
  const runner = startRunner({
    name: 'alerts',
    ...pace,
    clock,
    async step() {
      evaluate()
      const handled = lag
      lag = 0
      return { handled, lag }
    },
  })
  return {
    committed({ submissions, events }) {
      lag += events
      for (const { class: classId } of submissions) silence.heard(classId, clock())
    },
    info: () => ({ ...runner.info(), lag }),
    stop: () => void runner.stop(),
  }
}
