import {
  ByLink,
  ByPasskey,
  ByPassword,
  type ConfirmRequest,
  type SecondFactorNeeded,
  type SecondFactorRequest,
  type SignInMethod,
  type SignInRequest,
} from '@lectern/protocol'
import { Value } from 'typebox/value'
import type { Directory } from '../directory/directory.ts'
import type { StaffSession, Whereabouts } from '../directory/sessions.ts'
import type { UserRow } from '../directory/users.ts'
import { CodedError } from '../errors.ts'
import type { Guesses } from './guesses.ts'
import type { PasskeySignIn, RelyingParty } from './passkeys.ts'
import type { Passwords } from './passwords.ts'
import type { SecondFactor } from './second-factor.ts'

interface AccountsOptions {
  directory: Directory
  passwords: Passwords
  passkeys: PasskeySignIn
  second: SecondFactor
  guesses: Guesses
  /** Milliseconds since the epoch. */
  clock: () => number
  /** Told the ids of sessions that have ended. */
  onSessionsEnded: (ids: readonly string[]) => void
}

/** Where somebody signs in, and the secrets that their browser showed: of a session, and of a known browser. */
export interface Visit extends Whereabouts {
  readonly before: string | undefined
  readonly device: string | undefined
  /** Undefined where there can be no passkeys. */
  readonly party: RelyingParty | undefined
}

/** A new session: its user, and the secrets for the cookies. */
export interface NewSession {
  readonly user: UserRow
  readonly id: string
  readonly method: SignInMethod
  readonly secret: string
  /** Makes the browser known; undefined when it proved nothing here. */
  readonly device: string | undefined
}

/** What a sign-in leads to: a session, or the question for a second factor. */
export type SignInOutcome = NewSession | { readonly user: UserRow; readonly needed: SecondFactorNeeded }

/** How long after a sign-in by link a password may be set without the one before. */
const LINK_TRUST_MS = 3600_000

/** A change of one's own account. */
export interface PasswordChange {
  password: string
  current?: string
  name?: string
  email?: string
}

/** Signing in and out of staff, and their passwords. */
export function createAccounts(options: AccountsOptions) {
  const { directory, passwords, passkeys, second, guesses, clock, onSessionsEnded } = options
  const { users, links, sessions, devices } = directory

  /** Throws `wrong_credentials`; takes as long for an address that nobody has. */
  const byPassword = async (email: string, password: string): Promise<UserRow> => {
    const user = await users.byEmail(email)
    const right = await passwords.verify(user?.password, password)
    if (!right || !user || user.disabled_at !== null) throw new CodedError('wrong_credentials')
    return user
  }

  /** Begins a session; the one before ends, so that no session outlives a sign-in (fixation). */
  const begin = async (user: UserRow, method: SignInMethod, visit: Visit): Promise<NewSession> => {
    if (visit.before !== undefined) onSessionsEnded(await sessions.endBySecret(visit.before))
    const { address, agent } = visit
    const session = await sessions.create({ user: user.id, method, where: { address, agent } })
    await users.signedIn(user.id)
    const isElsewhere = method === 'oidc' || method === 'jupyterhub'
    const device = isElsewhere ? undefined : await devices.remember(user.id, visit.device)
    return { user, method, ...session, device }
  }

  /** Begins a session, unless a second factor is missing. */
  const proceed = async (user: UserRow, method: SignInMethod, visit: Visit): Promise<SignInOutcome> => {
    const needed = await second.needed(user, method)
    return needed ? { user, needed } : begin(user, method, visit)
  }

  return {
    /** Begins a session for somebody who has shown who they are. */
    begin,

    /** Signs in. Throws `link_invalid`, `wrong_credentials`, `wrong_passkey`, `flow_expired`, `rate_limited`. */
    async signIn(request: SignInRequest, visit: Visit): Promise<SignInOutcome> {
      const { address, device, party } = visit
      if (Value.Check(ByLink, request)) {
        return proceed(await guesses.guard({ address }, () => links.use(request.link)), 'link', visit)
      }
      if (Value.Check(ByPasskey, request)) {
        // The person was verified by the authenticator: that is two factors at once.
        return begin(await guesses.guard({ address }, () => passkeys.prove(request.passkey, party)), 'passkey', visit)
      }
      const { email, password } = request
      const user = await guesses.guard({ address, account: email, device }, () => byPassword(email, password))
      return proceed(user, 'password', visit)
    },

    /** Goes on after the second factor. Throws `flow_expired`, `wrong_code`, `wrong_passkey`, `rate_limited`. */
    async signInSecond(request: SecondFactorRequest, visit: Visit): Promise<NewSession> {
      const { user, method } = await second.pass(request, visit)
      return begin(user, method, visit)
    },

    /** Proves again who uses a session. Throws as signing in does. */
    async confirm({ user, id }: StaffSession, request: ConfirmRequest, visit: Visit): Promise<void> {
      const { address, device } = visit
      if (Value.Check(ByPassword, request)) {
        await guesses.guard({ address, account: user.id, device }, async () => {
          if (!(await passwords.verify(user.password, request.password))) throw new CodedError('wrong_credentials')
        })
      } else await second.check(user, request, visit)
      await sessions.confirm(id)
    },

    /** Ends a session. */
    async signOut({ user, id }: Pick<StaffSession, 'user' | 'id'>): Promise<void> {
      onSessionsEnded(await sessions.end(user.id, id))
    },

    /** Ends one of a user's sessions. Throws `not_found`. */
    async endSession(user: string, id: string): Promise<void> {
      const ended = await sessions.end(user, id)
      if (ended.length === 0) throw new CodedError('not_found', 'There is no such session.')
      onSessionsEnded(ended)
    },

    /** Ends all sessions of a user, but `except`; gives how many. */
    async endSessions(user: string, except?: string): Promise<number> {
      const ended = await sessions.endAll(user, except)
      onSessionsEnded(ended)
      return ended.length
    },

    /**
     * Sets the password and ends every session of the user but a new one.
     * Throws `wrong_credentials` when `current` is asked for and wrong, `weak_password`, `bad_request`, `conflict`.
     */
    async setPassword(
      { user, method, confirmedAt }: StaffSession,
      change: PasswordChange,
      visit: Visit,
    ): Promise<NewSession> {
      const { name, email, current = '' } = change
      const byLink = method === 'link' && clock() - confirmedAt < LINK_TRUST_MS
      if (user.password !== null && !byLink) {
        await guesses.guard({ address: visit.address, account: user.id, device: visit.device }, async () => {
          if (await passwords.verify(user.password, current)) return
          throw new CodedError('wrong_credentials', 'current: it is not the present password.')
        })
      }
      if (user.email === null && email === undefined) {
        throw new CodedError('bad_request', 'email: it is needed to sign in with the password.')
      }
      const updated = await users.update(user.id, {
        password: await passwords.hash(change.password, [name ?? user.name, email ?? user.email ?? '']),
        ...(name === undefined ? {} : { name: name.trim() }),
        ...(email === undefined ? {} : { email }),
      })
      onSessionsEnded(await sessions.endAll(user.id))
      await devices.forget(user.id)
      return begin(updated, 'password', { ...visit, before: undefined })
    },

    /** Ends sessions whose time is over. */
    async sweep(): Promise<void> {
      onSessionsEnded(await sessions.sweep())
    },
  }
}
