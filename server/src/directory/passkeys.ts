import type { PasskeyInfo } from '@lectern/protocol'
import type { Selectable } from 'kysely'
import { CodedError } from '../errors.ts'
import type { DirectoryParts, Tables } from './schema.ts'

/** A passkey as kept; `transports` is JSON, `public_key` base64url of its COSE form. */
export type PasskeyRow = Selectable<Tables['passkeys']>

/** What its owner is told of a passkey. */
export const passkeyInfo = (row: PasskeyRow): PasskeyInfo => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
  ...(row.used_at === null ? {} : { usedAt: row.used_at }),
})

/** Passkeys of the staff. */
export function createPasskeys({ db, clock }: DirectoryParts) {
  return {
    byId: (id: string): Promise<PasskeyRow | undefined> =>
      db.selectFrom('passkeys').selectAll().where('id', '=', id).executeTakeFirst(),

    list: (user: string): Promise<PasskeyRow[]> =>
      db.selectFrom('passkeys').selectAll().where('user_id', '=', user).orderBy('created_at').orderBy('id').execute(),

    /** Throws `conflict` when the passkey is known. */
    async add(passkey: Omit<PasskeyRow, 'created_at' | 'used_at'>): Promise<PasskeyRow> {
      if (await this.byId(passkey.id)) throw new CodedError('conflict', 'This passkey is registered already.')
      const row = { ...passkey, created_at: clock(), used_at: null }
      await db.insertInto('passkeys').values(row).execute()
      return row
    },

    /** Throws `not_found`. */
    async rename(user: string, id: string, name: string): Promise<PasskeyRow> {
      const set = db.updateTable('passkeys').set({ name }).where('user_id', '=', user).where('id', '=', id)
      const renamed = await set.returningAll().executeTakeFirst()
      if (!renamed) throw new CodedError('not_found', 'There is no such passkey.')
      return renamed
    },

    /** Throws `not_found`. */
    async remove(user: string, id: string): Promise<void> {
      const gone = db.deleteFrom('passkeys').where('user_id', '=', user).where('id', '=', id)
      if (!(await gone.returning('id').executeTakeFirst())) {
        throw new CodedError('not_found', 'There is no such passkey.')
      }
    },

    /** Notes a use, and how often the authenticator says that it was used. */
    async used(id: string, counter: number): Promise<void> {
      await db.updateTable('passkeys').set({ counter, used_at: clock() }).where('id', '=', id).execute()
    },
  }
}
