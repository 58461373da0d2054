import type { JoinCode } from '@lectern/protocol'
import { newCode, normalCode } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { Classes, ClassRow } from './classes.ts'
import type { DirectoryParts } from './schema.ts'

/** Join codes of classes. */
export function createCodes({ db, clock, random }: DirectoryParts, classes: Classes) {
  return {
    async list(id: string): Promise<JoinCode[]> {
      const rows = await db
        .selectFrom('join_codes')
        .selectAll()
        .where('class_id', '=', id)
        .orderBy('created_at')
        .execute()
      return rows.map((row) => ({ code: row.code, createdAt: row.created_at }))
    },

    async create(id: string): Promise<JoinCode> {
      const code = { code: newCode(random), createdAt: clock() }
      await db.insertInto('join_codes').values({ code: code.code, class_id: id, created_at: code.createdAt }).execute()
      return code
    },

    /** Throws `not_found`. */
    async remove(id: string, code: string): Promise<void> {
      const removed = await db
        .deleteFrom('join_codes')
        .where('class_id', '=', id)
        .where('code', '=', normalCode(code))
        .returning('code')
        .executeTakeFirst()
      if (!removed) throw new CodedError('not_found', 'This class has no such join code.')
    },

    /** The class that a typed code opens. Throws `code_invalid`, or `class_ended` (SPEC JOI-1). */
    async classOf(typed: string): Promise<ClassRow> {
      const code = normalCode(typed)
      const row = await db.selectFrom('join_codes').select('class_id').where('code', '=', code).executeTakeFirst()
      if (!row) throw new CodedError('code_invalid')
      const found = await classes.get(row.class_id)
      if (found.ended_at !== null) throw new CodedError('class_ended')
      return found
    },
  }
}
