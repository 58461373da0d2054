import { readFileSync, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { CodedError } from '../errors.ts'
import type { Vault } from '../keys/vault.ts'
import { eventContext, NOTEBOOK_CONTEXT } from './contexts.ts'
import { ownerOf, sealedPrefix } from './event-row.ts'
import { CLASS_SPAN } from './sqlite-events.ts'

const MIGRATIONS = ['001_log.sql', '002_contents.sql']
/** Version of the schema that `migrate` brings a log to. */
export const SCHEMA_VERSION = MIGRATIONS.length
/** From this version on everything that a student wrote is sealed. */
const SEALED_SINCE = 2

interface PlainRow {
  n: number
  student: number
  received: number
  lag: number
  at: number | string
  data: string | null
  notebook: number | null
}

/** Seals the rows of a log that was written before anything was. */
function sealOldRows(db: DatabaseSync, vault: Vault): void {
  const textOf = db.prepare('SELECT text FROM terms WHERE n = ?')
  const addTerm = db.prepare('INSERT INTO terms (text) VALUES (?) ON CONFLICT DO NOTHING')
  const findTerm = db.prepare('SELECT n FROM terms WHERE text = ?')
  const update = db.prepare('UPDATE events SET data = ?, at = ?, notebook = ? WHERE n = ?')
  const termText = (n: number) => String(textOf.get(n)?.['text'])
  const rows = db.prepare(
    "SELECT n, student, received, lag, at, data, notebook FROM events WHERE data IS NOT NULL OR notebook IS NOT NULL OR typeof(at) = 'text'",
  )
  // Read whole: an update of what is being walked through may meet it again.
  for (const row of rows.all() as unknown as PlainRow[]) {
    const owner = ownerOf(termText(row.student))
    const entry = `[${row.data ?? '{}'}${typeof row.at === 'string' ? `,${JSON.stringify(row.at)}` : ''}]`
    const data = row.data === null && typeof row.at !== 'string' ? null : vault.seal(owner, entry, eventContext(row.n))
    let notebook: number | null = null
    if (row.notebook !== null) {
      const sealed = vault.sealAlike(owner, Buffer.from(termText(row.notebook)), NOTEBOOK_CONTEXT)
      const text = `${sealedPrefix(row.student)}${Buffer.from(sealed).toString('base64url')}`
      addTerm.run(text)
      notebook = Number(findTerm.get(text)?.['n'])
    }
    update.run(data, typeof row.at === 'string' ? null : row.at, notebook, row.n)
  }
  db.exec("DELETE FROM terms WHERE text GLOB 'n[0-9]*'; DELETE FROM conflicts; DELETE FROM checkpoints")
}

/** Brings a log to this version's schema, in one transaction. Throws `storage_unavailable` for one of a newer version. */
export function migrate(db: DatabaseSync, file: string, vault: Vault): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version > SCHEMA_VERSION) {
    throw new CodedError(
      'storage_unavailable',
      `${file} was written by a newer Lectern (schema ${version}, this one knows ${SCHEMA_VERSION}). Start that version, or restore a backup made by this one.`,
    )
  }
  if (version === SCHEMA_VERSION) return
  db.exec('BEGIN IMMEDIATE')
  for (const name of MIGRATIONS.slice(version)) {
    db.exec(readFileSync(new URL(`migrations/${name}`, import.meta.url), 'utf8'))
  }
  const old = version > 0 && version < SEALED_SINCE
  if (old) sealOldRows(db, vault)
  db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
  // Nothing of what was plain stays behind in free pages.
  if (old) db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
}

/** What makes the file unfit to serve, found without reading all of it: the header against the size, and each class's last row. */
export function check(db: DatabaseSync, file: string): void {
  const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count'])
  const size = Number(db.prepare('PRAGMA page_size').get()?.['page_size'])
  db.exec('PRAGMA wal_checkpoint(PASSIVE)')
  if (statSync(file).size < pages * size && Number(db.prepare('PRAGMA wal_checkpoint').get()?.['busy']) === 0) {
    throw new Error('the file is truncated')
  }
  for (const row of db.prepare('SELECT n, id, top FROM classes').all()) {
    const from = Number(row['n']) * CLASS_SPAN
    const last = db.prepare('SELECT max(n) AS n FROM events WHERE n > ? AND n < ?').get(from, from + CLASS_SPAN)?.['n']
    if (Number(last ?? from) - from !== row['top']) throw new Error(`the log of class ${String(row['id'])} is corrupt`)
  }
}
