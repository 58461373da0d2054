import { hashSecret, newSecret } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { DirectoryParts } from './schema.ts'
import type { createUsers, UserRow } from './users.ts'

const DAY_MS = 24 * 3600_000
/** How long links work: one for who has lost their way in, and one for who never had one. */
export const LINK_TIMES = { recoveryMs: DAY_MS, invitationMs: 7 * DAY_MS } as const
/** The name of the first administrator until another is given. */
const FIRST_NAME = 'Administrator'

/** Sign-in links, each for one use (SPEC AUT-2). */
export function createLinks({ db, clock, random }: DirectoryParts, users: ReturnType<typeof createUsers>) {
  return {
    /** A new link's secret for `user`, or for the first administrator (null); the one before ends. `forMs`: how long it works. */
    async create(user: string | null, forMs: number = LINK_TIMES.recoveryMs): Promise<string> {
      const secret = newSecret(random)
      const now = clock()
      await db
        .deleteFrom('sign_in_links')
        .where('user_id', user === null ? 'is' : '=', user)
        .execute()
      await db
        .insertInto('sign_in_links')
        .values({ hash: hashSecret(secret), user_id: user, created_at: now, expires_at: now + forMs })
        .execute()
      return secret
    },

    /** Ends the open link of a user. */
    async withdraw(user: string): Promise<void> {
      await db.deleteFrom('sign_in_links').where('user_id', '=', user).execute()
    },

    /** Uses a link up. Throws `link_invalid` when it was used, is too old, or never was. */
    async use(secret: string): Promise<UserRow> {
      const used = await db
        .deleteFrom('sign_in_links')
        .where('hash', '=', hashSecret(secret))
        .returning(['user_id', 'expires_at'])
        .executeTakeFirst()
      if (!used || used.expires_at < clock()) throw new CodedError('link_invalid')
      if (used.user_id === null) {
        const waiting = await users.waitingAdministrator()
        return waiting ?? users.create({ name: FIRST_NAME, email: null, role: 'admin' })
      }
      const user = await users.byId(used.user_id)
      if (!user || user.disabled_at !== null) throw new CodedError('link_invalid')
      return user
    },
  }
}
