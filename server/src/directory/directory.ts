import { Kysely, SqliteDialect, type SqliteDatabase } from 'kysely'
import type { RandomBytes } from '../auth/secrets.ts'
import type { Vault } from '../keys/vault.ts'
import { migrate } from '../store/migrate.ts'
import { createClassCopies } from './class-copies.ts'
import { createClassStaff } from './class-staff.ts'
import { createClasses } from './classes.ts'
import { createCodes } from './codes.ts'
import { createConsents } from './consents.ts'
import { createDevices } from './devices.ts'
import { createFactors } from './factors.ts'
import { createHandouts } from './handouts.ts'
import { createIdentities } from './identities.ts'
import { sealOldIdentities } from './student-identities.ts'
import { createLessons } from './lessons.ts'
import { createLinks } from './links.ts'
import { createNotes } from './notes.ts'
import { createPasskeys } from './passkeys.ts'
import type { Tables } from './schema.ts'
import { createSeats } from './seats.ts'
import { createResearchSecrets } from './research-secrets.ts'
import { createSessions, SESSION_TIMES, type SessionTimes } from './sessions.ts'
import { createStudents } from './students.ts'
import { createTimetables } from './timetables.ts'
import { createTokens } from './tokens.ts'
import { createUsers } from './users.ts'

interface DirectoryOptions {
  database: SqliteDatabase
  clock: () => number
  random: RandomBytes
  vault: Vault
  sessionTimes?: SessionTimes
}

/**
 * Opens the directory, who is who, over an open database, and brings its schema up to date; closing it closes the database.
 * It is kept apart from events: the log knows students by pseudonymous ids only.
 */
export async function openDirectory({
  database,
  clock,
  random,
  vault,
  sessionTimes = SESSION_TIMES,
}: DirectoryOptions) {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  await migrate(db, { folder: new URL('migrations/', import.meta.url), clock })
  const parts = { db, clock, random, vault }
  await sealOldIdentities(parts)
  const users = createUsers(parts)
  const classes = createClasses(parts)
  return {
    users,
    classes,
    classStaff: createClassStaff(parts),
    links: createLinks(parts, users),
    sessions: createSessions(parts, users, sessionTimes),
    devices: createDevices(parts),
    factors: createFactors(parts),
    passkeys: createPasskeys(parts),
    identities: createIdentities(parts, users),
    codes: createCodes(parts, classes),
    lessons: createLessons(parts),
    timetables: createTimetables(parts, classes),
    copies: createClassCopies(parts, classes),
    students: createStudents(parts),
    seats: createSeats(parts),
    notes: createNotes(parts),
    handouts: createHandouts(parts),
    consents: createConsents(parts),
    researchSecrets: createResearchSecrets(parts),
    tokens: createTokens(parts),
    /** Throws when the database does not answer. */
    async probe(): Promise<void> {
      await db.selectFrom('users').select('id').limit(1).execute()
    },
    close: (): Promise<void> => db.destroy(),
  }
}

/** See `openDirectory`. */
export type Directory = Awaited<ReturnType<typeof openDirectory>>
