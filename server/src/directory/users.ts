import type { StaffRole, StaffUser } from '@lectern/protocol'
import type { Selectable } from 'kysely'
import { newId } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { DirectoryParts, Tables } from './schema.ts'

/** A member of staff as kept; `password` is argon2id in PHC form. */
export type UserRow = Selectable<Tables['users']>

/** An address as it is compared and kept. */
export function normalEmail(email: string): string {
  return email.normalize('NFC').trim().toLowerCase()
}

/** What clients are told of a member of staff. */
export function staffUser(row: UserRow): StaffUser {
  return { id: row.id, name: row.name, email: row.email ?? '', role: row.role, passwordSet: row.password !== null }
}

/** The staff. */
export function createUsers({ db, clock, random }: DirectoryParts) {
  const byEmail = (email: string): Promise<UserRow | undefined> =>
    db.selectFrom('users').selectAll().where('email', '=', normalEmail(email)).executeTakeFirst()

  return {
    byEmail,
    byId: (id: string): Promise<UserRow | undefined> =>
      db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst(),
    list: (): Promise<UserRow[]> => db.selectFrom('users').selectAll().orderBy('created_at').execute(),

    /** Throws `conflict` when the address is taken. */
    async create(user: { name: string; email: string | null; role: StaffRole }): Promise<UserRow> {
      const email = user.email === null ? null : normalEmail(user.email)
      if (email !== null && (await byEmail(email))) throw new CodedError('conflict', `email: ${email} is taken.`)
      const row: UserRow = {
        ...user,
        email,
        id: newId(random, 'u'),
        password: null,
        created_at: clock(),
        disabled_at: null,
      }
      await db.insertInto('users').values(row).execute()
      return row
    },

    /** An administrator who has not set a password yet. */
    waitingAdministrator: (): Promise<UserRow | undefined> =>
      db
        .selectFrom('users')
        .selectAll()
        .where('role', '=', 'admin')
        .where('password', 'is', null)
        .orderBy('created_at')
        .executeTakeFirst(),

    /** True as soon as an administrator can sign in with a password. */
    async hasAdministrator(): Promise<boolean> {
      const found = db.selectFrom('users').select('id').where('role', '=', 'admin').where('password', 'is not', null)
      return (await found.executeTakeFirst()) !== undefined
    },

    /** Throws `conflict` when the address belongs to another. */
    async update(id: string, change: { name?: string; email?: string; password?: string }): Promise<UserRow> {
      const email = change.email === undefined ? undefined : normalEmail(change.email)
      const owner = email === undefined ? undefined : await byEmail(email)
      if (owner && owner.id !== id) throw new CodedError('conflict', `email: ${email} is taken.`)
      const set = { ...change, ...(email === undefined ? {} : { email }) }
      return db.updateTable('users').set(set).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
    },
  }
}
