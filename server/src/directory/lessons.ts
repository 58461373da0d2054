import { LONGEST_LESSON_MS, type Lesson, type LessonEdit, type LessonsQuery, type NewLesson } from '@lectern/protocol'
import type { Selectable } from 'kysely'
import { newId } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { Planned } from '../lessons/timetable.ts'
import { createLessonClock } from './lesson-clock.ts'
import type { DirectoryParts, Tables } from './schema.ts'

type LessonRow = Selectable<Tables['lessons']>

const DEFAULT_LIMIT = 50

function lessonOf(row: LessonRow): Lesson {
  const { id, began_at: from, ended_at: to, until, began_by: by, ended_by: endedBy, slot, title, notebooks } = row
  return {
    id,
    from,
    ...(to === null ? {} : { to }),
    until,
    ...(by === null ? {} : { by }),
    ...(endedBy === null ? {} : { endedBy }),
    planned: slot !== null,
    ...(title === null ? {} : { title }),
    notebooks: JSON.parse(notebooks) as string[],
  }
}

/** A title, or nothing where it says nothing. */
const titleOf = (title: string | undefined): string | null => title?.trim() || null
const notebooksOf = (names: readonly string[]): string =>
  JSON.stringify([...new Set(names.map((name) => name.trim()).filter(Boolean))])

/** What an edit says that the lesson is about. */
const namedBy = ({ title, notebooks }: LessonEdit): Partial<LessonRow> => ({
  ...(title === undefined ? {} : { title: titleOf(title) }),
  ...(notebooks === undefined ? {} : { notebooks: notebooksOf(notebooks) }),
})

const inProgress = () => new CodedError('conflict', 'A lesson of this class is in progress; end it first.')

/** Lessons of all classes (SPEC LES-1). */
export function createLessons({ db, clock, random }: Pick<DirectoryParts, 'db' | 'clock' | 'random'>) {
  const rowsOf = (id: string) => db.selectFrom('lessons').selectAll().where('class_id', '=', id)

  const openRow = (id: string): Promise<LessonRow | undefined> =>
    rowsOf(id).where('ended_at', 'is', null).executeTakeFirst()

  async function rowOf(id: string, lesson: string): Promise<LessonRow> {
    const row = await rowsOf(id).where('id', '=', lesson).executeTakeFirst()
    if (!row) throw new CodedError('not_found', 'This class has no such lesson.')
    return row
  }

  /** Throws `bad_request` for an end that is past or too far away. */
  function requireEnd({ from, until }: Pick<Planned, 'from' | 'until'>): void {
    if (until <= clock()) throw new CodedError('bad_request', 'until: it must lie ahead.')
    if (until > from + LONGEST_LESSON_MS) throw new CodedError('bad_request', 'until: a lesson lasts 12 hours at most.')
  }

  const begun = (id: string, { from, until }: Pick<Planned, 'from' | 'until'>): LessonRow => ({
    class_id: id,
    id: newId(random, 'l'),
    began_at: from,
    until,
    ended_at: null,
    began_by: null,
    ended_by: null,
    slot: null,
    title: null,
    notebooks: '[]',
  })

  async function change(row: LessonRow, set: Partial<LessonRow>): Promise<Lesson> {
    await db.updateTable('lessons').set(set).where('class_id', '=', row.class_id).where('id', '=', row.id).execute()
    return lessonOf({ ...row, ...set })
  }

  /** Goes on with a lesson that was ended too early. */
  async function goOn(row: LessonRow, edit: LessonEdit): Promise<Lesson> {
    const from = row.began_at
    if (await openRow(row.class_id)) throw inProgress()
    const until = edit.until ?? (row.until > clock() ? row.until : from + LONGEST_LESSON_MS)
    requireEnd({ from, until })
    return change(row, { ...namedBy(edit), until, ended_at: null, ended_by: null })
  }

  return {
    ...createLessonClock({ db, clock }),

    /** Newest first; `next` where there are older ones. */
    async list(id: string, { before, limit = DEFAULT_LIMIT }: LessonsQuery) {
      const all = rowsOf(id)
        .orderBy('began_at', 'desc')
        .orderBy('id')
        .limit(limit + 1)
      const rows = await (before === undefined ? all : all.where('began_at', '<', before)).execute()
      const lessons = rows.slice(0, limit).map(lessonOf)
      const last = lessons.at(-1)
      return { lessons, ...(rows.length > limit && last ? { next: last.from } : {}) }
    },

    /** Throws `not_found`. */
    get: async (id: string, lesson: string): Promise<Lesson> => lessonOf(await rowOf(id, lesson)),

    /** The lesson in progress. */
    async open(id: string): Promise<Lesson | undefined> {
      const row = await openRow(id)
      return row && lessonOf(row)
    },

    /** The last lesson that has ended. */
    async last(id: string): Promise<Lesson | undefined> {
      const row = await rowsOf(id).where('ended_at', 'is not', null).orderBy('began_at', 'desc').executeTakeFirst()
      return row && lessonOf(row)
    },

    /** Begins one now. Throws `conflict` when one is in progress, `bad_request` for an end that can not be. */
    async begin(id: string, { title, notebooks = [], until }: NewLesson, by: string | null): Promise<Lesson> {
      const from = clock()
      const ends = until ?? from + LONGEST_LESSON_MS
      if (await openRow(id)) throw inProgress()
      requireEnd({ from, until: ends })
      const about = { title: titleOf(title), notebooks: notebooksOf(notebooks) }
      const row = { ...begun(id, { from, until: ends }), ...about, began_by: by }
      // Two may begin one at the same time.
      const inserted = await db
        .insertInto('lessons')
        .values(row)
        .onConflict((clash) => clash.doNothing())
        .returning('id')
        .executeTakeFirst()
      if (!inserted) throw inProgress()
      return lessonOf(row)
    },

    /**
     * Holds an hour of the timetable: a lesson in progress becomes that of the hour and ends with it, else one begins. Undefined
     * when the hour was held before, also if it was ended early or removed.
     */
    async hold(id: string, { key, from, until }: Planned): Promise<Lesson | undefined> {
      const known = await rowsOf(id).where('slot', '=', key).executeTakeFirst()
      if (known) return undefined
      const open = await openRow(id)
      if (open?.slot !== undefined && open.slot !== null) return undefined
      if (open) return change(open, { slot: key, until })
      const row = { ...begun(id, { from, until }), slot: key }
      await db
        .insertInto('lessons')
        .values(row)
        .onConflict((clash) => clash.doNothing())
        .execute()
      return lessonOf(row)
    },

    /** Throws `not_found`, `conflict` and `bad_request` as `begin` does. `by`: who asks. */
    async edit(id: string, lesson: string, edit: LessonEdit & { by: string | null }): Promise<Lesson> {
      const row = await rowOf(id, lesson)
      if (edit.ended === false && row.ended_at !== null) return goOn(row, edit)
      const named = namedBy(edit)
      if (row.ended_at !== null) return change(row, { title: row.title, ...named })
      if (edit.ended === true) return change(row, { ...named, ended_at: clock(), ended_by: edit.by })
      const until = edit.until ?? row.until
      requireEnd({ from: row.began_at, until })
      return change(row, { ...named, until })
    },

    /** Removes a lesson; what happened in it stays in the log. Throws `not_found`. */
    async remove(id: string, lesson: string): Promise<void> {
      const row = await rowOf(id, lesson)
      await db.deleteFrom('lessons').where('class_id', '=', id).where('id', '=', row.id).execute()
    },
  }
}

/** See `createLessons`. */
export type Lessons = ReturnType<typeof createLessons>
