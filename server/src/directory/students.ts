import type { JoinRequest, Roster } from '@lectern/protocol'
import type { Kysely, Transaction } from 'kysely'
import { hashSecret, newId, newSecret, type RandomBytes } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { Tables } from './schema.ts'
import { normalEmail } from './staff.ts'

/** What a student's token stands for. */
export interface TokenOwner {
  class: string
  student: string
  install: string
}

interface StudentsOptions {
  db: Kysely<Tables>
  clock: () => number
  random: RandomBytes
}

/** Students of all classes, the installs they write with, and their tokens. */
export function createStudents({ db, clock, random }: StudentsOptions) {
  /** The student of this install, or with this address, in the class (SPEC JOI-2). Throws `conflict` when these are two. */
  const find = async (tx: Transaction<Tables>, id: string, { install, email }: JoinRequest) => {
    const byInstall = await tx
      .selectFrom('installs')
      .select('student_id')
      .where('class_id', '=', id)
      .where('install', '=', install)
      .executeTakeFirst()
    const byEmail =
      email === undefined
        ? undefined
        : await tx
            .selectFrom('students')
            .select('id')
            .where('class_id', '=', id)
            .where('email', '=', normalEmail(email))
            .executeTakeFirst()
    if (byInstall && byEmail && byInstall.student_id !== byEmail.id) {
      throw new CodedError('conflict', 'install: it belongs to another student of this class; join with a new one.')
    }
    return { student: byInstall?.student_id ?? byEmail?.id, installKnown: byInstall !== undefined }
  }

  const save = async (tx: Transaction<Tables>, id: string, request: JoinRequest): Promise<string> => {
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
      await tx
        .insertInto('students')
        .values({ email: null, team: null, ...identity, class_id: id, id: student, joined_at: clock() })
        .execute()
    }
    if (!installKnown) {
      await tx.insertInto('installs').values({ class_id: id, install: request.install, student_id: student }).execute()
    }
    return student
  }

  return {
    /** Joins a class: the student's pseudonymous id and a new token. Throws `conflict` (SPEC JOI-2). */
    async join(id: string, request: JoinRequest): Promise<{ student: string; token: string }> {
      const install = request.install.toLowerCase()
      const token = newSecret(random)
      const student = await db.transaction().execute(async (tx) => {
        const joined = await save(tx, id, { ...request, install })
        await tx
          .insertInto('tokens')
          .values({
            hash: hashSecret(token),
            class_id: id,
            student_id: joined,
            install,
            created_at: clock(),
            revoked_at: null,
          })
          .execute()
        return joined
      })
      return { student, token }
    },

    /** Whose token this is; 'revoked' if it was one. */
    async byToken(hash: string): Promise<TokenOwner | 'revoked' | undefined> {
      const row = await db.selectFrom('tokens').selectAll().where('hash', '=', hash).executeTakeFirst()
      if (!row) return undefined
      if (row.revoked_at !== null) return 'revoked'
      return { class: row.class_id, student: row.student_id, install: row.install }
    },

    /** Revokes every token of a student; gives their hashes. Throws `not_found`. */
    async revoke(id: string, student: string): Promise<string[]> {
      const known = db.selectFrom('students').select('id').where('class_id', '=', id).where('id', '=', student)
      if (!(await known.executeTakeFirst())) throw new CodedError('not_found', 'This class has no such student.')
      const revoked = await db
        .updateTable('tokens')
        .set({ revoked_at: clock() })
        .where('class_id', '=', id)
        .where('student_id', '=', student)
        .where('revoked_at', 'is', null)
        .returning('hash')
        .execute()
      return revoked.map(({ hash }) => hash)
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
      return new Map(rows.map((row) => [row.class_id, Number(row.students)]))
    },
  }
}

/** See `createStudents`. */
export type Students = ReturnType<typeof createStudents>
