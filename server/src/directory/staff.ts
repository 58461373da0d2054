import type { StaffUser } from '@lectern/protocol'
import type { Kysely, Selectable } from 'kysely'
import { hashSecret, newId, newSecret, type RandomBytes } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { Role, Tables } from './schema.ts'

/** A member of staff as kept; `password` is argon2id in PHC form. */
export type UserRow = Selectable<Tables['users']>

/** Lives of what opens the staff's side, in milliseconds. */
export const STAFF_TIMES = {
  linkMs: 24 * 3600_000,
  sessionIdleMs: 12 * 3600_000,
  sessionMs: 7 * 24 * 3600_000,
  /** A session's last use is written at most this often. */
  touchMs: 60_000,
} as const

/** A session that is valid now. `byLink`: begun with a printed link, so that a forgotten password can be replaced. */
export interface StaffSession {
  hash: string
  user: UserRow
  byLink: boolean
  expires: number
}

interface StaffOptions {
  db: Kysely<Tables>
  clock: () => number
  random: RandomBytes
}

/** The name of the first administrator until another is given. */
const FIRST_NAME = 'Administrator'

/** An address as it is compared and kept. */
export function normalEmail(email: string): string {
  return email.normalize('NFC').trim().toLowerCase()
}

/** What clients are told of a member of staff. */
export function staffUser(row: UserRow): StaffUser {
  return { id: row.id, name: row.name, email: row.email ?? '', role: row.role, passwordSet: row.password !== null }
}

/** Staff, their sessions and sign-in links. */
export function createStaff({ db, clock, random }: StaffOptions) {
  const byEmail = (email: string) =>
    db.selectFrom('users').selectAll().where('email', '=', normalEmail(email)).executeTakeFirst()
  const byId = (id: string) => db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()

  const create = async (user: { name: string; email: string | null; role: Role }): Promise<UserRow> => {
    const email = user.email === null ? null : normalEmail(user.email)
    const row: UserRow = { ...user, email, id: newId(random, 'u'), password: null, created_at: clock() }
    if (email !== null && (await byEmail(email))) throw new CodedError('conflict', `email: ${email} is already taken.`)
    await db.insertInto('users').values(row).execute()
    return row
  }

  /** The administrator whom a link without a user signs in: the one without a password, made if there is none. */
  const firstAdministrator = async (): Promise<UserRow> => {
    const waiting = db.selectFrom('users').selectAll().where('role', '=', 'admin').where('password', 'is', null)
    return (await waiting.executeTakeFirst()) ?? create({ name: FIRST_NAME, email: null, role: 'admin' })
  }

  return {
    byEmail,
    byId,
    create,
    list: () => db.selectFrom('users').selectAll().orderBy('created_at').execute(),

    /** True as soon as an administrator can sign in with a password. */
    async hasAdministrator(): Promise<boolean> {
      const found = db.selectFrom('users').select('id').where('role', '=', 'admin').where('password', 'is not', null)
      return (await found.executeTakeFirst()) !== undefined
    },

    /** A new link's secret for `user`, or for the first administrator; earlier ones of the same kind end (SPEC AUT-2). */
    async newLink(user: string | null): Promise<string> {
      const secret = newSecret(random)
      const now = clock()
      await db
        .deleteFrom('sign_in_links')
        .where('user_id', user === null ? 'is' : '=', user)
        .execute()
      await db
        .insertInto('sign_in_links')
        .values({ hash: hashSecret(secret), user_id: user, created_at: now, expires_at: now + STAFF_TIMES.linkMs })
        .execute()
      return secret
    },

    /** Uses a link up. Throws `link_invalid` when it was used, has expired or never was (SPEC AUT-2). */
    async useLink(secret: string): Promise<UserRow> {
      const used = await db
        .deleteFrom('sign_in_links')
        .where('hash', '=', hashSecret(secret))
        .returning(['user_id', 'expires_at'])
        .executeTakeFirst()
      if (!used || used.expires_at < clock()) throw new CodedError('link_invalid')
      const user = used.user_id === null ? await firstAdministrator() : await byId(used.user_id)
      if (!user) throw new CodedError('link_invalid')
      return user
    },

    /** A new session's secret; `replaces`, the hash of the one before, ends. */
    async newSession(user: string, byLink: boolean): Promise<string> {
      const secret = newSecret(random)
      const now = clock()
      await db
        .insertInto('sessions')
        .values({ hash: hashSecret(secret), user_id: user, by_link: byLink ? 1 : 0, created_at: now, seen_at: now })
        .execute()
      return secret
    },

    /** The session of a cookie, or undefined when there is none such or it has ended; notes that it was used. */
    async session(secret: string): Promise<StaffSession | undefined> {
      const hash = hashSecret(secret)
      const row = await db.selectFrom('sessions').selectAll().where('hash', '=', hash).executeTakeFirst()
      if (!row) return undefined
      const now = clock()
      const end = row.created_at + STAFF_TIMES.sessionMs
      if (now >= Math.min(end, row.seen_at + STAFF_TIMES.sessionIdleMs)) return undefined
      const user = await byId(row.user_id)
      if (!user) return undefined
      if (now - row.seen_at >= STAFF_TIMES.touchMs) {
        await db.updateTable('sessions').set({ seen_at: now }).where('hash', '=', hash).execute()
      }
      const expires = Math.min(end, now + STAFF_TIMES.sessionIdleMs)
      return { hash, user, byLink: row.by_link === 1, expires }
    },

    /** Ends one session. */
    async endSession(hash: string): Promise<void> {
      await db.deleteFrom('sessions').where('hash', '=', hash).execute()
    },

    /** Ends all sessions of a user; gives their hashes. */
    async endSessions(user: string): Promise<string[]> {
      const ended = await db.deleteFrom('sessions').where('user_id', '=', user).returning('hash').execute()
      return ended.map(({ hash }) => hash)
    },

    /** Ends every session whose time is over; gives their hashes. */
    async sweepSessions(): Promise<string[]> {
      const now = clock()
      const ended = await db
        .deleteFrom('sessions')
        .where((where) =>
          where.or([
            where('created_at', '<=', now - STAFF_TIMES.sessionMs),
            where('seen_at', '<=', now - STAFF_TIMES.sessionIdleMs),
          ]),
        )
        .returning('hash')
        .execute()
      return ended.map(({ hash }) => hash)
    },

    /** Changes a user. Throws `conflict` when the address belongs to another. */
    async update(id: string, change: { name?: string; email?: string; password?: string }): Promise<UserRow> {
      const email = change.email === undefined ? undefined : normalEmail(change.email)
      const owner = email === undefined ? undefined : await byEmail(email)
      if (owner && owner.id !== id) throw new CodedError('conflict', `email: ${email} is already taken.`)
      const set = { ...change, ...(email === undefined ? {} : { email }) }
      return db.updateTable('users').set(set).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
    },
  }
}

/** See `createStaff`. */
export type Staff = ReturnType<typeof createStaff>
