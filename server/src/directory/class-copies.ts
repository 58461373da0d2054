import { newId } from '../auth/secrets.ts'
import type { Classes, ClassRow } from './classes.ts'
import type { DirectoryParts } from './schema.ts'

/** Copies of classes (SPEC CLA-1). */
export function createClassCopies(
  { db, clock, random }: Pick<DirectoryParts, 'db' | 'clock' | 'random'>,
  classes: Classes,
) {
  return {
    /**
     * Makes a class with the settings, staff, timetable and rules of another, and nothing that its students are or did. `creator`
     * becomes its instructor. Throws `not_found`.
     */
    async make(source: string, { name, creator }: { name: string; creator: string | null }): Promise<ClassRow> {
      const from = await classes.get(source)
      const id = newId(random, 'c')
      const begun = { created_at: clock(), created_by: creator, ended_at: null, cleared_at: null }
      const row: ClassRow = { ...from, id, name, ...begun, archived_at: null, deletes_at: null }
      await db.transaction().execute(async (tx) => {
        await tx.insertInto('classes').values(row).execute()
        const staff = await tx.selectFrom('class_rights').selectAll().where('class_id', '=', source).execute()
        const others = staff.filter(({ user_id: user }) => user !== creator).map((one) => ({ ...one, class_id: id }))
        const own = creator === null ? [] : [{ class_id: id, user_id: creator, granted: 'instructor' as const }]
        for (const right of [...others, ...own]) await tx.insertInto('class_rights').values(right).execute()
        const slots = await tx.selectFrom('timetable').selectAll().where('class_id', '=', source).execute()
        for (const slot of slots)
          await tx
            .insertInto('timetable')
            .values({ ...slot, class_id: id })
            .execute()
      })
      return classes.get(id)
    },
  }
}
