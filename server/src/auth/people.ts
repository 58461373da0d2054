import type { NewPerson, Person, PersonEdit, RecoveryRequest } from '@lectern/protocol'
import type { Directory } from '../directory/directory.ts'
import { LINK_TIMES } from '../directory/links.ts'
import type { PersonRow, UserRow } from '../directory/users.ts'
import { CodedError } from '../errors.ts'

interface StaffOptions {
  directory: Directory
  /** Milliseconds since the epoch. */
  clock: () => number
  /** Ends all sessions of a user. */
  endSessions: (user: string) => Promise<unknown>
}

/** A link for a member of staff; `secret` is not kept anywhere. */
export interface StaffLink {
  readonly user: UserRow
  readonly secret: string
  readonly expires: number
}

/** Where the dashboard takes a link. The secret stands in the fragment, which browsers do not send and servers do not log. */
export const linkPath = (secret: string) => `/#/welcome?link=${secret}`

/** What administrators are told of a member of staff. */
export const personOf = (row: PersonRow): Person => ({
  id: row.id,
  name: row.name,
  email: row.email ?? '',
  role: row.role,
  createdAt: row.created_at,
  ...(row.signed_in_at === null ? {} : { signedInAt: row.signed_in_at }),
  ...(row.disabled_at === null ? {} : { disabledAt: row.disabled_at }),
  waiting: row.password === null && !row.passkeys && !row.identities,
  secondFactor: row.totp !== null,
  passkeys: row.passkeys ?? 0,
})

/** Accounts of the staff, as administrators keep them. */
export function createStaff({ directory, clock, endSessions }: StaffOptions) {
  const { users, links } = directory

  /** Throws `not_found`. */
  const get = async (id: string): Promise<UserRow> => {
    const user = await users.byId(id)
    if (!user) throw new CodedError('not_found', 'There is no such member of staff.')
    return user
  }

  const link = async (user: UserRow, forMs: number): Promise<StaffLink> => {
    const expires = clock() + forMs
    return { user, secret: await links.create(user.id, forMs), expires }
  }

  const endEverywhere = async (user: string) => {
    await endSessions(user)
    await directory.devices.forget(user)
  }

  return {
    /** Throws `not_found`. */
    async person(id: string): Promise<Person> {
      const found = (await users.people()).find((row) => row.id === id)
      if (!found) throw new CodedError('not_found', 'There is no such member of staff.')
      return personOf(found)
    },

    list: async (): Promise<Person[]> => (await users.people()).map(personOf),

    /** Makes an account, and a link to set it up with. Throws `conflict` when the address is taken. */
    async invite({ name, email, role }: NewPerson): Promise<StaffLink> {
      return link(await users.create({ name: name.trim(), email, role }), LINK_TIMES.invitationMs)
    },

    /** Throws `not_found`, `conflict`, `last_administrator`. */
    async edit(id: string, { name, email, role, disabled }: PersonEdit): Promise<{ before: UserRow; after: UserRow }> {
      const before = await get(id)
      const losesRole = role !== undefined && role !== before.role
      const isDisabled = disabled === true && before.disabled_at === null
      const wasAble = before.role === 'admin' && before.disabled_at === null
      if (wasAble && (losesRole || isDisabled) && !(await users.hasAdministrator(id))) {
        throw new CodedError('last_administrator')
      }
      const after = await users.update(id, {
        name: name?.trim() ?? before.name,
        ...(email === undefined ? {} : { email }),
        role: role ?? before.role,
        disabled_at: disabled === undefined ? before.disabled_at : disabled ? (before.disabled_at ?? clock()) : null,
      })
      if (losesRole) await endSessions(id)
      if (isDisabled) {
        await endEverywhere(id)
        await links.withdraw(id)
      }
      return { before, after }
    },

    /** A link for who has lost their way in; sessions and second factors stay unless asked. Throws `not_found`, `conflict`. */
    async recover(
      id: string,
      { endSessions: ends = false, removeFactors = false }: RecoveryRequest,
    ): Promise<StaffLink> {
      const user = await get(id)
      if (user.disabled_at !== null) throw new CodedError('conflict', 'The account is disabled; enable it first.')
      if (ends) await endEverywhere(id)
      if (removeFactors) await users.removeFactors(id)
      const isNew = user.signed_in_at === null
      return link(user, isNew ? LINK_TIMES.invitationMs : LINK_TIMES.recoveryMs)
    },
  }
}
