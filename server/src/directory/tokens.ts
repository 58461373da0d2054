import { CodedError } from '../errors.ts'
import type { DirectoryParts } from './schema.ts'

/** What a student's token stands for. */
export interface TokenOwner {
  class: string
  student: string
  install: string
  /** The install joined as a known student by address alone (SPEC JOI-2). */
  byAddress: boolean
}

/** Tokens of students; kept by their hash. `students.join` makes them. */
export function createTokens({ db, clock }: DirectoryParts) {
  return {
    /** Whose token this is; 'revoked' if it was one. */
    async owner(hash: string): Promise<TokenOwner | 'revoked' | undefined> {
      const row = await db
        .selectFrom('tokens')
        .innerJoin('installs', (join) =>
          join.onRef('installs.class_id', '=', 'tokens.class_id').onRef('installs.install', '=', 'tokens.install'),
        )
        .selectAll('tokens')
        .select('by_address')
        .where('hash', '=', hash)
        .executeTakeFirst()
      if (!row) return undefined
      if (row.revoked_at !== null) return 'revoked'
      return { class: row.class_id, student: row.student_id, install: row.install, byAddress: row.by_address === 1 }
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
  }
}
