import { seatNames, type RosterEntry, type SeatPlace } from '@lectern/protocol'
import type { Transaction } from 'kysely'
import type { DirectoryParts, Tables } from './schema.ts'

interface SeatRow {
  kind: SeatPlace['kind']
  key: string
  x: number | null
  y: number | null
}

const placeOf = (kind: SeatPlace['kind'], id: string, { x, y }: SeatRow): SeatPlace =>
  x === null || y === null ? { kind, id } : { kind, id, x, y }

/** Where students and teams of a class stand in its room. Names of teams are not kept here: they are found by a keyed hash. */
export function createSeats({ db, vault }: Pick<DirectoryParts, 'db' | 'vault'>) {
  const teamKey = (classId: string, team: string): string => vault.blind(`team in ${classId}`, team)

  const rowsOf = (classId: string, after: number) =>
    db
      .selectFrom('seats')
      .select(['kind', 'key', 'x', 'y'])
      .where('class_id', '=', classId)
      .where('version', '>', after)
      .execute()

  async function versionOf(tx: Transaction<Tables> | typeof db, classId: string): Promise<number> {
    const newest = tx.selectFrom('seats').select(({ fn }) => fn.max('version').as('version'))
    return (await newest.where('class_id', '=', classId).executeTakeFirst())?.version ?? 0
  }

  return {
    /**
     * Places, moves and takes away, all together; the last change of each wins (SPEC PLN-4). Who is not of the roster, or is no
     * team of it, is left out.
     */
    async place(classId: string, places: readonly SeatPlace[], roster: readonly RosterEntry[]): Promise<void> {
      const students = new Set(roster.map(({ id }) => id))
      const teams = new Set(roster.map(({ team }) => team))
      const known = places.filter(({ kind, id }) => (kind === 'student' ? students : teams).has(id))
      await db.transaction().execute(async (tx) => {
        const version = (await versionOf(tx, classId)) + 1
        for (const { kind, id, x, y } of known) {
          const isPlaced = x !== undefined && y !== undefined
          const values = { x: isPlaced ? x : null, y: isPlaced ? y : null, version }
          await tx
            .insertInto('seats')
            .values({ class_id: classId, kind, key: kind === 'student' ? id : teamKey(classId, id), ...values })
            .onConflict((conflict) => conflict.columns(['class_id', 'kind', 'key']).doUpdateSet(values))
            .execute()
        }
      })
    },

    /** What changed after a version, and the newest version (SPEC PLN-5). `teams` gives those of the roster; it is asked only when something changed. */
    async after(classId: string, version: number, teams: () => Promise<readonly string[]>) {
      const newest = await versionOf(db, classId)
      if (newest <= version) return { version: newest, places: [] }
      const teamOf = new Map((await teams()).map((team) => [teamKey(classId, team), team]))
      const places = (await rowsOf(classId, version)).flatMap((row) => {
        const id = row.kind === 'student' ? row.key : teamOf.get(row.key)
        return id === undefined ? [] : [placeOf(row.kind, id, row)]
      })
      return { version: newest, places }
    },

    /** What the seats of the students are called, by student (SPEC PLN-6). */
    async names(classId: string): Promise<ReadonlyMap<string, string>> {
      const rows = (await rowsOf(classId, 0)).filter(({ kind }) => kind === 'student')
      return seatNames(rows.map((row) => placeOf('student', row.key, row)))
    },
  }
}
