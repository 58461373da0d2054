import type { SignInMethod } from '@lectern/protocol'
import type { Selectable } from 'kysely'
import { hashSecret, newId, newSecret } from '../auth/secrets.ts'
import type { DirectoryParts, Tables } from './schema.ts'
import type { createUsers, UserRow } from './users.ts'

/** How long sessions last, in milliseconds. */
export interface SessionTimes {
  /** Without use. */
  readonly idleMs: number
  /** At all. */
  readonly absoluteMs: number
}

/** The times of a server that sets no others. */
export const SESSION_TIMES: SessionTimes = { idleMs: 12 * 3600_000, absoluteMs: 7 * 24 * 3600_000 }

/** The last use is written at most this often. */
const TOUCH_MS = 60_000
/** Age at which a secret is replaced by a new one. */
const RENEW_MS = 15 * 60_000
/** How long the one before still opens the session, for requests under way; also when a lost renewal is made again. */
const GRACE_MS = 60_000

type SessionRow = Selectable<Tables['sessions']>

/** Where somebody signed in or came back: an address and what kind of browser. */
export interface Whereabouts {
  readonly address: string
  readonly agent: string
}

/** A session that is valid now. */
export interface StaffSession {
  /** Not made of the secret. */
  readonly id: string
  readonly user: UserRow
  readonly method: SignInMethod
  /** When whoever uses it last proved who they are. */
  readonly confirmedAt: number
  readonly expires: number
}

/** What a secret opens: a session, with a new secret when it is time for one; or, replayed, the session that it ended. */
export type Found =
  | { session: StaffSession; renewed: string | undefined }
  | { replayed: string; user: string }
  | undefined

/** What a new session is made of. */
export interface NewSessionRow {
  readonly user: string
  readonly method: SignInMethod
  readonly where: Whereabouts
}

type Users = ReturnType<typeof createUsers>

/** Reading, and renewing, sessions by their secret. */
function createFind({ db, clock, random }: DirectoryParts, users: Users, times: SessionTimes) {
  const isOver = (row: SessionRow, now: number) =>
    now >= Math.min(row.created_at + times.absoluteMs, row.seen_at + times.idleMs)

  /** Gives the session a new secret, once, however many requests ask at the same time. */
  const renew = async (row: SessionRow, shown: string, now: number): Promise<string | undefined> => {
    const secret = newSecret(random)
    const renewed = await db
      .updateTable('sessions')
      .set({ hash: hashSecret(secret), previous_hash: shown, previous_until: null, renewed_at: now })
      .where('id', '=', row.id)
      .where('hash', '=', row.hash)
      .returning('id')
      .executeTakeFirst()
    return renewed ? secret : undefined
  }

  const touch = async (row: SessionRow, where: Whereabouts, now: number) => {
    const moved = row.seen_address !== where.address || row.seen_agent !== where.agent
    if (now - row.seen_at < TOUCH_MS && !moved) return
    const seen = { seen_at: now, seen_address: where.address, seen_agent: where.agent }
    await db.updateTable('sessions').set(seen).where('id', '=', row.id).execute()
  }

  /** True when the secret before the last renewal comes although the new one has long been in use. */
  const isReplay = (row: SessionRow, shown: string, now: number) =>
    row.hash !== shown && row.previous_until !== null && now >= row.previous_until

  return async (secret: string, where: Whereabouts): Promise<Found> => {
    const shown = hashSecret(secret)
    const row = await db
      .selectFrom('sessions')
      .selectAll()
      .where((is) => is.or([is('hash', '=', shown), is('previous_hash', '=', shown)]))
      .executeTakeFirst()
    const now = clock()
    if (!row || isOver(row, now)) return undefined
    if (isReplay(row, shown, now)) {
      await db.deleteFrom('sessions').where('id', '=', row.id).execute()
      return { replayed: row.id, user: row.user_id }
    }
    const user = await users.byId(row.user_id)
    if (!user || user.disabled_at !== null) return undefined
    await touch(row, where, now)
    const isCurrent = row.hash === shown
    if (isCurrent && row.previous_hash !== null && row.previous_until === null) {
      const until = { previous_until: now + GRACE_MS }
      await db.updateTable('sessions').set(until).where('id', '=', row.id).where('hash', '=', shown).execute()
    }
    const lost = !isCurrent && row.previous_until === null && now - row.renewed_at >= GRACE_MS
    const renewed = lost || (isCurrent && now - row.renewed_at >= RENEW_MS) ? await renew(row, shown, now) : undefined
    const expires = Math.min(row.created_at + times.absoluteMs, now + times.idleMs)
    const session = { id: row.id, user, method: row.method, confirmedAt: row.confirmed_at, expires }
    return { session, renewed }
  }
}

/** Sessions of the staff; kept by the hash of their secret, which changes while they last. */
export function createSessions(parts: DirectoryParts, users: Users, times: SessionTimes) {
  const { db, clock, random } = parts
  const ended = (rows: { id: string }[]) => rows.map(({ id }) => id)

  return {
    times,

    /** A new session, and its secret. */
    async create({ user, method, where: { address, agent } }: NewSessionRow): Promise<{ id: string; secret: string }> {
      const secret = newSecret(random)
      const id = newId(random, 'e')
      const now = clock()
      const began = { created_at: now, created_address: address, created_agent: agent }
      const seen = { seen_at: now, seen_address: address, seen_agent: agent, renewed_at: now, confirmed_at: now }
      const before = { previous_hash: null, previous_until: null }
      const row = { id, hash: hashSecret(secret), user_id: user, method, ...before, ...began, ...seen }
      await db.insertInto('sessions').values(row).execute()
      return { id, secret }
    },

    /** What a secret opens; notes that it was used. */
    find: createFind(parts, users, times),

    /** Sessions of a user that have not run out, the last used first. */
    list: (user: string): Promise<SessionRow[]> =>
      db
        .selectFrom('sessions')
        .selectAll()
        .where('user_id', '=', user)
        .where('created_at', '>', clock() - times.absoluteMs)
        .where('seen_at', '>', clock() - times.idleMs)
        .orderBy('seen_at', 'desc')
        .orderBy('id')
        .execute(),

    /** Ends the session of a secret, or the one before its renewal; gives its id. */
    async endBySecret(secret: string): Promise<string[]> {
      const hash = hashSecret(secret)
      const gone = db
        .deleteFrom('sessions')
        .where((is) => is.or([is('hash', '=', hash), is('previous_hash', '=', hash)]))
      return ended(await gone.returning('id').execute())
    },

    /** Ends one session of a user; gives its id, or nothing when there is none. */
    async end(user: string, id: string): Promise<string[]> {
      const gone = db.deleteFrom('sessions').where('user_id', '=', user).where('id', '=', id)
      return ended(await gone.returning('id').execute())
    },

    /** Ends all sessions of a user, but `except`; gives their ids. */
    async endAll(user: string, except = ''): Promise<string[]> {
      const gone = db.deleteFrom('sessions').where('user_id', '=', user).where('id', '!=', except)
      return ended(await gone.returning('id').execute())
    },

    /** Notes that whoever uses the session has proved again who they are. */
    async confirm(id: string): Promise<void> {
      await db.updateTable('sessions').set({ confirmed_at: clock() }).where('id', '=', id).execute()
    },

    /** Has every session of a user get a new secret with its next use. */
    async renewSoon(user: string): Promise<void> {
      await db.updateTable('sessions').set({ renewed_at: 0 }).where('user_id', '=', user).execute()
    },

    /** Lets every session of a user run out, for a process that can not close sockets; the next sweep does. */
    async lapse(user: string): Promise<void> {
      await db.updateTable('sessions').set({ seen_at: 0 }).where('user_id', '=', user).execute()
    },

    /** Ends every session whose time is over, or whose user was disabled; gives their ids. */
    async sweep(): Promise<string[]> {
      const now = clock()
      const over = db.deleteFrom('sessions').where((is) => {
        const disabled = is.selectFrom('users').select('id').where('disabled_at', 'is not', null)
        return is.or([
          is('created_at', '<=', now - times.absoluteMs),
          is('seen_at', '<=', now - times.idleMs),
          is('user_id', 'in', disabled),
        ])
      })
      return ended(await over.returning('id').execute())
    },
  }
}
