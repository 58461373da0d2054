import type { Timetable } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import { faultOf, minutesOf, timeOf } from '../lessons/timetable.ts'
import { isZone } from '../lessons/zoned.ts'
import type { Classes } from './classes.ts'
import type { DirectoryParts } from './schema.ts'

/** Of a class that has not said where it is. */
const NO_ZONE = 'UTC'

/** Timetables of classes (SPEC LES-2). */
export function createTimetables({ db }: Pick<DirectoryParts, 'db'>, classes: Classes) {
  return {
    /** The timetable of a class; without hours where none was set. Throws `not_found`. */
    async get(id: string): Promise<Timetable> {
      const { time_zone: zone } = await classes.get(id)
      const rows = await db
        .selectFrom('timetable')
        .selectAll()
        .where('class_id', '=', id)
        .orderBy('weekday')
        .orderBy('begins')
        .execute()
      const slots = rows.map(({ weekday, begins, ends }) => ({ weekday, begins: timeOf(begins), ends: timeOf(ends) }))
      return { zone: zone ?? NO_ZONE, slots }
    },

    /** Puts a timetable in the place of the last one. Throws `bad_request` for a zone or hours that can not be. */
    async set(id: string, timetable: Timetable): Promise<Timetable> {
      if (!isZone(timetable.zone)) throw new CodedError('bad_request', 'zone: there is no such time zone.')
      const fault = faultOf(timetable)
      if (fault !== undefined) throw new CodedError('bad_request', fault)
      const rows = timetable.slots.map(({ weekday, begins, ends }) => ({
        class_id: id,
        weekday,
        begins: minutesOf(begins),
        ends: minutesOf(ends),
      }))
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('timetable').where('class_id', '=', id).execute()
        if (rows.length > 0) await tx.insertInto('timetable').values(rows).execute()
      })
      await classes.setZone(id, timetable.zone)
      return this.get(id)
    },

    /** Classes that have hours and go on. */
    async classes(): Promise<string[]> {
      const rows = await db
        .selectFrom('timetable')
        .innerJoin('classes', 'classes.id', 'timetable.class_id')
        .where('ended_at', 'is', null)
        .select('class_id')
        .distinct()
        .execute()
      return rows.map((row) => row.class_id)
    },
  }
}

/** See `createTimetables`. */
export type Timetables = ReturnType<typeof createTimetables>
