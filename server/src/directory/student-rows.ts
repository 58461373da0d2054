import type { RosterEntry } from '@lectern/protocol'
import type { Transaction } from 'kysely'
import type { DirectoryParts, Tables } from './schema.ts'
import type { createStudentIdentities } from './student-identities.ts'

/** Rows of students together with what is sealed of them. */
export function createStudentRows(
  { db }: Pick<DirectoryParts, 'db'>,
  identities: ReturnType<typeof createStudentIdentities>,
) {
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

  return { rowsOf, entryOf }
}

/** See `createStudentRows`. */
export type StudentRows = ReturnType<typeof createStudentRows>
