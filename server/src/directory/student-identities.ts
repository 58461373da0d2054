import { sql, type Kysely, type Transaction } from 'kysely'
import type { Owner } from '../keys/vault.ts'
import type { DirectoryParts, Tables } from './schema.ts'
import { normalEmail } from './users.ts'

/** Who a student is. */
export interface Identity {
  name: string
  email?: string
  team?: string
}

/** Who somebody says to be: trimmed, the address as it is compared. */
export function identityFrom({ name, email, team }: { name: string; email?: string; team?: string }): Identity {
  return {
    name: name.trim(),
    ...(email === undefined ? {} : { email: normalEmail(email) }),
    ...(team?.trim() ? { team: team.trim() } : {}),
  }
}

const CONTEXT = 'identity'
/** Of a student whose key was destroyed a moment ago. */
const NOBODY: Identity = { name: '' }

type Db = Kysely<Tables> | Transaction<Tables>

/** Who is behind the pseudonymous ids: sealed with each student's key, found by address without telling it. */
export function createStudentIdentities({ vault }: Pick<DirectoryParts, 'vault'>) {
  const emailHash = (classId: string, email: string): string => vault.blind(`email in ${classId}`, normalEmail(email))
  return {
    emailHash,

    async save(db: Db, { class: classId, student }: Owner, identity: Identity): Promise<void> {
      const row = {
        sealed: vault.seal({ class: classId, student }, JSON.stringify(identity), CONTEXT),
        email_hash: identity.email === undefined ? null : emailHash(classId, identity.email),
      }
      await db
        .insertInto('student_identities')
        .values({ class_id: classId, student_id: student, ...row })
        .onConflict((conflict) => conflict.columns(['class_id', 'student_id']).doUpdateSet(row))
        .execute()
    },

    /** What was sealed of a student. */
    open(owner: Owner, sealed: Uint8Array): Identity {
      const opened = vault.open(owner, sealed, CONTEXT)
      return opened ? (JSON.parse(opened.toString('utf8')) as Identity) : NOBODY
    },
  }
}

interface OldRow {
  class_id: string
  id: string
  name: string
  email: string | null
  team: string | null
}

/** Seals the names and addresses of a directory that was written before they were, and removes them from where they stood. */
export async function sealOldIdentities({ db, vault }: Pick<DirectoryParts, 'db' | 'vault'>): Promise<void> {
  const columns = await sql<{ name: string }>`SELECT name FROM pragma_table_info('students')`.execute(db)
  if (!columns.rows.some(({ name }) => name === 'name')) return
  const identities = createStudentIdentities({ vault })
  await db.transaction().execute(async (tx) => {
    const old = await sql<OldRow>`SELECT class_id, id, name, email, team FROM students`.execute(tx)
    for (const { class_id: classId, id, name, email, team } of old.rows) {
      const identity = { name, ...(email === null ? {} : { email }), ...(team === null ? {} : { team }) }
      await identities.save(tx, { class: classId, student: id }, identity)
    }
    await sql`DROP INDEX students_by_email`.execute(tx)
    for (const column of ['name', 'email', 'team']) {
      await sql`ALTER TABLE students DROP COLUMN ${sql.ref(column)}`.execute(tx)
    }
  })
  await sql`VACUUM`.execute(db)
  await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db)
}
