import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StartReport } from './services.ts'

const FILE = 'starts.json'

/** How long the last start of each way took, ms. */
export interface Starts {
  readonly parallel?: { readonly totalMs: number }
  readonly sequential?: { readonly totalMs: number }
}

const isTotal = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'totalMs' in value && typeof value.totalMs === 'number'

/** The last starts in this data folder; a file that can not be read says nothing. */
export function readStarts(dataDir: string): Starts {
  try {
    const found = JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')) as Record<string, unknown>
    return Object.fromEntries(
      ['parallel', 'sequential'].flatMap((way) => (isTotal(found[way]) ? [[way, found[way]]] : [])),
    )
  } catch {
    return {}
  }
}

/** Keeps how long this start took, and each service in it, beside the last of the other way. */
export function rememberStart(dataDir: string, { sequential, totalMs, services }: StartReport): void {
  const starts = { ...readStarts(dataDir), [sequential ? 'sequential' : 'parallel']: { totalMs, services } }
  try {
    writeFileSync(join(dataDir, FILE), `${JSON.stringify(starts)}\n`, { mode: 0o600 })
  } catch {
    // A note for the administrator; a full disk must not keep the server from starting.
  }
}
