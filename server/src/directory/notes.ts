import type { StudentNote } from '@lectern/protocol'
import { newId } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { Owner } from '../keys/vault.ts'
import type { DirectoryParts } from './schema.ts'

/** Notes about one student. */
const MOST = 500
const contextOf = (id: string): string => `note ${id}`

/** What the staff noted about students. It speaks of the student, so it is sealed with the student's key (SPEC NTE-1). */
export function createNotes({ db, clock, random, vault }: DirectoryParts) {
  const rowsOf = ({ class: classId, student }: Owner) =>
    db
      .selectFrom('student_notes')
      .select(['id', 'created_at', 'user_id', 'sealed'])
      .where('class_id', '=', classId)
      .where('student_id', '=', student)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')

  return {
    /** The newest first. */
    async list(owner: Owner): Promise<StudentNote[]> {
      const rows = await rowsOf(owner).execute()
      return rows.flatMap(({ id, created_at: at, user_id: by, sealed }) => {
        const text = vault.open(owner, sealed, contextOf(id))?.toString('utf8')
        return text === undefined ? [] : [{ id, at, ...(by === null ? {} : { by }), text }]
      })
    },

    /** Throws `conflict` when there are as many as there may be. */
    async add(owner: Owner, text: string, user: string | undefined): Promise<StudentNote> {
      const { length } = await rowsOf(owner).execute()
      if (length >= MOST) throw new CodedError('conflict', `notes: a student has at most ${MOST}; remove one first.`)
      const [id, at] = [newId(random, 'n'), clock()]
      const row = { class_id: owner.class, student_id: owner.student, id, created_at: at, user_id: user ?? null }
      await db
        .insertInto('student_notes')
        .values({ ...row, sealed: vault.seal(owner, text, contextOf(id)) })
        .execute()
      return { id, at, ...(user === undefined ? {} : { by: user }), text }
    },

    /** Throws `not_found`. */
    async remove({ class: classId, student }: Owner, id: string): Promise<void> {
      const { numDeletedRows } = await db
        .deleteFrom('student_notes')
        .where('class_id', '=', classId)
        .where('student_id', '=', student)
        .where('id', '=', id)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw new CodedError('not_found', 'There is no such note.')
    },
  }
}
