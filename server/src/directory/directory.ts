import { Kysely, SqliteDialect, type SqliteDatabase } from 'kysely'
import type { RandomBytes } from '../auth/secrets.ts'
import { createClasses, type Classes } from './classes.ts'
import { migrate } from './migrate.ts'
import type { Tables } from './schema.ts'
import { createStaff, type Staff } from './staff.ts'
import { createStudents, type Students } from './students.ts'

/** Who is who: staff, classes, students. Kept apart from events; the log knows students by pseudonymous ids only. */
export interface Directory {
  readonly staff: Staff
  readonly classes: Classes
  readonly students: Students
  /** Throws when the database does not answer. */
  probe(): Promise<void>
  close(): Promise<void>
}

interface DirectoryOptions {
  database: SqliteDatabase
  clock: () => number
  random: RandomBytes
}

/** Opens the directory over an open database, bringing its schema up to date; closing it closes the database. */
export async function openDirectory({ database, clock, random }: DirectoryOptions): Promise<Directory> {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  await migrate(db, clock)
  const options = { db, clock, random }
  return {
    staff: createStaff(options),
    classes: createClasses(options),
    students: createStudents(options),
    async probe() {
      await db.selectFrom('users').select('id').limit(1).execute()
    },
    close: () => db.destroy(),
  }
}
