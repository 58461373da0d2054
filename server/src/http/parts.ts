import type { Audit } from '../audit/audit.ts'
import type { Auth } from '../auth/auth.ts'
import type { Config } from '../config.ts'
import type { Directory } from '../directory/directory.ts'
import type { FlagSystem } from '../flags/start.ts'
import type { Hub } from '../hub/hub.ts'
import type { Log } from '../log/log.ts'
import type { Logger } from '../monitor/logger.ts'
import type { Metrics } from '../monitor/metrics.ts'
import type { Monitor } from '../monitor/monitor.ts'
import type { Tracing } from '../monitor/tracing.ts'
import type { Privacy } from '../privacy/start.ts'
import type { ServiceHealth } from '../services/part.ts'
import type { ServicesView } from '../services/view.ts'
import type { WorkSystem } from '../workers/start.ts'

/** Built things that are served, as folders. */
export interface Folders {
  /** The built dashboard. */
  readonly dashboard: string
  /** Wheel and `status.json` of the extension. */
  readonly extension: string
}

/** What the routes are built over. */
export interface HttpParts {
  readonly config: Config
  readonly directory: Directory
  readonly auth: Auth
  readonly audit: Audit
  readonly log: Log
  readonly logger: Logger
  readonly metrics: Metrics
  readonly monitor: Monitor
  readonly tracing: Tracing
  readonly work: WorkSystem
  readonly flags: FlagSystem
  readonly privacy: Privacy
  /** The connection manager, which starts after the routes. Throws `not_ready` until then. */
  readonly hub: () => Hub
  readonly folders: Folders
  /** Version of the server. */
  readonly version: string
  readonly clock: () => number
  /** Health of every service; asked at most twice a second. */
  readonly health: () => Promise<ServiceHealth[]>
  /** What the services are, and how one is started again. */
  readonly services: ServicesView
  /** Where the server is in its life. */
  readonly phase: () => 'starting' | 'running' | 'stopping'
}
