import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Audit } from './audit/audit.ts'
import type { Config } from './config.ts'
import type { Directory } from './directory/directory.ts'
import type { SessionTimes } from './directory/sessions.ts'
import { CodedError } from './errors.ts'
import { rewrapKeys } from './keys/rewrap.ts'
import { loadServerKey, makeServerKey } from './keys/server-key.ts'
import { createVault, type Vault, type VaultFiles } from './keys/vault.ts'
import { LOG_SERVICES } from './log/services.ts'
import { startLog } from './log/start.ts'
import type { Log } from './log/log.ts'
import type { Logger } from './monitor/logger.ts'
import { declareServices } from './services/services.ts'
import { DATA_FILES, KEYS_FILE } from './store/data-files.ts'
import type { LogFiles } from './store/store.ts'
import { lockDataDirectory, openSqliteDatabase } from './store/sqlite.ts'

// The part of the wiring that commands use without a server: what is kept, and where.

/** What is kept. */
export interface StoredParts {
  data: { folder: string }
  keys: { vault: Vault; files: VaultFiles }
  people: Directory
  audit: Audit
  log: Log
}

interface StorageOptions {
  config: Config
  logger: Logger
  /** Milliseconds since the epoch. */
  clock?: () => number
  /** One after the other also within the log's thread. */
  sequential?: boolean
}

/** Opens the keys of a data folder, and makes the server's key when there is nothing yet that another has wrapped. */
export function openKeys(folder: string, keyFile: string): StoredParts['keys'] {
  const keys = join(folder, KEYS_FILE)
  const serverKey = loadServerKey(keyFile, { random: randomBytes, isNew: !existsSync(keys) })
  const files = { keys, serverKey }
  return { files, vault: createVault({ database: openSqliteDatabase(keys), serverKey, random: randomBytes }) }
}

/**
 * Makes a new server's key and wraps all others with it, while no server runs. One that was broken off is ended. Throws an
 * Error when a server runs, `not_found` without keys.
 */
export function renewServerKey({ dataDir, keyFile }: Pick<Config, 'dataDir' | 'keyFile'>): void {
  const lock = lockDataDirectory(dataDir)
  try {
    const keys = join(dataDir, KEYS_FILE)
    if (!existsSync(keys)) throw new CodedError('not_found', `${keys} is not there: there are no keys yet.`)
    const from = loadServerKey(keyFile, { random: randomBytes, isNew: false })
    const made = `${keyFile}.new`
    const to = existsSync(made)
      ? loadServerKey(made, { random: randomBytes, isNew: false })
      : makeServerKey(made, randomBytes)
    const database = openSqliteDatabase(keys)
    try {
      rewrapKeys({ database, from, to, random: randomBytes })
    } finally {
      database.close()
    }
    renameSync(made, keyFile)
  } finally {
    lock.release()
  }
}

/** What a thread reads the log of a data folder with. */
export const logFilesOf = (folder: string, vault: VaultFiles): LogFiles => ({
  file: join(folder, DATA_FILES.log),
  vault,
})

/** Opens the people of a data folder, which is made when it is not there; commands use it beside a running server. */
export async function openPeople(
  folder: string,
  { vault, clock = Date.now, sessionTimes }: { vault: Vault; clock?: () => number; sessionTimes?: SessionTimes },
): Promise<Directory> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { openDirectory } = await import('./directory/directory.ts')
  const database = openSqliteDatabase(join(folder, DATA_FILES.people))
  return openDirectory({ database, clock, random: randomBytes, vault, ...(sessionTimes && { sessionTimes }) })
}

/** Opens the audit of a data folder; commands use it beside a running server. */
export async function openAuditOf(folder: string, clock: () => number = Date.now): Promise<Audit> {
  const { openAudit } = await import('./audit/audit.ts')
  return openAudit({ database: openSqliteDatabase(join(folder, DATA_FILES.audit)), clock })
}

/** The services of what is kept: the data folder, the log, the people, the audit. */
export function storageServices<Parts extends StoredParts>({
  config,
  logger,
  clock = Date.now,
  sequential = false,
}: StorageOptions) {
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
      name: 'keys',
      needs: ['data'],
      start: ({ data }) => {
        const keys = openKeys(data.folder, config.keyFile)
        return { value: keys, stop: () => keys.vault.close() }
      },
    }),
    service({
      name: 'log',
      needs: ['data', 'keys'],
      inner: LOG_SERVICES,
      start: async ({ data, keys }) => {
        const { promise: failed, resolve: onExit } = Promise.withResolvers<Error>()
        const onFault = (detail: string) => logger.error({ detail }, 'log fault')
        const log = await startLog({ dataDir: data.folder, vault: keys.files, sequential, onFault, onExit })
        const inner = { starts: log.starts, health: () => log.health() }
        return { value: log, stop: () => log.close(), inner, failed }
      },
    }),
    service({
      name: 'people',
      needs: ['data', 'keys'],
      start: async ({ data, keys }) => {
        const people = await openPeople(data.folder, { vault: keys.vault, clock, sessionTimes: config.sessionTimes })
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
