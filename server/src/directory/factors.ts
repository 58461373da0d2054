import { hashSecret } from '../auth/secrets.ts'
import type { DirectoryParts } from './schema.ts'

/** Second factors as kept: sealed secrets of authenticator apps, hashes of recovery codes. */
export function createFactors({ db, clock }: DirectoryParts) {
  return {
    /** The sealed secret of a user, be it confirmed or not. */
    totp: (user: string) => db.selectFrom('totp').selectAll().where('user_id', '=', user).executeTakeFirst(),

    /** Keeps a secret that is not in force yet. */
    async prepare(user: string, sealed: string): Promise<void> {
      const row = { user_id: user, secret: sealed, created_at: clock(), confirmed_at: null, last_step: 0 }
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('totp').where('user_id', '=', user).where('confirmed_at', 'is', null).execute()
        await tx.insertInto('totp').values(row).execute()
      })
    },

    /** Uses up a time step; false when it, or a later one, was used before. */
    async useStep(user: string, step: number): Promise<boolean> {
      const later = db.updateTable('totp').set({ last_step: step }).where('user_id', '=', user)
      return (await later.where('last_step', '<', step).returning('user_id').executeTakeFirst()) !== undefined
    },

    /** Puts the secret in force, with recovery codes. */
    async confirm(user: string, codes: readonly string[]): Promise<void> {
      await db.updateTable('totp').set({ confirmed_at: clock() }).where('user_id', '=', user).execute()
      await this.replaceCodes(user, codes)
    },

    /** Puts new recovery codes in the place of all others. */
    async replaceCodes(user: string, codes: readonly string[]): Promise<void> {
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('recovery_codes').where('user_id', '=', user).execute()
        const rows = codes.map((code) => ({ user_id: user, hash: hashSecret(code) }))
        await tx.insertInto('recovery_codes').values(rows).execute()
      })
    },

    /** Uses a recovery code up; false when it is none. */
    async useCode(user: string, code: string): Promise<boolean> {
      const used = db.deleteFrom('recovery_codes').where('user_id', '=', user).where('hash', '=', hashSecret(code))
      return (await used.returning('hash').executeTakeFirst()) !== undefined
    },

    /** How many recovery codes are left. */
    async codesLeft(user: string): Promise<number> {
      const left = await db.selectFrom('recovery_codes').select('hash').where('user_id', '=', user).execute()
      return left.length
    },

    /** Takes the secret and the recovery codes away. */
    async remove(user: string): Promise<void> {
      await db.deleteFrom('totp').where('user_id', '=', user).execute()
      await db.deleteFrom('recovery_codes').where('user_id', '=', user).execute()
    },
  }
}
