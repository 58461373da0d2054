import { LONGEST_LESSON_MS } from '@lectern/protocol'
import type { DirectoryParts } from './schema.ts'

/** A lesson that the clock has ended. */
export interface EndedLesson {
  readonly class: string
  readonly lesson: string
}

/** What the clock does to the lessons of all classes, and what it says of them. */
export function createLessonClock({ db, clock }: Pick<DirectoryParts, 'db' | 'clock'>) {
  return {
    /** When the last lesson ended, ms, of every class in which none is in progress; of those of the last day. */
    async ended(): Promise<Map<string, number>> {
      const rows = await db
        .selectFrom('lessons')
        .select(({ fn }) => [
          'class_id',
          fn.max('ended_at').as('ended'),
          fn.count('id').as('all'),
          fn.count('ended_at').as('over'),
        ])
        .where('began_at', '>', clock() - 2 * LONGEST_LESSON_MS)
        .groupBy('class_id')
        .execute()
      const over = rows.filter((row) => Number(row.all) === Number(row.over))
      return new Map(over.map((row) => [row.class_id, row.ended ?? 0]))
    },

    /** Ends every lesson whose time is over, as if it had been ended then. */
    async endOverdue(): Promise<EndedLesson[]> {
      const ended = await db
        .updateTable('lessons')
        .set(({ ref }) => ({ ended_at: ref('until') }))
        .where('ended_at', 'is', null)
        .where('until', '<=', clock())
        .returning(['class_id', 'id'])
        .execute()
      return ended.map(({ class_id: classId, id }) => ({ class: classId, lesson: id }))
    },
  }
}
