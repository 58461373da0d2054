import type { Handout, HandoutAnswer } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import type { DirectoryParts } from './schema.ts'

/** Hand-outs of one class. */
const MOST = 200

/** Notebooks of classes as they were handed out (SPEC HND-1). */
export function createHandouts({ db, clock }: Pick<DirectoryParts, 'db' | 'clock'>) {
  return {
    /** Throws `not_found`. */
    async get(classId: string, notebook: string): Promise<HandoutAnswer> {
      const row = await db
        .selectFrom('handouts')
        .select(['changed_at', 'cells'])
        .where('class_id', '=', classId)
        .where('notebook', '=', notebook)
        .executeTakeFirst()
      if (!row) throw new CodedError('not_found', 'This notebook has no hand-out here.')
      return { notebook, at: row.changed_at, cells: JSON.parse(row.cells) as Handout['cells'] }
    },

    /** Takes the place of the one before. Throws `conflict` when there are as many as there may be. */
    async put(classId: string, { notebook, cells }: Handout): Promise<void> {
      const others = await db
        .selectFrom('handouts')
        .select('notebook')
        .where('class_id', '=', classId)
        .where('notebook', '!=', notebook)
        .execute()
      if (others.length >= MOST) throw new CodedError('conflict', `notebook: a class has at most ${MOST} hand-outs.`)
      const values = { changed_at: clock(), cells: JSON.stringify(cells) }
      await db
        .insertInto('handouts')
        .values({ class_id: classId, notebook, ...values })
        .onConflict((conflict) => conflict.columns(['class_id', 'notebook']).doUpdateSet(values))
        .execute()
    },

    /** Throws `not_found`. */
    async remove(classId: string, notebook: string): Promise<void> {
      const { numDeletedRows } = await db
        .deleteFrom('handouts')
        .where('class_id', '=', classId)
        .where('notebook', '=', notebook)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw new CodedError('not_found', 'This notebook has no hand-out here.')
    },
  }
}
