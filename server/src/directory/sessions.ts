import { hashSecret, newSecret } from '../auth/secrets.ts'
import type { DirectoryParts } from './schema.ts'
import type { createUsers, UserRow } from './users.ts'

/** How long a session lasts, in milliseconds: without use, and at all. */
export const SESSION_TIMES = {
  idleMs: 12 * 3600_000,
  absoluteMs: 7 * 24 * 3600_000,
  /** Its last use is written at most this often. */
  touchMs: 60_000,
} as const

/** A session that is valid now. `byLink`: begun with a printed link, so that a forgotten password can be replaced. */
export interface StaffSession {
  hash: string
  user: UserRow
  byLink: boolean
  expires: number
}

/** Sessions of the staff; kept by the hash of their secret. */
export function createSessions({ db, clock, random }: DirectoryParts, users: ReturnType<typeof createUsers>) {
  return {
    /** A new session's secret. */
    async create(user: string, byLink: boolean): Promise<string> {
      const secret = newSecret(random)
      const now = clock()
      await db
        .insertInto('sessions')
        .values({ hash: hashSecret(secret), user_id: user, by_link: byLink ? 1 : 0, created_at: now, seen_at: now })
        .execute()
      return secret
    },

    /** The session of a secret, or undefined when there is none or its time is over; notes that it was used. */
    async find(secret: string): Promise<StaffSession | undefined> {
      const hash = hashSecret(secret)
      const row = await db.selectFrom('sessions').selectAll().where('hash', '=', hash).executeTakeFirst()
      if (!row) return undefined
      const now = clock()
      const end = row.created_at + SESSION_TIMES.absoluteMs
      if (now >= Math.min(end, row.seen_at + SESSION_TIMES.idleMs)) return undefined
      const user = await users.byId(row.user_id)
      if (!user) return undefined
      if (now - row.seen_at >= SESSION_TIMES.touchMs) {
        await db.updateTable('sessions').set({ seen_at: now }).where('hash', '=', hash).execute()
      }
      return { hash, user, byLink: row.by_link === 1, expires: Math.min(end, now + SESSION_TIMES.idleMs) }
    },

    async end(hash: string): Promise<void> {
      await db.deleteFrom('sessions').where('hash', '=', hash).execute()
    },

    /** Ends all sessions of a user; gives their hashes. */
    async endAll(user: string): Promise<string[]> {
      const ended = await db.deleteFrom('sessions').where('user_id', '=', user).returning('hash').execute()
      return ended.map(({ hash }) => hash)
    },

    /** Ends every session whose time is over; gives their hashes. */
    async sweep(): Promise<string[]> {
      const now = clock()
      const ended = await db
        .deleteFrom('sessions')
        .where((where) =>
          where.or([
            where('created_at', '<=', now - SESSION_TIMES.absoluteMs),
            where('seen_at', '<=', now - SESSION_TIMES.idleMs),
          ]),
        )
        .returning('hash')
        .execute()
      return ended.map(({ hash }) => hash)
    },
  }
}
