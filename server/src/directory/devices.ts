import { hashSecret, newSecret } from '../auth/secrets.ts'
import type { DirectoryParts } from './schema.ts'

/** How long a browser is known after its last sign-in. */
export const DEVICE_MS = 180 * 24 * 3600_000
const MOST_DEVICES = 10

/** Browsers in which somebody has signed in before, so that guesses made elsewhere do not slow them down. */
export function createDevices({ db, clock, random }: DirectoryParts) {
  return {
    /** Whose browser this is; undefined when it is not known, or not any more. */
    async owner(secret: string): Promise<string | undefined> {
      const known = db.selectFrom('known_devices').select('user_id').where('hash', '=', hashSecret(secret))
      return (await known.where('seen_at', '>', clock() - DEVICE_MS).executeTakeFirst())?.user_id
    },

    /** Makes a browser known; gives its secret. The longest unused of a user's browsers are forgotten. */
    async remember(user: string, shown: string | undefined): Promise<string> {
      const now = clock()
      const known = shown !== undefined && (await this.owner(shown)) === user ? shown : undefined
      const secret = known ?? newSecret(random)
      const row = { hash: hashSecret(secret), user_id: user, seen_at: now }
      await db
        .insertInto('known_devices')
        .values(row)
        .onConflict((clash) => clash.column('hash').doUpdateSet({ seen_at: now }))
        .execute()
      const mine = db.selectFrom('known_devices').select('hash').where('user_id', '=', user)
      const kept = mine.orderBy('seen_at', 'desc').limit(MOST_DEVICES)
      await db.deleteFrom('known_devices').where('user_id', '=', user).where('hash', 'not in', kept).execute()
      return secret
    },

    /** Forgets every browser of a user. */
    async forget(user: string): Promise<void> {
      await db.deleteFrom('known_devices').where('user_id', '=', user).execute()
    },
  }
}
