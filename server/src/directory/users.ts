import type { StaffRole, StaffUser } from '@lectern/protocol'
import type { Selectable } from 'kysely'
import { newId } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { DirectoryParts, Tables } from './schema.ts'

/** A member of staff as kept; `password` is argon2id in PHC form. */
export type UserRow = Selectable<Tables['users']>

/** A member of staff with what they sign in with; `totp`: since when they have a second factor. */
export type PersonRow = UserRow & { passkeys: number | null; identities: number | null; totp: number | null }

/** What may be changed of a member of staff. */
export interface UserChange {
  name?: string
  email?: string
  password?: string
  role?: StaffRole
  disabled_at?: number | null
}

/** An address as it is compared and kept. */
export function normalEmail(email: string): string {
  return email.normalize('NFC').trim().toLowerCase()
}

/** What clients are told of a member of staff. */
export function staffUser(row: UserRow): StaffUser {
  return { id: row.id, name: row.name, email: row.email ?? '', role: row.role, passwordSet: row.password !== null }
}

const NEW = { password: null, disabled_at: null, signed_in_at: null } as const

const taken = (email: string | null) => new CodedError('conflict', `email: ${email} is taken.`)

/** The staff. */
export function createUsers({ db, clock, random }: DirectoryParts) {
  const byEmail = (email: string): Promise<UserRow | undefined> =>
    db.selectFrom('users').selectAll().where('email', '=', normalEmail(email)).executeTakeFirst()

  return {
    byEmail,
    byId: (id: string): Promise<UserRow | undefined> =>
      db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst(),
    /** What a member of staff is called; undefined where there is none of that id. */
    nameOf: async (id: string): Promise<string | undefined> =>
      (await db.selectFrom('users').select('name').where('id', '=', id).executeTakeFirst())?.name,
    list: (): Promise<UserRow[]> => db.selectFrom('users').selectAll().orderBy('created_at').execute(),

    /** Throws `conflict` when the address is taken. */
    async create(user: { name: string; email: string | null; role: StaffRole }): Promise<UserRow> {
      const email = user.email === null ? null : normalEmail(user.email)
      if (email !== null && (await byEmail(email))) throw taken(email)
      const row: UserRow = {
        ...user,
        email,
        id: newId(random, 'u'),
        created_at: clock(),
        ...NEW,
      }
      // Of two at the same time, one finds the address taken.
      const made = db
        .insertInto('users')
        .values(row)
        .onConflict((clash) => clash.column('email').doNothing())
      if (!(await made.returning('id').executeTakeFirst())) throw taken(email)
      return row
    },

    /** An administrator who has no way to sign in yet. */
    waitingAdministrator: (): Promise<UserRow | undefined> =>
      db
        .selectFrom('users')
        .selectAll()
        .where('role', '=', 'admin')
        .where('password', 'is', null)
        .where('disabled_at', 'is', null)
        .where('id', 'not in', db.selectFrom('passkeys').select('user_id'))
        .where('id', 'not in', db.selectFrom('identities').select('user_id'))
        .orderBy('created_at')
        .executeTakeFirst(),

    /** True as soon as an administrator, other than `except`, can sign in without a link. */
    async hasAdministrator(except = ''): Promise<boolean> {
      const admins = db.selectFrom('users').select('id').where('role', '=', 'admin').where('disabled_at', 'is', null)
      const able = admins.where('id', '!=', except).where((is) => {
        const passkey = is.selectFrom('passkeys').select('id').whereRef('user_id', '=', 'users.id')
        const identity = is.selectFrom('identities').select('subject').whereRef('user_id', '=', 'users.id')
        return is.or([is('password', 'is not', null), is.exists(passkey), is.exists(identity)])
      })
      return (await able.executeTakeFirst()) !== undefined
    },

    /** Notes a sign-in. */
    async signedIn(id: string): Promise<void> {
      await db.updateTable('users').set({ signed_in_at: clock() }).where('id', '=', id).execute()
    },

    /** Takes second factor, recovery codes and passkeys of a user away. */
    async removeFactors(id: string): Promise<void> {
      await db.transaction().execute(async (tx) => {
        for (const table of ['totp', 'recovery_codes', 'passkeys'] as const) {
          await tx.deleteFrom(table).where('user_id', '=', id).execute()
        }
      })
    },

    /** Every member of staff with what they sign in with, the oldest first. */
    people: (): Promise<PersonRow[]> =>
      db
        .selectFrom('users')
        .selectAll('users')
        .select((of) => [
          of
            .selectFrom('passkeys')
            .select(({ fn }) => fn.countAll<number>().as('n'))
            .whereRef('user_id', '=', 'users.id')
            .as('passkeys'),
          of
            .selectFrom('identities')
            .select(({ fn }) => fn.countAll<number>().as('n'))
            .whereRef('user_id', '=', 'users.id')
            .as('identities'),
          of.selectFrom('totp').select('confirmed_at').whereRef('user_id', '=', 'users.id').as('totp'),
        ])
        .orderBy('created_at')
        .orderBy('id')
        .execute(),

    /** Throws `conflict` when the address belongs to another. */
    async update(id: string, change: UserChange): Promise<UserRow> {
      const email = change.email === undefined ? undefined : normalEmail(change.email)
      const owner = email === undefined ? undefined : await byEmail(email)
      if (owner && owner.id !== id) throw taken(email ?? null)
      const set = { ...change, ...(email === undefined ? {} : { email }) }
      return db.updateTable('users').set(set).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
    },
  }
}
