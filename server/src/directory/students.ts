import type { EnlistedStudents, JoinRequest, NewStudents, Roster, RosterEntry } from '@lectern/protocol'
import { sql, type Transaction } from 'kysely'
import { hashSecret, newId, newSecret } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import { createEnrolment, type ByCode, type Enrolled } from './enrolment.ts'
import type { DirectoryParts, Tables } from './schema.ts'
import { createStudentIdentities, identityFrom, type Identity } from './student-identities.ts'

/** A student who joined just now. */
export interface Joined extends Enrolled {
  token: string
}

/** Tables that speak of a student, in the order in which rows may go. */
const OF_STUDENT = ['tokens', 'installs', 'consents', 'student_identities', 'join_codes'] as const

/** Students of all classes, who they are, and the installs they write with. */
export function createStudents(parts: DirectoryParts) {
  const { db, clock, random } = parts
  const identities = createStudentIdentities(parts)
  const enrol = createEnrolment(parts, identities)

  const rowsOf = (tx: Transaction<Tables> | typeof db, id: string) =>
    tx
      .selectFrom('students')
      .innerJoin('student_identities', (join) =>
        join.onRef('student_identities.class_id', '=', 'students.class_id').onRef('student_id', '=', 'students.id'),
      )
      .select(['student_id', 'sealed', 'joined_at', 'email_hash'])
      .where('students.class_id', '=', id)

  const entryOf = (id: string, row: { student_id: string; sealed: Uint8Array }): RosterEntry => ({
    id: row.student_id,
    ...identities.open({ class: id, student: row.student_id }, row.sealed),
  })

  /** Adds one to the roster, or gives the one with the same address. */
  async function enlistOne(tx: Transaction<Tables>, id: string, one: NewStudents['students'][number]) {
    const identity = identityFrom(one)
    if (identity.email !== undefined) {
      const emailHash = identities.emailHash(id, identity.email)
      const known = await rowsOf(tx, id).where('email_hash', '=', emailHash).executeTakeFirst()
      if (known) return { ...entryOf(id, known), known: true }
    }
    const student = newId(random, 's')
    await tx.insertInto('students').values({ class_id: id, id: student, joined_at: clock() }).execute()
    await identities.save(tx, { class: id, student }, identity)
    return { id: student, ...identity, known: false }
  }

  return {
    /**
     * Joins a class: the student's pseudonymous id and a new token. `by`: the code, whose use is counted for a student who was
     * not in the class. Throws `conflict` (SPEC JOI-2), `code_invalid` when the code is used up.
     */
    async join(id: string, request: JoinRequest, by?: ByCode): Promise<Joined> {
      const install = request.install.toLowerCase()
      const token = newSecret(random)
      const enrolled = await db.transaction().execute(async (tx) => {
        const joined = await enrol(tx, id, { ...request, install, by })
        const owner = { class_id: id, student_id: joined.student, install }
        const row = { ...owner, hash: hashSecret(token), created_at: clock(), revoked_at: null }
        await tx.insertInto('tokens').values(row).execute()
        return joined
      })
      return { ...enrolled, token }
    },

    /** Adds students to the roster before they join; one whose address is there already stays as is (SPEC JOI-12). */
    async enlist(id: string, students: NewStudents['students']): Promise<EnlistedStudents['students']> {
      return db.transaction().execute(async (tx) => {
        const enlisted: EnlistedStudents['students'] = []
        for (const one of students) enlisted.push(await enlistOne(tx, id, one))
        return enlisted
      })
    },

    async roster(id: string): Promise<Roster> {
      const rows = await rowsOf(db, id).orderBy('joined_at').orderBy('students.id').execute()
      const installs = await db.selectFrom('installs').select('student_id').where('class_id', '=', id).execute()
      const joined = new Set(installs.map(({ student_id: student }) => student))
      const answers = await db
        .selectFrom('consents')
        .select(['student_id', 'sharing'])
        .where('class_id', '=', id)
        .orderBy('n')
        .execute()
      const sharing = new Map(answers.map((row) => [row.student_id, row.sharing === 1]))
      return {
        students: rows.map((row) => ({
          ...entryOf(id, row),
          ...(joined.has(row.student_id) ? { joinedAt: row.joined_at } : {}),
          sharing: sharing.get(row.student_id) ?? false,
        })),
      }
    },

    /** Who one student is, and since when. Throws `not_found`. */
    async get(id: string, student: string): Promise<Identity & { joinedAt: number }> {
      const row = await rowsOf(db, id).where('students.id', '=', student).executeTakeFirst()
      if (!row) throw new CodedError('not_found', 'This class has no such student.')
      const { id: _, ...identity } = entryOf(id, row)
      return { ...identity, joinedAt: row.joined_at }
    },

    /** Pseudonymous ids of a class's students. */
    async ids(id: string): Promise<string[]> {
      const rows = await db.selectFrom('students').select('id').where('class_id', '=', id).execute()
      return rows.map((row) => row.id)
    },

    /** How many students ever joined each class. */
    async counts(): Promise<Map<string, number>> {
      const rows = await db
        .selectFrom('installs')
        .select(({ fn }) => ['class_id', fn.count<number>('student_id').distinct().as('students')])
        .groupBy('class_id')
        .execute()
      return new Map(rows.map((row) => [row.class_id, row.students]))
    },

    /** Removes everything of a student; nothing of it stays in the file. Without one, of the whole class. */
    async erase(id: string, student?: string): Promise<void> {
      await sql`PRAGMA secure_delete = ON`.execute(db)
      await db.transaction().execute(async (tx) => {
        for (const table of OF_STUDENT) {
          const rows = tx.deleteFrom(table).where('class_id', '=', id)
          await (student === undefined ? rows : rows.where('student_id', '=', student)).execute()
        }
        const rows = tx.deleteFrom('students').where('class_id', '=', id)
        await (student === undefined ? rows : rows.where('id', '=', student)).execute()
      })
      await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db)
    },
  }
}
