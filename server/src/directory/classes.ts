import {
  DEFAULT_LEVEL,
  RETENTION_DAYS,
  type ClassEdit,
  type ClassInfo,
  type ClassRole,
  type NewClass,
  type ClassStaffRole,
} from '@lectern/protocol'
import type { Selectable } from 'kysely'
import { newId } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import { doorOf, storedDoor } from './hub-door.ts'
import type { DirectoryParts, Tables } from './schema.ts'

/** A class as kept. One object a class for the life of the server: whoever holds it sees every change. */
export type ClassRow = Selectable<Tables['classes']>

interface Around {
  /** What the asker is in the class. */
  role: ClassRole
  students: number
  firstEventAt: number | undefined
  /** True if the server has a JupyterHub whose users the class can be open to. */
  hasHub: boolean
}

/** What clients are told of a class. */
export function classInfo(row: ClassRow, { role, students, firstEventAt, hasHub }: Around): ClassInfo {
  const { id, name, level, created_at: createdAt, ended_at: endedAt } = row
  return {
    id,
    name,
    level,
    role,
    createdAt,
    students,
    retentionDays: row.retention_days ?? RETENTION_DAYS,
    showBand: row.show_band === 1,
    ...(row.cleared_at === null ? {} : { clearedAt: row.cleared_at }),
    ...(endedAt === null ? {} : { endedAt }),
    ...(firstEventAt === undefined ? {} : { firstEventAt }),
    ...(hasHub ? { hub: doorOf(row.hub_door) } : {}),
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

    /** All classes, newest first. */
    async list(): Promise<ClassRow[]> {
      const all = db.selectFrom('classes').selectAll().orderBy('created_at', 'desc').orderBy('id')
      return (await all.execute()).map(cached)
    },

    /** The classes in which `user` is something, and what; newest first. */
    async listOf(user: string): Promise<{ row: ClassRow; role: ClassStaffRole }[]> {
      const rows = await db
        .selectFrom('classes')
        .innerJoin('class_rights', 'class_id', 'classes.id')
        .where('class_rights.user_id', '=', user)
        .selectAll('classes')
        .select('granted')
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute()
      return rows.map(({ granted, ...row }) => ({ row: cached(row), role: granted }))
    },

    /** Makes a class; `creator` gets the right to it. */
    async create({ name, level = DEFAULT_LEVEL }: NewClass, creator: string | null): Promise<ClassRow> {
      const id = newId(random, 'c')
      const row: ClassRow = {
        id,
        name,
        level,
        created_at: clock(),
        created_by: creator,
        ended_at: null,
        retention_days: null,
        cleared_at: null,
        hub_door: null,
        show_band: 0,
      }
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

    /** Notes that the data of a class was removed. */
    async cleared(id: string): Promise<void> {
      const row = await get(id)
      const change = { cleared_at: clock(), ended_at: row.ended_at ?? clock() }
      await db.updateTable('classes').set(change).where('id', '=', id).execute()
      Object.assign(row, change)
    },

    /** Throws `not_found`. */
    async edit(id: string, { name, level, ended, retentionDays, hub, showBand }: ClassEdit): Promise<ClassRow> {
      const row = await get(id)
      const change = {
        name: name ?? row.name,
        level: level ?? row.level,
        retention_days: retentionDays ?? row.retention_days,
        show_band: showBand === undefined ? row.show_band : Number(showBand),
        ended_at: ended === undefined ? row.ended_at : ended ? (row.ended_at ?? clock()) : null,
        hub_door: hub === undefined ? row.hub_door : storedDoor(hub),
      }
      await db.updateTable('classes').set(change).where('id', '=', id).execute()
      return Object.assign(row, change)
    },
  }
}

/** See `createClasses`. */
export type Classes = ReturnType<typeof createClasses>
