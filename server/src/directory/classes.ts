import { DEFAULT_LEVEL, type ClassEdit, type ClassInfo, type NewClass } from '@lectern/protocol'
import type { Selectable } from 'kysely'
import { newId } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { DirectoryParts, Tables } from './schema.ts'

/** A class as kept. One object a class for the life of the server: whoever holds it sees every change. */
export type ClassRow = Selectable<Tables['classes']>

/** What clients are told of a class. */
export function classInfo(row: ClassRow, counts: { students: number; firstEventAt: number | undefined }): ClassInfo {
  const { id, name, level, created_at: createdAt, ended_at: endedAt } = row
  return {
    id,
    name,
    level,
    createdAt,
    students: counts.students,
    ...(endedAt === null ? {} : { endedAt }),
    ...(counts.firstEventAt === undefined ? {} : { firstEventAt: counts.firstEventAt }),
  }
}

/** Classes, and the staff's rights to them. */
export function createClasses({ db, clock, random }: DirectoryParts) {
  const cache = new Map<string, ClassRow>()
  const cached = (row: ClassRow): ClassRow => {
    const held = cache.get(row.id)
    if (held) return Object.assign(held, row)
    cache.set(row.id, row)
    return row
  }

  /** Throws `not_found`. */
  const get = async (id: string): Promise<ClassRow> => {
    const held = cache.get(id)
    if (held) return held
    const row = await db.selectFrom('classes').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw new CodedError('not_found', `There is no class ${JSON.stringify(id)}.`)
    return cached(row)
  }

  return {
    get,

    /** All classes, or those that `user` has a right to; newest first. */
    async list(user?: string): Promise<ClassRow[]> {
      const all = db.selectFrom('classes').selectAll('classes').orderBy('created_at', 'desc').orderBy('id')
      const rows = await (
        user === undefined
          ? all
          : all.innerJoin('class_rights', 'class_id', 'classes.id').where('class_rights.user_id', '=', user)
      ).execute()
      return rows.map(cached)
    },

    /** Makes a class; `creator` gets the right to it. */
    async create({ name, level = DEFAULT_LEVEL }: NewClass, creator: string | null): Promise<ClassRow> {
      const id = newId(random, 'c')
      const row: ClassRow = { id, name, level, created_at: clock(), created_by: creator, ended_at: null }
      await db.transaction().execute(async (tx) => {
        await tx.insertInto('classes').values(row).execute()
        if (creator !== null) {
          await tx
            .insertInto('class_rights')
            .values({ class_id: id, user_id: creator, granted: 'instructor' })
            .execute()
        }
      })
      return cached(row)
    },

    /** Throws `not_found`. */
    async edit(id: string, { name, level, ended }: ClassEdit): Promise<ClassRow> {
      const row = await get(id)
      const change = {
        name: name ?? row.name,
        level: level ?? row.level,
        ended_at: ended === undefined ? row.ended_at : ended ? (row.ended_at ?? clock()) : null,
      }
      await db.updateTable('classes').set(change).where('id', '=', id).execute()
      return Object.assign(row, change)
    },

    /** True if `user` has a right to the class. */
    async mayTeach(id: string, user: string): Promise<boolean> {
      const right = db.selectFrom('class_rights').select('granted').where('class_id', '=', id)
      return (await right.where('user_id', '=', user).executeTakeFirst()) !== undefined
    },
  }
}

/** See `createClasses`. */
export type Classes = ReturnType<typeof createClasses>
