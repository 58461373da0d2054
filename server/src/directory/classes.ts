import {
  DEFAULT_LEVEL,
  DELETION_DAYS,
  RETENTION_DAYS,
  type ClassEdit,
  type ClassInfo,
  type AttentionRules,
  type ClassRole,
  type Lesson,
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
  lesson?: Lesson | undefined
  lastLesson?: Lesson | undefined
  nextLesson?: number | undefined
}

const DAY_MS = 24 * 3_600_000

/** Thresholds of the class's own; undefined where it follows the server. */
export const ownRulesOf = ({ own_rules: own }: ClassRow): AttentionRules | undefined =>
  own === null ? undefined : (JSON.parse(own) as AttentionRules)

/** The members that are there. */
const given = <T extends object>(members: T) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

/** What clients are told of a class. */
export function classInfo(row: ClassRow, { role, students, hasHub, ...around }: Around): ClassInfo {
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
    ...(hasHub ? { hub: doorOf(row.hub_door) } : {}),
    ...(row.archived_at === null ? {} : { archivedAt: row.archived_at }),
    ...(row.deletes_at === null ? {} : { deletesAt: row.deletes_at }),
    ...given(around),
  }
}

/** Tables that speak of a class, besides those of its students. */
const OF_CLASS = [
  'handouts',
  'seats',
  'lessons',
  'timetable',
  'class_rights',
  'research_secrets',
  'join_codes',
] as const

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

  /** Throws `not_found`. */
  const set = async (id: string, change: Partial<ClassRow>): Promise<ClassRow> => {
    const row = await get(id)
    await db.updateTable('classes').set(change).where('id', '=', id).execute()
    return Object.assign(row, change)
  }

  return {
    get,

    /** All classes, newest first. */
    async list(): Promise<ClassRow[]> {
      const all = db.selectFrom('classes').selectAll().orderBy('created_at', 'desc').orderBy('id')
      return (await all.execute()).map(cached)
    },

    /** The classes that go on, with thresholds of attention of their own. */
    async going(): Promise<{ id: string; own: AttentionRules | undefined }[]> {
      const rows = await db.selectFrom('classes').selectAll().where('ended_at', 'is', null).execute()
      return rows.map((row) => ({ id: row.id, own: ownRulesOf(row) }))
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
        time_zone: null,
        own_rules: null,
        archived_at: null,
        deletes_at: null,
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
      const { ended_at: endedAt } = await get(id)
      await set(id, { cleared_at: clock(), ended_at: endedAt ?? clock() })
      await db.deleteFrom('lessons').where('class_id', '=', id).execute()
    },

    /** Where the class is, by the name of its time zone. */
    setZone: (id: string, zone: string): Promise<ClassRow> => set(id, { time_zone: zone }),

    /** Gives a class thresholds of its own, or takes them away. */
    setRules: (id: string, own: AttentionRules | undefined): Promise<ClassRow> =>
      set(id, { own_rules: own === undefined ? null : JSON.stringify(own) }),

    /** Puts a class away for some days, after which it is to be removed for good. */
    async delete(id: string): Promise<ClassRow> {
      const { ended_at: endedAt, archived_at: archivedAt } = await get(id)
      const now = clock()
      return set(id, {
        ended_at: endedAt ?? now,
        archived_at: archivedAt ?? now,
        deletes_at: now + DELETION_DAYS * DAY_MS,
      })
    },

    /** Removes what is left of a class whose data was erased. */
    async remove(id: string): Promise<void> {
      await db.transaction().execute(async (tx) => {
        for (const table of OF_CLASS) await tx.deleteFrom(table).where('class_id', '=', id).execute()
        await tx.deleteFrom('classes').where('id', '=', id).execute()
      })
      cache.delete(id)
    },

    /** Throws `not_found`. */
    async edit(id: string, edit: ClassEdit): Promise<ClassRow> {
      const { name, level, ended, retentionDays, archived, hub, showBand } = edit
      const row = await get(id)
      // What is put away takes nothing more; what comes back is opened apart.
      const ends = archived === true || ended === true
      const change = {
        name: name ?? row.name,
        level: level ?? row.level,
        retention_days: retentionDays ?? row.retention_days,
        show_band: showBand === undefined ? row.show_band : Number(showBand),
        hub_door: hub === undefined ? row.hub_door : storedDoor(hub),
        ended_at: ends ? (row.ended_at ?? clock()) : ended === false ? null : row.ended_at,
        ...(archived === true ? { archived_at: row.archived_at ?? clock() } : {}),
        ...(archived === false ? { archived_at: null, deletes_at: null } : {}),
      }
      return set(id, change)
    },
  }
}

/** See `createClasses`. */
export type Classes = ReturnType<typeof createClasses>
