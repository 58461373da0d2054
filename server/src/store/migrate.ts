import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sql, type Kysely } from 'kysely'

/** The numbered migrations of a folder, in order. */
function migrations(folder: string): { version: number; statements: string[] }[] {
  const files = readdirSync(folder).filter((name) => /^\d{3}_[a-z_]+\.sql$/.test(name))
  return files.toSorted().map((name) => ({
    version: Number(name.slice(0, 3)),
    // A statement ends with a semicolon at the end of a line; the migrations hold no such text.
    statements: readFileSync(folder + name, 'utf8')
      .split(/;\s*$/m)
      .filter((statement) => statement.replaceAll(/^--.*$/gm, '').trim() !== ''),
  }))
}

interface MigrateOptions {
  /** Folder of the numbered migrations. */
  folder: URL
  /** Milliseconds since the epoch. */
  clock: () => number
}

/**
 * Brings the database to this version's schema, in one transaction.
 * Throws an Error that says what to do when the data was written by a newer version.
 */
export async function migrate<Schema>(db: Kysely<Schema>, { folder, clock }: MigrateOptions): Promise<void> {
  const known = migrations(fileURLToPath(folder))
  await sql`CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, applied_at BIGINT NOT NULL)`.execute(db)
  const applied = await sql<{ version: number | null }>`SELECT max(version) AS version FROM migrations`.execute(db)
  const current = applied.rows[0]?.version ?? 0
  const newest = known.at(-1)?.version ?? 0
  if (current > newest) {
    throw new Error(
      `The data was written by a newer version of Lectern (schema ${current}, this version knows ${newest}). ` +
        'Start the newer version, or restore a backup of the older one.',
    )
  }
  await db.transaction().execute(async (tx) => {
    for (const { version, statements } of known.filter((migration) => migration.version > current)) {
      for (const statement of statements) await sql.raw(statement).execute(tx)
      await sql`INSERT INTO migrations (version, applied_at) VALUES (${version}, ${clock()})`.execute(tx)
    }
  })
}
