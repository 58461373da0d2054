import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Audit } from './audit/audit.ts'
import type { Config } from './config.ts'
import type { Directory } from './directory/directory.ts'
import type { SessionTimes } from './directory/sessions.ts'
import { startLog } from './log/start.ts'
import type { Log } from './log/log.ts'
import type { Logger } from './monitor/logger.ts'
import { declareServices } from './services/services.ts'
import { DATA_FILES } from './store/data-files.ts'
import { lockDataDirectory, openSqliteDatabase } from './store/sqlite.ts'

// The part of the wiring that commands use without a server: what is kept, and where.

/** What is kept. */
export interface StoredParts {
  data: { folder: string }
  people: Directory
  audit: Audit
  log: Log
}

interface StorageOptions {
  config: Config
  logger: Logger
  /** Milliseconds since the epoch. */
  clock?: () => number
}

/** Opens the people of a data folder, which is made when it is not there; commands use it beside a running server. */
export async function openPeople(
  folder: string,
  { clock = Date.now, sessionTimes }: { clock?: () => number; sessionTimes?: SessionTimes } = {},
): Promise<Directory> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { openDirectory } = await import('./directory/directory.ts')
  const database = openSqliteDatabase(join(folder, DATA_FILES.people))
  return openDirectory({ database, clock, random: randomBytes, ...(sessionTimes && { sessionTimes }) })
}

/** Opens the audit of a data folder; commands use it beside a running server. */
export async function openAuditOf(folder: string, clock: () => number = Date.now): Promise<Audit> {
  const { openAudit } = await import('./audit/audit.ts')
  return openAudit({ database: openSqliteDatabase(join(folder, DATA_FILES.audit)), clock })
}

/** The services of what is kept: the data folder, the log, the people, the audit. */
export function storageServices<Parts extends StoredParts>({ config, logger, clock = Date.now }: StorageOptions) {
  const service = declareServices<Parts>()
  return [
    service({
      name: 'data',
      needs: [],
      // The lock must not be given away while the server lives.
      restartable: false,
      start: () => {
        mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
        const lock = lockDataDirectory(config.dataDir)
        return { value: { folder: config.dataDir }, stop: () => lock.release() }
      },
    }),
    service({
      name: 'log',
      needs: ['data'],
      start: async ({ data }) => {
        const { promise: failed, resolve: onExit } = Promise.withResolvers<Error>()
        const onFault = (detail: string) => logger.error({ detail }, 'log fault')
        const log = await startLog({ dataDir: data.folder, onFault, onExit })
        return { value: log, stop: () => log.close(), health: () => log.probe(), failed }
      },
    }),
    service({
      name: 'people',
      needs: ['data'],
      start: async ({ data }) => {
        const people = await openPeople(data.folder, { clock, sessionTimes: config.sessionTimes })
        return { value: people, stop: () => people.close(), health: () => people.probe() }
      },
    }),
    service({
      name: 'audit',
      needs: ['data'],
      start: async ({ data }) => {
        const audit = await openAuditOf(data.folder, clock)
        return { value: audit, stop: () => audit.close(), health: () => audit.probe() }
      },
    }),
  ]
}
