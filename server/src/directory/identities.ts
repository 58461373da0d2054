import type { DirectoryParts } from './schema.ts'
import type { createUsers, UserRow } from './users.ts'

/** Accounts elsewhere, by issuer and subject, and whose they are here. */
export function createIdentities({ db, clock }: DirectoryParts, users: ReturnType<typeof createUsers>) {
  return {
    /** Who signs in with this account. */
    async owner(issuer: string, subject: string): Promise<UserRow | undefined> {
      const known = db.selectFrom('identities').select('user_id').where('issuer', '=', issuer)
      const row = await known.where('subject', '=', subject).executeTakeFirst()
      return row && users.byId(row.user_id)
    },

    /** Binds an account elsewhere to a user. */
    async link(issuer: string, subject: string, user: string): Promise<void> {
      const row = { issuer, subject, user_id: user, created_at: clock() }
      await db
        .insertInto('identities')
        .values(row)
        .onConflict((clash) => clash.doNothing())
        .execute()
    },
  }
}
