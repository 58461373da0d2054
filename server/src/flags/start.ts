import type { FlagsAnswer } from '@lectern/protocol'
import type { Log } from '../log/log.ts'
import type { Logger } from '../monitor/logger.ts'
import type { LogFiles } from '../store/store.ts'
import { startExperiments, type Experiments } from './experiments.ts'
import { openFlags, type FlagStore } from './flag-store.ts'
import { startRuleSwitch, type RuledClass, type RuleSwitch } from './rule-switch.ts'
import { createShadows, type Shadows } from './shadows.ts'

interface FlagSystemOptions {
  file: string
  logFiles: LogFiles
  log: Pick<Log, 'append' | 'rules' | 'firstEventAt' | 'events' | 'tops'>
  logger: Logger
  clock: () => number
  /** The classes that go on. */
  classes: () => Promise<RuledClass[]>
}

/** Flags, and what follows them. */
export interface FlagSystem {
  readonly flags: FlagStore
  readonly experiments: Experiments
  readonly shadows: Shadows
  readonly ruleSwitch: RuleSwitch
  answer(): FlagsAnswer
  stop(): Promise<void>
}

let servers = 0

/** Starts flags, rule switch, experiments and shadows. */
export async function startFlags(options: FlagSystemOptions): Promise<FlagSystem> {
  const { file, logFiles, log, logger, clock, classes } = options
  servers += 1
  const flags = await openFlags({
    file,
    domain: `lectern-${servers}`,
    clock,
    onFault: (fault) => logger.error({ file, fault }, 'flag file not taken, the last good one stays in force'),
  })
  const onFault = (err: unknown): void => logger.error({ err }, 'rules could not be switched')
  const ruleSwitch = startRuleSwitch({ flags, log, classes, onFault })
  const experiments = startExperiments({
    flags,
    log,
    clock,
    onFailure: (err) => logger.warn({ err }, 'experiments could not be counted'),
  })
  const shadows = createShadows({
    log: logFiles,
    onFailed: (shadow, reason) => logger.error({ shadow, reason }, 'shadow ended'),
  })
  return {
    flags,
    experiments,
    shadows,
    ruleSwitch,
    answer() {
      const fault = flags.fault()
      return {
        file: flags.file,
        ...(fault === undefined ? {} : { fault }),
        readAt: flags.readAt(),
        flags: flags.list(),
        experiments: experiments.list(),
        shadows: shadows.list(),
      }
    },
    async stop() {
      await ruleSwitch.stop()
      await experiments.runner.stop()
      await shadows.stop()
      await flags.close()
    },
  }
}
