import type { JoinRequest, Roster } from '@lectern/protocol'
import type { Transaction } from 'kysely'
import { hashSecret, newId, newSecret } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { DirectoryParts, Tables } from './schema.ts'
import { normalEmail } from './users.ts'

/** The student of this install, or with this address, in the class (SPEC JOI-2). Throws `conflict` when these are two. */
async function find(tx: Transaction<Tables>, id: string, { install, email }: JoinRequest) {
  const byInstall = await tx
    .selectFrom('installs')
    .select('student_id')
    .where('class_id', '=', id)
    .where('install', '=', install)
    .executeTakeFirst()
  const withEmail = tx.selectFrom('students').select('id').where('class_id', '=', id)
  const byEmail =
    email === undefined ? undefined : await withEmail.where('email', '=', normalEmail(email)).executeTakeFirst()
  if (byInstall && byEmail && byInstall.student_id !== byEmail.id) {
    throw new CodedError('conflict', 'install: it belongs to another student of this class; join with a new one.')
  }
  return { student: byInstall?.student_id ?? byEmail?.id, installKnown: byInstall !== undefined }
}

/** Students of all classes, and the installs they write with. */
export function createStudents({ db, clock, random }: DirectoryParts) {
  /** Finds or makes the student of a request and the row of the install; gives the pseudonymous id. */
  const enrol = async (tx: Transaction<Tables>, id: string, request: JoinRequest): Promise<string> => {
    const { student: known, installKnown } = await find(tx, id, request)
    const student = known ?? newId(random, 's')
    const identity = {
      name: request.name.trim(),
      ...(request.email === undefined ? {} : { email: normalEmail(request.email) }),
      ...(request.team === undefined ? {} : { team: request.team.trim() || null }),
    }
    if (known) {
      await tx.updateTable('students').set(identity).where('class_id', '=', id).where('id', '=', known).execute()
    } else {
      const row = { email: null, team: null, ...identity, class_id: id, id: student, joined_at: clock() }
      await tx.insertInto('students').values(row).execute()
    }
    if (!installKnown) {
      const row = { class_id: id, install: request.install, student_id: student }
      await tx.insertInto('installs').values(row).execute()
    }
    return student
  }

  return {
    /** Joins a class: the student's pseudonymous id and a new token. Throws `conflict` (SPEC JOI-2). */
    async join(id: string, request: JoinRequest): Promise<{ student: string; token: string }> {
      const install = request.install.toLowerCase()
      const token = newSecret(random)
      const student = await db.transaction().execute(async (tx) => {
        const joined = await enrol(tx, id, { ...request, install })
        const owner = { class_id: id, student_id: joined, install }
        const row = { ...owner, hash: hashSecret(token), created_at: clock(), revoked_at: null }
        await tx.insertInto('tokens').values(row).execute()
        return joined
      })
      return { student, token }
    },

    async roster(id: string): Promise<Roster> {
      const rows = await db.selectFrom('students').selectAll().where('class_id', '=', id).orderBy('joined_at').execute()
      return {
        students: rows.map((row) => ({
          id: row.id,
          name: row.name,
          ...(row.email === null ? {} : { email: row.email }),
          ...(row.team === null ? {} : { team: row.team }),
          joinedAt: row.joined_at,
        })),
      }
    },

    /** How many students ever joined each class. */
    async counts(): Promise<Map<string, number>> {
      const rows = await db
        .selectFrom('students')
        .select(({ fn }) => ['class_id', fn.countAll<number>().as('students')])
        .groupBy('class_id')
        .execute()
      return new Map(rows.map((row) => [row.class_id, row.students]))
    },
  }
}
