import { Kysely, SqliteDialect, type SqliteDatabase } from 'kysely'
import { migrate } from '../store/migrate.ts'
import type { WorkDatabase, WorkTables } from './schema.ts'

interface WorkOptions {
  database: SqliteDatabase
  /** Milliseconds since the epoch. */
  clock: () => number
}

/** Opens jobs and roll-ups over an open database and brings its schema up to date. */
export async function openWork({ database, clock }: WorkOptions): Promise<WorkDatabase> {
  const db = new Kysely<WorkTables>({ dialect: new SqliteDialect({ database }) })
  await migrate(db, { folder: new URL('migrations/', import.meta.url), clock })
  return db
}
