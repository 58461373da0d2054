import type { JobInfo, JobsAnswer } from '@lectern/protocol'
import { sql, type Selectable } from 'kysely'
import { CodedError } from '../errors.ts'
import { backOff, isRetried, POLICY, reasonOf, type ErrorPolicy } from './policy.ts'
import type { WorkDatabase, WorkTables } from './schema.ts'

/** A row of `jobs`. */
export type JobRow = Selectable<WorkTables['jobs']>

/** A job to be done. */
export interface NewJob {
  kind: string
  payload: object
  priority?: number
  maxAttempts?: number
  /** While a job with this key waits or runs, adding another gives that one. */
  key?: string
}

interface JobsOptions {
  db: WorkDatabase
  /** Milliseconds since the epoch. */
  clock: () => number
  random: () => number
  policy?: ErrorPolicy
}

/** Called within the transaction that ends the job: what it writes is there exactly when the job is done. */
export type Effect = (tx: WorkDatabase, job: JobRow, result: unknown) => Promise<void>

const KEPT_MS = 7 * 24 * 3_600_000
const DEFAULT_ATTEMPTS = 5

/** A row as the system page shows it. */
export function jobInfo(row: JobRow): JobInfo {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    priority: row.priority,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    createdAt: row.created_at,
    dueAt: row.due_at,
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.result === null ? {} : { result: JSON.parse(row.result) as unknown }),
  }
}

function createQueue({ db, clock, random, policy = POLICY }: JobsOptions) {
  return {
    async add({ kind, payload, priority = 0, maxAttempts = DEFAULT_ATTEMPTS, key }: NewJob): Promise<JobRow> {
      return db.transaction().execute(async (tx) => {
        const same =
          key !== undefined &&
          (await tx
            .selectFrom('jobs')
            .selectAll()
            .where('key', '=', key)
            .where('state', 'in', ['waiting', 'running'])
            .executeTakeFirst())
        if (same) return same
        const at = clock()
        const values = {
          kind,
          key: key ?? null,
          payload: JSON.stringify(payload),
          state: 'waiting' as const,
          priority,
          attempts: 0,
          max_attempts: maxAttempts,
          created_at: at,
          due_at: at,
        }
        return tx.insertInto('jobs').values(values).returningAll().executeTakeFirstOrThrow()
      })
    },

    /** Takes the most urgent jobs that are due, the oldest first among equals, none of kinds that are put off. Each counts an attempt. */
    async claim(most: number, putOff: readonly string[] = []): Promise<JobRow[]> {
      const at = clock()
      return db.transaction().execute(async (tx) => {
        const due = await tx
          .selectFrom('jobs')
          .select('id')
          .where('state', '=', 'waiting')
          .where('due_at', '<=', at)
          .where('kind', 'not in', putOff.length > 0 ? [...putOff] : [''])
          .orderBy('priority', 'desc')
          .orderBy('due_at')
          .orderBy('id')
          .limit(most)
          .execute()
        if (due.length === 0) return []
        const ids = due.map(({ id }) => id)
        const claimed = await tx
          .updateTable('jobs')
          .set((eb) => ({ state: 'running', started_at: at, attempts: eb('attempts', '+', 1) }))
          .where('id', 'in', ids)
          .returningAll()
          .execute()
        return claimed.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
      })
    },

    /** Ends a job well. A second word on the same attempt, or one on an attempt that was given up, has no effect: false. */
    async finish({ id, attempts }: JobRow, result: unknown, effect?: Effect): Promise<boolean> {
      return db.transaction().execute(async (tx) => {
        const ended = await tx
          .updateTable('jobs')
          .set({ state: 'done', ended_at: clock(), reason: null, result: JSON.stringify(result ?? null) })
          .where('id', '=', id)
          .where('attempts', '=', attempts)
          .where('state', '=', 'running')
          .returningAll()
          .executeTakeFirst()
        if (ended) await effect?.(tx, ended, result)
        return ended !== undefined
      })
    },

    /** Ends an attempt badly: the job is tried again later, or is dead when nothing is left to try. Gives the row as it is then. */
    async fail({ id, attempts, max_attempts: most }: JobRow, error: unknown): Promise<JobRow | undefined> {
      const again = attempts < most && isRetried(error)
      const at = clock()
      return db
        .updateTable('jobs')
        .set({
          state: again ? 'waiting' : 'dead',
          reason: reasonOf(error),
          due_at: again ? at + backOff(policy, attempts, random) : at,
          ended_at: again ? null : at,
        })
        .where('id', '=', id)
        .where('attempts', '=', attempts)
        .where('state', '=', 'running')
        .returningAll()
        .executeTakeFirst()
    },

    /** Hands attempts back that were broken off; they do not count. */
    async handBack(ids: readonly number[]): Promise<void> {
      await db
        .updateTable('jobs')
        .set((eb) => ({ state: 'waiting', due_at: clock(), attempts: eb('attempts', '-', 1) }))
        .where('state', '=', 'running')
        .where('id', 'in', [...ids])
        .execute()
    },

    /**
     * Takes up what ran when the last process was killed. The attempt counts: a job that ends the whole process must
     * not do so at every start for ever.
     */
    async takeOver(): Promise<void> {
      const at = clock()
      const left = sql<boolean>`attempts < max_attempts`
      await db
        .updateTable('jobs')
        .set({
          state: sql`CASE WHEN ${left} THEN 'waiting' ELSE 'dead' END`,
          ended_at: sql`CASE WHEN ${left} THEN NULL ELSE ${at} END`,
          due_at: at,
          reason: 'The server ended under the job.',
        })
        .where('state', '=', 'running')
        .execute()
    },
  }
}

/** What is looked at and done by hand. */
function createDesk({ db, clock }: JobsOptions) {
  async function get(id: number): Promise<JobRow> {
    const row = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw new CodedError('not_found', `There is no job ${id}.`)
    return row
  }

  return {
    get,

    /** Lets a dead job be tried again from the beginning. Throws `not_found`, or `conflict` when it is not dead. */
    async replay(id: number): Promise<JobRow> {
      const { state } = await get(id)
      if (state !== 'dead') throw new CodedError('conflict', `Job ${id} is ${state}; only a dead one can be replayed.`)
      return db
        .updateTable('jobs')
        .set({ state: 'waiting', attempts: 0, due_at: clock(), started_at: null, ended_at: null, result: null })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow()
    },

    /** Removes a job. Throws `not_found`, or `conflict` while it runs. */
    async remove(id: number): Promise<JobRow> {
      const row = await get(id)
      if (row.state === 'running') throw new CodedError('conflict', `Job ${id} runs; wait until it has ended.`)
      await db.deleteFrom('jobs').where('id', '=', id).execute()
      return row
    },

    /** Every job that came to an end. */
    async ended(): Promise<JobRow[]> {
      return db.selectFrom('jobs').selectAll().where('state', 'in', ['done', 'dead']).execute()
    },

    /** All of a kind, the newest first. */
    async ofKind(kind: string): Promise<JobRow[]> {
      return db.selectFrom('jobs').selectAll().where('kind', '=', kind).orderBy('id', 'desc').execute()
    },

    /** The newest first. */
    async list({ state, limit }: { state?: JobInfo['state'] | undefined; limit: number }): Promise<JobRow[]> {
      const query = db.selectFrom('jobs').selectAll().orderBy('id', 'desc').limit(limit)
      return (state ? query.where('state', '=', state) : query).execute()
    },

    async counts(): Promise<JobsAnswer['counts']> {
      const rows = await db
        .selectFrom('jobs')
        .select(['state', sql<number>`count(*)`.as('count')])
        .groupBy('state')
        .execute()
      const found = Object.fromEntries(rows.map(({ state, count }) => [state, count]))
      return { waiting: 0, running: 0, done: 0, dead: 0, ...found }
    },

    /** Since when the oldest job has waited that is due, of kinds that are not put off. */
    async oldestMs(putOff: readonly string[] = []): Promise<number> {
      const row = await db
        .selectFrom('jobs')
        .select((eb) => eb.fn.min('due_at').as('next'))
        .where('state', '=', 'waiting')
        .where('kind', 'not in', putOff.length > 0 ? [...putOff] : [''])
        .executeTakeFirst()
      return row?.next === null || row?.next === undefined ? 0 : Math.max(0, clock() - row.next)
    },

    /** Forgets jobs that were done long ago, but none of the kinds that are kept, and gives them. Dead ones stay until somebody looks at them. */
    async sweep(kept: readonly string[] = []): Promise<JobRow[]> {
      return db
        .deleteFrom('jobs')
        .where('state', '=', 'done')
        .where('kind', 'not in', kept.length > 0 ? [...kept] : [''])
        .where('ended_at', '<', clock() - KEPT_MS)
        .returningAll()
        .execute()
    },
  }
}

/** The jobs as rows: added, claimed, ended, each in one durable step. Threads do not come near them. */
export function createJobs(options: JobsOptions) {
  return { ...createQueue(options), ...createDesk(options) }
}

/** See `createJobs`. */
export type Jobs = ReturnType<typeof createJobs>
