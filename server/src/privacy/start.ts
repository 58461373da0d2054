import { createErasure, type Erasure, type ErasureParts } from './erasure.ts'
import { createRetention, type Retention } from './retention.ts'
import { startRunner } from '../workers/runner.ts'

/** How often it is looked whether the time of a class is over. */
const LOOK_EVERY_MS = 60 * 60_000

interface PrivacyOptions extends ErasureParts {
  /** Milliseconds since the epoch. */
  clock: () => number
}

/** Forgetting people: on demand, and when the time of a class is over. */
export interface Privacy {
  readonly erasure: Erasure
  readonly retention: Retention
  stop(): Promise<void>
}

/** Starts what forgets: an erasure that a stop broke off is ended first. */
export async function startPrivacy({ clock, ...parts }: PrivacyOptions): Promise<Privacy> {
  const { directory, log, audit, logger, work } = parts
  const erasure = createErasure(parts)
  const retention = createRetention({ directory, log, erasure, work, audit, logger, clock })
  await erasure.resume()
  const endServing = retention.serve()
  const runner = startRunner({
    name: 'retention',
    step: () => retention.step(),
    everyMs: LOOK_EVERY_MS,
    clock,
    random: Math.random,
    onFailure: (err) => logger.error({ err }, 'retention failed'),
  })
  const unshow = work.show(() => runner.info())
  const stop = async () => {
    unshow()
    await runner.stop()
    await endServing()
  }
  return { erasure, retention, stop }
}
