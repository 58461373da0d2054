import type { SignInRequest } from '@lectern/protocol'
import type { Directory } from '../directory/directory.ts'
import type { StaffSession } from '../directory/sessions.ts'
import type { UserRow } from '../directory/users.ts'
import { CodedError } from '../errors.ts'
import type { createPasswords } from './passwords.ts'
import type { RateLimit } from './rate-limit.ts'
import { hashSecret } from './secrets.ts'

interface AccountsOptions {
  directory: Directory
  passwords: ReturnType<typeof createPasswords>
  failures: RateLimit
  /** Told the hashes of sessions that have ended. */
  onSessionsEnded: (hashes: readonly string[]) => void
}

/** A new session: its user, and the secret for the cookie. */
export interface NewSession {
  user: UserRow
  secret: string
}

/** A change of one's own account. */
export interface PasswordChange {
  password: string
  current?: string
  name?: string
  email?: string
}

/** Signing in and out of staff, and their passwords. */
export function createAccounts({ directory, passwords, failures, onSessionsEnded }: AccountsOptions) {
  const { users, links, sessions } = directory

  const check = async (request: SignInRequest): Promise<UserRow> => {
    if ('link' in request) return links.use(request.link)
    const user = await users.byEmail(request.email)
    if (!(await passwords.verify(user?.password, request.password)) || !user) throw new CodedError('wrong_credentials')
    return user
  }

  const signOut = async (hash: string): Promise<void> => {
    await sessions.end(hash)
    onSessionsEnded([hash])
  }

  return {
    /**
     * Signs in; the session `before` ends, so that no session outlives a sign-in (fixation).
     * Throws `link_invalid`, `wrong_credentials`, `rate_limited`.
     */
    async signIn(request: SignInRequest, where: { address: string; before: string | undefined }): Promise<NewSession> {
      failures.check(where.address)
      const user = await check(request).catch((error: unknown) => {
        failures.take(where.address)
        throw error
      })
      if (where.before !== undefined) await signOut(hashSecret(where.before))
      return { user, secret: await sessions.create(user.id, 'link' in request) }
    },

    signOut,

    /**
     * Sets the password and ends every session of the user but a new one.
     * Throws `wrong_credentials` when `current` is asked for and wrong, `weak_password`, `bad_request`, `conflict`.
     */
    async setPassword({ user, byLink }: StaffSession, change: PasswordChange): Promise<NewSession> {
      const { name, email, current = '' } = change
      if (user.password !== null && !byLink && !(await passwords.verify(user.password, current))) {
        throw new CodedError('wrong_credentials', 'current: it is not the present password.')
      }
      if (user.email === null && email === undefined) {
        throw new CodedError('bad_request', 'email: it is needed to sign in with the password.')
      }
      const updated = await users.update(user.id, {
        password: await passwords.hash(change.password),
        ...(name === undefined ? {} : { name: name.trim() }),
        ...(email === undefined ? {} : { email }),
      })
      onSessionsEnded(await sessions.endAll(user.id))
      return { user: updated, secret: await sessions.create(user.id, false) }
    },

    /** Ends sessions whose time is over. */
    async sweep(): Promise<void> {
      onSessionsEnded(await sessions.sweep())
    },
  }
}
