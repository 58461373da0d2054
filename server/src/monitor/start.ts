import { availableParallelism } from 'node:os'
import { createAlertFile } from './alert-file.ts'
import type { Logger } from './logger.ts'
import { createMachine } from './machine.ts'
import type { Metrics } from './metrics.ts'
import { createMonitor, type Monitor } from './monitor.ts'
import type { MonitorConfig } from './settings.ts'

interface StartMonitorOptions {
  config: MonitorConfig
  dataDir: string
  version: string
  metrics: Metrics
  logger: Logger
  /** Milliseconds since the epoch. */
  clock: () => number
  /** [0, 1) */
  random: () => number
}

/** Starts the monitor of a process: its machine, and its alerts in the log. */
export function startMonitor(options: StartMonitorOptions): Monitor {
  const { config, dataDir, version, metrics, logger, clock, random } = options
  const monitor = createMonitor({
    config,
    cores: availableParallelism(),
    version,
    machine: createMachine({ dataDir }),
    metrics,
    clock,
    now: () => performance.now(),
    random,
    alertFile: createAlertFile(dataDir, (err) => logger.warn({ err }, 'alerts could not be kept')),
    onFailure: (err) => logger.error({ err }, 'alerts could not be evaluated'),
  })
  monitor.onAlert((what, alert) => {
    logger.warn({ what, threshold: alert.threshold, detail: alert.detail }, 'alert')
  })
  metrics.watch({ monitor: () => monitor.facts() })
  return monitor
}
