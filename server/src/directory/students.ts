import type { EnlistedStudents, JoinRequest, NewStudents, Roster, RosterEntry } from '@lectern/protocol'
import type { Selectable, Transaction } from 'kysely'
import { hashSecret, newId, newSecret } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import { takeUse, type OpenCode } from './codes.ts'
import type { DirectoryParts, Tables } from './schema.ts'
import { normalEmail } from './users.ts'

/** The code by which somebody joins, and the student to whom it belongs, if it does. */
type ByCode = Pick<OpenCode, 'code' | 'student'>

/** Somebody who joins. */
interface Joining extends JoinRequest {
  by: ByCode | undefined
}

/**
 * The student to whom the code belongs, or of this install, or with this address, in the class (SPEC JOI-2, JOI-11).
 * Throws `conflict` when these are two.
 */
async function find(tx: Transaction<Tables>, id: string, { install, email, by }: Joining) {
  const byInstall = await tx
    .selectFrom('installs')
    .select('student_id')
    .where('class_id', '=', id)
    .where('install', '=', install)
    .executeTakeFirst()
  const withEmail = tx.selectFrom('students').select('id').where('class_id', '=', id)
  const asks = email !== undefined && by?.student === undefined
  const byEmail = asks ? await withEmail.where('email', '=', normalEmail(email)).executeTakeFirst() : undefined
  const named = by?.student ?? byEmail?.id
  if (byInstall && named !== undefined && byInstall.student_id !== named) {
    throw new CodedError('conflict', 'install: it belongs to another student of this class; join with a new one.')
  }
  return { student: byInstall?.student_id ?? named, installKnown: byInstall !== undefined }
}

type StudentRow = Selectable<Tables['students']>

const entryOf = ({ id, name, email, team }: StudentRow): RosterEntry => ({
  id,
  name,
  ...(email === null ? {} : { email }),
  ...(team === null ? {} : { team }),
})

/** What the student says of themselves; a code that belongs to a student knows better. */
function identityOf({ name, email, team, by }: Joining) {
  if (by?.student !== undefined) return {}
  return {
    name: name.trim(),
    ...(email === undefined ? {} : { email: normalEmail(email) }),
    ...(team === undefined ? {} : { team: team.trim() || null }),
  }
}

/** Students of all classes, and the installs they write with. */
export function createStudents({ db, clock, random }: DirectoryParts) {
  const rowOf = (id: string, { name, email, team }: NewStudents['students'][number]): StudentRow => ({
    class_id: id,
    id: newId(random, 's'),
    name: name.trim(),
    email: email === undefined ? null : normalEmail(email),
    team: team?.trim() || null,
    joined_at: clock(),
  })

  /** Makes the row of an install; the first of a student is when the student joined. */
  const addInstall = async (tx: Transaction<Tables>, id: string, install: { install: string; student: string }) => {
    const { install: own, student } = install
    const installs = tx.selectFrom('installs').select('install').where('class_id', '=', id)
    if (!(await installs.where('student_id', '=', student).executeTakeFirst())) {
      const joined = tx.updateTable('students').set({ joined_at: clock() }).where('class_id', '=', id)
      await joined.where('id', '=', student).execute()
    }
    await tx.insertInto('installs').values({ class_id: id, install: own, student_id: student }).execute()
  }

  /** Finds or makes the student of a request and the row of the install; gives the pseudonymous id. */
  const enrol = async (tx: Transaction<Tables>, id: string, request: Joining): Promise<string> => {
    const { by } = request
    const { student: known, installKnown } = await find(tx, id, request)
    const isNew = by?.student === undefined ? known === undefined : !installKnown
    if (by && isNew) await takeUse(tx, by.code)
    const identity = identityOf(request)
    const made = rowOf(id, request)
    const student = known ?? made.id
    if (known === undefined) await tx.insertInto('students').values(made).execute()
    else if (Object.keys(identity).length > 0) {
      await tx.updateTable('students').set(identity).where('class_id', '=', id).where('id', '=', known).execute()
    }
    if (!installKnown) await addInstall(tx, id, { install: request.install, student })
    return student
  }

  return {
    /**
     * Joins a class: the student's pseudonymous id and a new token. `by`: the code, whose use is counted for a student who was
     * not in the class. Throws `conflict` (SPEC JOI-2), `code_invalid` when the code is used up.
     */
    async join(id: string, request: JoinRequest, by?: ByCode): Promise<{ student: string; token: string }> {
      const install = request.install.toLowerCase()
      const token = newSecret(random)
      const student = await db.transaction().execute(async (tx) => {
        const joined = await enrol(tx, id, { ...request, install, by })
        const owner = { class_id: id, student_id: joined, install }
        const row = { ...owner, hash: hashSecret(token), created_at: clock(), revoked_at: null }
        await tx.insertInto('tokens').values(row).execute()
        return joined
      })
      return { student, token }
    },

    /** Adds students to the roster before they join; one whose address is there already stays as is (SPEC JOI-12). */
    async enlist(id: string, students: NewStudents['students']): Promise<EnlistedStudents['students']> {
      return db.transaction().execute(async (tx) => {
        const enlisted: EnlistedStudents['students'] = []
        for (const one of students) {
          const row = rowOf(id, one)
          const same = tx.selectFrom('students').selectAll().where('class_id', '=', id).where('email', '=', row.email)
          const known = row.email === null ? undefined : await same.executeTakeFirst()
          if (!known) await tx.insertInto('students').values(row).execute()
          enlisted.push({ ...entryOf(known ?? row), known: known !== undefined })
        }
        return enlisted
      })
    },

    async roster(id: string): Promise<Roster> {
      const all = db.selectFrom('students').selectAll().where('class_id', '=', id)
      const rows = await all.orderBy('joined_at').orderBy('id').execute()
      const installs = await db.selectFrom('installs').select('student_id').where('class_id', '=', id).execute()
      const joined = new Set(installs.map(({ student_id: student }) => student))
      return {
        students: rows.map((row) => ({
          ...entryOf(row),
          ...(joined.has(row.id) ? { joinedAt: row.joined_at } : {}),
        })),
      }
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
  }
}
