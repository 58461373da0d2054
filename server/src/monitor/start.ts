import { availableParallelism } from 'node:os'
import type { Logger } from './logger.ts'
import { createMachine } from './machine.ts'
import type { Metrics } from './metrics.ts'
import { createMonitor, type Monitor } from './monitor.ts'
import type { MonitorConfig } from './settings.ts'
import { createWebhook, type Webhook } from './webhook.ts'

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

/** Starts the monitor of a process: its machine, its alerts in the log and at the webhook. */
export function startMonitor(options: StartMonitorOptions): { monitor: Monitor; stop: () => void } {
  const { config, dataDir, version, metrics, logger, clock, random } = options
  const { webhook: url, webhookSecret: secret } = config
  const onLost = (reason: string) => logger.warn({ reason }, 'alert not delivered')
  const webhook: Webhook | undefined =
    url === undefined ? undefined : createWebhook({ url, secret, clock, random, onLost })
  const monitor = createMonitor({
    config,
    cores: availableParallelism(),
    version,
    machine: createMachine({ dataDir }),
    metrics,
    clock,
    now: () => performance.now(),
    onAlert(what, alert) {
      logger.warn({ what, threshold: alert.threshold, detail: alert.detail }, 'alert')
      webhook?.send({ kind: 'alert', what, alert })
    },
  })
  metrics.watch({ monitor: () => monitor.facts() })
  const stop = () => {
    monitor.stop()
    webhook?.stop()
  }
  return { monitor, stop }
}
