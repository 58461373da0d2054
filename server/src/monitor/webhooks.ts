import type { Logger } from './logger.ts'
import type { Monitor } from './monitor.ts'
import type { MonitorConfig } from './settings.ts'
import { createWebhook } from './webhook.ts'

interface WebhooksOptions {
  config: Pick<MonitorConfig, 'webhook' | 'webhookSecret'>
  monitor: Pick<Monitor, 'onAlert'>
  logger: Logger
  /** Milliseconds since the epoch. */
  clock: () => number
  /** [0, 1) */
  random: () => number
  /** See `createWebhook`. */
  firstWaitMs?: number
}

/** What carries alerts out of the server. */
export interface Webhooks {
  /** Throws the reason when the last alert could not be delivered. */
  health(): void
  stop(): void
}

/** Starts to post alerts where the settings say; without an address there is nothing to do, and nothing to go wrong. */
export function startWebhooks({ config, monitor, logger, ...sources }: WebhooksOptions): Webhooks {
  const { webhook: url, webhookSecret: secret } = config
  if (url === undefined) return { health: () => undefined, stop: () => undefined }
  const onLost = (reason: string) => logger.warn({ reason }, 'alert not delivered')
  const webhook = createWebhook({ url, secret, onLost, ...sources })
  const unlisten = monitor.onAlert((what, alert) => webhook.send({ kind: 'alert', what, alert }))
  return {
    health() {
      const fault = webhook.fault()
      if (fault !== undefined) throw new Error(fault)
    },
    stop() {
      unlisten()
      webhook.stop()
    },
  }
}
