import { loadConfig, type Config } from './config.ts'
import type { Directory } from './directory/directory.ts'
import { openKeys, openPeople } from './storage.ts'

/** Where a command writes: results, and what is said about them. */
export interface Output {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** A command as called. */
export interface Call extends Output {
  args: readonly string[]
}

/** Exit codes: done; refused or failed, with a sentence; wrong arguments. */
export const DONE = 0
export const FAILED = 1
export const USAGE = 2

/** Where browsers reach the server. */
export const publicUrl = ({ publicUrl: url, host, port }: Config) =>
  url ?? `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`

/** Works on the people of the data folder, also while a server runs. */
export async function withPeople(work: (directory: Directory, config: Config) => Promise<number>): Promise<number> {
  const { config: checked } = loadConfig()
  const { vault } = openKeys(checked.dataDir, checked.keyFile)
  const directory = await openPeople(checked.dataDir, { vault })
  try {
    return await work(directory, checked)
  } finally {
    await directory.close()
    vault.close()
  }
}
