import { hash } from 'node:crypto'
import type { AuditAction, AuditAnswer, AuditEntry, AuditQuery, AuditVerdict } from '@lectern/protocol'
import { Kysely, SqliteDialect, type Selectable, type SqliteDatabase } from 'kysely'
import { CodedError } from '../errors.ts'
import { migrate } from '../store/migrate.ts'

interface Tables {
  entries: {
    n: number
    at: number
    actor: string
    action: AuditAction
    class_id: string | null
    target: string | null
    details: string
    hash: string
  }
}
type Row = Selectable<Tables['entries']>

/** Something that was done. `actor`: id of a member of staff or of a student, or one of the two that are no person. */
export interface Deed {
  actor: string
  action: AuditAction
  class?: string | undefined
  target?: string | undefined
  /** Facts without names or texts of people. */
  details?: AuditEntry['details']
}

interface AuditOptions {
  database: SqliteDatabase
  /** Milliseconds since the epoch. */
  clock: () => number
}

/** What the first entry is chained to. */
const BEGINNING = ''
const MOST = 100
const READ_AT_ONCE = 5_000

const hashOf = (
  before: string,
  { n, at, actor, action, class_id: classId, target, details }: Omit<Row, 'hash'>,
): string => hash('sha256', JSON.stringify([before, n, at, actor, action, classId, target, details]), 'base64url')

const entryOf = (row: Row): AuditEntry => ({
  n: row.n,
  at: row.at,
  actor: row.actor,
  action: row.action,
  ...(row.class_id === null ? {} : { class: row.class_id }),
  ...(row.target === null ? {} : { target: row.target }),
  details: JSON.parse(row.details) as AuditEntry['details'],
  hash: row.hash,
})

/** Walks the chain from its beginning. */
async function verify(db: Kysely<Tables>): Promise<AuditVerdict> {
  let head = BEGINNING
  let entries = 0
  for (;;) {
    const rows = await db
      .selectFrom('entries')
      .selectAll()
      .where('n', '>', entries)
      .orderBy('n')
      .limit(READ_AT_ONCE)
      .execute()
    for (const { hash: written, ...row } of rows) {
      if (row.n !== entries + 1 || written !== hashOf(head, row)) {
        return { entries, ok: false, firstBroken: entries + 1, head }
      }
      entries += 1
      head = written
    }
    if (rows.length < READ_AT_ONCE) return { entries, ok: true, head }
  }
}

/** Opens the audit over an open database and brings its schema up to date. */
export async function openAudit({ database, clock }: AuditOptions) {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  await migrate(db, { folder: new URL('migrations/', import.meta.url), clock })

  return {
    /** Adds an entry; resolves when it is on disk. What must not happen unseen waits for it. Throws `storage_unavailable`. */
    async record({ actor, action, class: classId, target, details = {} }: Deed): Promise<void> {
      const added = db.transaction().execute(async (tx) => {
        const last = await tx
          .selectFrom('entries')
          .select(['n', 'hash'])
          .orderBy('n', 'desc')
          .limit(1)
          .executeTakeFirst()
        const row = {
          n: (last?.n ?? 0) + 1,
          at: clock(),
          actor,
          action,
          class_id: classId ?? null,
          target: target ?? null,
          details: JSON.stringify(details),
        }
        await tx
          .insertInto('entries')
          .values({ ...row, hash: hashOf(last?.hash ?? BEGINNING, row) })
          .execute()
      })
      await added.catch((cause: unknown) => {
        throw new CodedError('storage_unavailable', 'No audit entry could be kept, and without one nothing is done.', {
          cause,
        })
      })
    },

    /** Entries that fit every given member, the newest first. */
    async find({
      actor,
      action,
      class: classId,
      target,
      from,
      to,
      before,
      limit = MOST,
    }: AuditQuery): Promise<AuditAnswer> {
      const equal = { actor, action, class_id: classId, target }
      let query = db
        .selectFrom('entries')
        .selectAll()
        .orderBy('n', 'desc')
        .limit(limit + 1)
      for (const [column, value] of Object.entries(equal)) {
        if (value !== undefined) query = query.where(column as keyof typeof equal, '=', value)
      }
      if (from !== undefined) query = query.where('at', '>=', from)
      if (to !== undefined) query = query.where('at', '<', to)
      if (before !== undefined) query = query.where('n', '<', before)
      const rows = await query.execute()
      const entries = rows.slice(0, limit).map(entryOf)
      const last = entries.at(-1)
      return { entries, ...(rows.length > limit && last ? { next: last.n } : {}) }
    },

    verify: () => verify(db),

    /** True if an entry has this hash: the chain was not cut off before it. */
    async holds(known: string): Promise<boolean> {
      return (await db.selectFrom('entries').select('n').where('hash', '=', known).executeTakeFirst()) !== undefined
    },

    /** Throws when the database does not answer. */
    async probe(): Promise<void> {
      await db.selectFrom('entries').select('n').limit(1).execute()
    },
    close: () => db.destroy(),
  }
}

/** See `openAudit`. */
export type Audit = Awaited<ReturnType<typeof openAudit>>
