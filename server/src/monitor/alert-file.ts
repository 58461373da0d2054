import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AlertInfo } from '@lectern/protocol'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

const FILE = 'alerts.json'
const Alerts = Type.Array(AlertInfo)

/** The alerts of the last day in a data folder, so that a restart forgets none. */
export interface AlertFile {
  /** The oldest first; a file that can not be read says nothing. */
  read(): AlertInfo[]
  /** Writes all of them; what can not be written is told to `onFailure`, for a full disk raises alerts itself. */
  write(alerts: readonly AlertInfo[]): void
}

/** The file of alerts of a data folder. */
export function createAlertFile(dataDir: string, onFailure: (error: unknown) => void): AlertFile {
  const file = join(dataDir, FILE)
  return {
    read() {
      try {
        const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
        return Value.Check(Alerts, found) ? found : []
      } catch {
        return []
      }
    },
    write(alerts) {
      try {
        writeFileSync(`${file}.part`, JSON.stringify(alerts), { mode: 0o600 })
        renameSync(`${file}.part`, file)
      } catch (error) {
        onFailure(error)
      }
    },
  }
}
