import type { JoinCode, NewCode } from '@lectern/protocol'
import type { Selectable, Transaction } from 'kysely'
import { newCode, normalCode } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { Classes, ClassRow } from './classes.ts'
import type { DirectoryParts, Tables } from './schema.ts'

/** A code that opens a class now. `student`: the one of the roster to whom it belongs. */
export interface OpenCode {
  readonly code: string
  readonly class: ClassRow
  readonly student: string | undefined
}

type CodeRow = Selectable<Tables['join_codes']>

/** The same for every code that opens nothing, so that guessing tells no more of one that did (SPEC JOI-10). */
const invalid = () =>
  new CodedError('code_invalid', 'No class opens by this code now: it may be mistyped, withdrawn, over or used up.')

function codeInfo({
  code,
  created_at: createdAt,
  expires_at: expiresAt,
  max_uses: maxUses,
  uses,
  student_id: student,
}: CodeRow): JoinCode {
  return {
    code,
    createdAt,
    uses,
    ...(expiresAt === null ? {} : { expiresAt }),
    ...(maxUses === null ? {} : { maxUses }),
    ...(student === null ? {} : { student }),
  }
}

/** Counts a use of a code. Throws `code_invalid` when it has no more, or is gone by now. */
export async function takeUse(tx: Transaction<Tables>, code: string): Promise<void> {
  const taken = await tx
    .updateTable('join_codes')
    .set(({ ref, eb }) => ({ uses: eb(ref('uses'), '+', 1) }))
    .where('code', '=', code)
    .where(({ or, eb, ref }) => or([eb('max_uses', 'is', null), eb('uses', '<', ref('max_uses'))]))
    .returning('code')
    .executeTakeFirst()
  if (!taken) throw invalid()
}

/** Join codes of classes. */
export function createCodes({ db, clock, random }: DirectoryParts, classes: Classes) {
  const hasStudent = async (id: string, student: string): Promise<boolean> => {
    const known = db.selectFrom('students').select('id').where('class_id', '=', id).where('id', '=', student)
    return (await known.executeTakeFirst()) !== undefined
  }

  return {
    async list(id: string): Promise<JoinCode[]> {
      const rows = await db
        .selectFrom('join_codes')
        .selectAll()
        .where('class_id', '=', id)
        .orderBy('created_at')
        .execute()
      return rows.map(codeInfo)
    },

    /** Throws `not_found` when the code is to belong to a student whom the class does not have. */
    async create(id: string, { expiresInMs, maxUses, student }: NewCode = {}): Promise<JoinCode> {
      if (student !== undefined && !(await hasStudent(id, student))) {
        throw new CodedError('not_found', 'This class has no such student.')
      }
      const now = clock()
      const row: CodeRow = {
        code: newCode(random),
        class_id: id,
        created_at: now,
        expires_at: expiresInMs === undefined ? null : now + expiresInMs,
        max_uses: maxUses ?? null,
        uses: 0,
        student_id: student ?? null,
      }
      await db.insertInto('join_codes').values(row).execute()
      return codeInfo(row)
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

    /** Withdraws every code of a class. */
    async removeAll(id: string): Promise<void> {
      await db.deleteFrom('join_codes').where('class_id', '=', id).execute()
    },

    /** What a typed code opens. Throws `code_invalid`, or `class_ended` (SPEC JOI-1, JOI-10). */
    async open(typed: string): Promise<OpenCode> {
      const row = await db.selectFrom('join_codes').selectAll().where('code', '=', normalCode(typed)).executeTakeFirst()
      if (!row || (row.expires_at !== null && row.expires_at <= clock())) throw invalid()
      const student = row.student_id ?? undefined
      if (student !== undefined && !(await hasStudent(row.class_id, student))) throw invalid()
      const found = await classes.get(row.class_id)
      if (found.ended_at !== null) throw new CodedError('class_ended')
      return { code: row.code, class: found, student }
    },
  }
}
