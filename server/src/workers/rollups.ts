import type { RollupsAnswer } from '@lectern/protocol'
import { sql } from 'kysely'
import type { RollUp } from './rollup.ts'
import type { WorkDatabase } from './schema.ts'

const MINUTE_MS = 60_000
const RUNNER = 'rollups'
const ROWS_AT_ONCE = 500

function* chunks<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) yield rows.slice(from, from + ROWS_AT_ONCE)
}

async function addMinutes(tx: WorkDatabase, { class: classId, minutes }: RollUp): Promise<void> {
  for (const rows of chunks(minutes)) {
    await tx
      .insertInto('minute_rollups')
      .values(
        rows.map(({ minute, events, runs, errors, help }) => ({
          class_id: classId,
          minute,
          events,
          runs,
          errors,
          help,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['class_id', 'minute']).doUpdateSet({
          events: sql`minute_rollups.events + excluded.events`,
          runs: sql`minute_rollups.runs + excluded.runs`,
          errors: sql`minute_rollups.errors + excluded.errors`,
          help: sql`minute_rollups.help + excluded.help`,
        }),
      )
      .execute()
  }
  const there = minutes.flatMap(({ minute, students }) =>
    students.map((student) => ({ class_id: classId, minute, student })),
  )
  for (const rows of chunks(there)) {
    await tx
      .insertInto('minute_students')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

async function addCells(tx: WorkDatabase, { class: classId, cells }: RollUp): Promise<void> {
  for (const rows of chunks(cells)) {
    await tx
      .insertInto('cell_rollups')
      .values(
        rows.map(({ durationMs, done, firstAt, ...sum }) => ({
          class_id: classId,
          ...sum,
          duration_ms: Math.round(durationMs),
          done: done ? 1 : 0,
          first_at: firstAt,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['class_id', 'notebook', 'cell', 'student']).doUpdateSet({
          runs: sql`cell_rollups.runs + excluded.runs`,
          errors: sql`cell_rollups.errors + excluded.errors`,
          duration_ms: sql`cell_rollups.duration_ms + excluded.duration_ms`,
          done: sql`max(cell_rollups.done, excluded.done)`,
          first_at: sql`min(cell_rollups.first_at, excluded.first_at)`,
        }),
      )
      .execute()
  }
}

/** The roll-ups of every class, and how far they speak. */
export function createRollups(db: WorkDatabase) {
  const cursorOf = async (tx: WorkDatabase, classId: string): Promise<number> => {
    const row = await tx
      .selectFrom('cursors')
      .select('at')
      .where('runner', '=', RUNNER)
      .where('class_id', '=', classId)
      .executeTakeFirst()
    return row?.at ?? 0
  }

  return {
    async cursors(): Promise<Record<string, number>> {
      const rows = await db.selectFrom('cursors').selectAll().where('runner', '=', RUNNER).execute()
      return Object.fromEntries(rows.map(({ class_id: id, at }) => [id, at]))
    },

    /** Adds sums together with the cursor, once: false when the cursor is not where they begin. */
    async add(sums: RollUp): Promise<boolean> {
      return db.transaction().execute(async (tx) => {
        if ((await cursorOf(tx, sums.class)) !== sums.from) return false
        await addMinutes(tx, sums)
        await addCells(tx, sums)
        await tx
          .insertInto('cursors')
          .values({ runner: RUNNER, class_id: sums.class, at: sums.to })
          .onConflict((conflict) => conflict.columns(['runner', 'class_id']).doUpdateSet({ at: sums.to }))
          .execute()
        return true
      })
    },

    /** Forgets a class, so that its log is read again from the beginning. */
    async forget(classId: string): Promise<void> {
      await db.transaction().execute(async (tx) => {
        for (const table of ['cursors', 'minute_rollups', 'minute_students', 'cell_rollups'] as const) {
          await tx.deleteFrom(table).where('class_id', '=', classId).execute()
        }
      })
    },

    /** Removes the sums that name a student; nothing of them stays in the file. */
    async forgetStudent(classId: string, student: string): Promise<void> {
      await sql`PRAGMA secure_delete = ON`.execute(db)
      await db.transaction().execute(async (tx) => {
        for (const table of ['minute_students', 'cell_rollups'] as const) {
          await tx.deleteFrom(table).where('class_id', '=', classId).where('student', '=', student).execute()
        }
      })
      await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db)
    },

    /** Who did anything between two times (ms), and in which notebooks cells were run by somebody for the first time. */
    async between(classId: string, { from, to }: { from: number; to: number }) {
      const there = db.selectFrom('minute_students').select('student').distinct().where('class_id', '=', classId)
      const students = await there
        .where('minute', '>=', Math.floor(from / MINUTE_MS))
        .where('minute', '<=', Math.floor(to / MINUTE_MS))
        .execute()
      const ran = db.selectFrom('cell_rollups').select('notebook').distinct().where('class_id', '=', classId)
      const notebooks = await ran
        .where('first_at', '>=', from)
        .where('first_at', '<=', to)
        .orderBy('notebook')
        .execute()
      return { students: students.map((row) => row.student), notebooks: notebooks.map((row) => row.notebook) }
    },

    async read(classId: string): Promise<RollupsAnswer> {
      const minutes = await db
        .selectFrom('minute_rollups')
        .select(['minute', 'events', 'runs', 'errors', 'help'])
        .select((eb) =>
          eb
            .selectFrom('minute_students')
            .select(sql<number>`count(*)`.as('count'))
            .whereRef('minute_students.class_id', '=', 'minute_rollups.class_id')
            .whereRef('minute_students.minute', '=', 'minute_rollups.minute')
            .as('students'),
        )
        .where('class_id', '=', classId)
        .orderBy('minute')
        .execute()
      const cells = await db
        .selectFrom('cell_rollups')
        .select(['notebook', 'cell'])
        .select((eb) => [
          sql<number>`count(*)`.as('reached'),
          eb.fn.sum<number>('done').as('done'),
          eb.fn.sum<number>('runs').as('runs'),
          eb.fn.sum<number>('errors').as('errors'),
          eb.fn.sum<number>('duration_ms').as('durationMs'),
        ])
        .where('class_id', '=', classId)
        .groupBy(['notebook', 'cell'])
        .orderBy('notebook')
        .orderBy('cell')
        .execute()
      return {
        offset: await cursorOf(db, classId),
        minutes: minutes.map((row) => ({ ...row, students: row.students ?? 0 })),
        cells,
      }
    },
  }
}

/** See `createRollups`. */
export type Rollups = ReturnType<typeof createRollups>
