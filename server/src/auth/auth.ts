import { performance } from 'node:perf_hooks'
import type { SignInRequest } from '@lectern/protocol'
import type { Directory } from '../directory/directory.ts'
import type { StaffSession, UserRow } from '../directory/staff.ts'
import { CodedError } from '../errors.ts'
import { createPasswords } from './passwords.ts'
import type { Principal, StaffPrincipal, StudentPrincipal } from './principal.ts'
import { createRateLimit } from './rate-limit.ts'
import { hashSecret, sameSecret, type RandomBytes } from './secrets.ts'
import { createTickets } from './tickets.ts'

interface AuthOptions {
  directory: Directory
  adminToken: string | undefined
  random: RandomBytes
}

/** Says which principals have lost their rights; for open sockets (SPEC AUT-5). */
export type EndedListener = (ended: (principal: Principal) => boolean) => void

/** Failures that an address has before it must wait. A class behind one address joins and signs in unhindered. */
const FAILURES = { burst: 30, perSecond: 0.25 } as const
const MAX_TOKENS_HELD = 50_000

const asPrincipal = ({ user, hash }: StaffSession): StaffPrincipal => ({
  kind: 'staff',
  user: user.id,
  role: user.role,
  session: hash,
})

/** Who asks, and what ends that: tokens, sessions, tickets. */
export function createAuth({ directory, adminToken, random }: AuthOptions) {
  const { staff, classes, students } = directory
  const now = () => performance.now()
  const passwords = createPasswords()
  const tickets = createTickets({ now, random })
  const failures = createRateLimit({ ...FAILURES, now })
  const held = new Map<string, StudentPrincipal>()
  const listeners = new Set<EndedListener>()

  const end: EndedListener = (ended) => {
    tickets.drop(ended)
    for (const listener of listeners) listener(ended)
  }
  const endSessions = (hashes: readonly string[]) => {
    if (hashes.length === 0) return
    const gone = new Set(hashes)
    end((principal) => principal.kind === 'staff' && principal.session !== undefined && gone.has(principal.session))
  }

  const loadStudent = async (token: string): Promise<StudentPrincipal> => {
    const owner = await students.byToken(token)
    if (owner === 'revoked') throw new CodedError('token_revoked')
    if (!owner) throw new CodedError('unauthenticated', 'The token is not known.')
    const { student, install } = owner
    const principal: StudentPrincipal = {
      kind: 'student',
      class: await classes.get(owner.class),
      student,
      install,
      token,
    }
    const [oldest] = held.size >= MAX_TOKENS_HELD ? held.keys() : []
    if (oldest !== undefined) held.delete(oldest)
    held.set(token, principal)
    return principal
  }

  return {
    passwords,
    failures,

    /**
     * Who a bearer token stands for: at once when it was seen before, so that the hot path does not wait.
     * Throws or rejects with `unauthenticated`, `token_revoked`.
     */
    bearer(token: string): Principal | Promise<Principal> {
      const hash = hashSecret(token)
      const known = held.get(hash)
      if (known) return known
      if (adminToken !== undefined && sameSecret(token, adminToken)) {
        return { kind: 'staff', user: undefined, role: 'admin', session: undefined }
      }
      return loadStudent(hash)
    },

    /** The session behind a cookie. Throws `session_expired`. */
    async session(secret: string): Promise<{ principal: StaffPrincipal; session: StaffSession }> {
      const session = await staff.session(secret)
      if (!session) throw new CodedError('session_expired')
      return { principal: asPrincipal(session), session }
    },

    /**
     * Signs a member of staff in; the session before, if any, ends, so that no session outlives a sign-in (fixation).
     * Throws `link_invalid`, `wrong_credentials`, `rate_limited`.
     */
    async signIn(request: SignInRequest, { address, before }: { address: string; before: string | undefined }) {
      failures.check(address)
      const user = await checkSignIn(request).catch((error: unknown) => {
        failures.take(address)
        throw error
      })
      if (before !== undefined) {
        const old = hashSecret(before)
        await staff.endSession(old)
        endSessions([old])
      }
      return { user, secret: await staff.newSession(user.id, 'link' in request) }
    },

    async signOut(session: string): Promise<void> {
      await staff.endSession(session)
      endSessions([session])
    },

    /**
     * Sets a password and ends every session of the user; gives the new session's secret.
     * Throws `wrong_credentials` when `current` is needed and wrong, `weak_password`, `bad_request`, `conflict`.
     */
    async setPassword(
      session: StaffSession,
      change: { password: string; current?: string; name?: string; email?: string },
    ) {
      const { user, byLink } = session
      if (user.password !== null && !byLink && !(await passwords.verify(user.password, change.current ?? ''))) {
        throw new CodedError('wrong_credentials', 'current: it is not the present password.')
      }
      if (user.email === null && change.email === undefined) {
        throw new CodedError('bad_request', 'email: it is needed to sign in with the password.')
      }
      const password = await passwords.hash(change.password)
      const { name, email } = change
      const updated = await staff.update(user.id, {
        password,
        ...(name === undefined ? {} : { name }),
        ...(email === undefined ? {} : { email }),
      })
      endSessions(await staff.endSessions(user.id))
      return { user: updated, secret: await staff.newSession(user.id, false) }
    },

    /** True if the principal may see and change a class: administrators all, instructors theirs. */
    async mayTeach(principal: StaffPrincipal, id: string): Promise<boolean> {
      if (principal.role === 'admin') return true
      return principal.user !== undefined && classes.mayTeach(id, principal.user)
    },

    /** Revokes a student's tokens and closes their sockets. Throws `not_found`. */
    async revokeStudent(id: string, student: string): Promise<void> {
      const revoked = new Set(await students.revoke(id, student))
      for (const hash of revoked) held.delete(hash)
      end((principal) => principal.kind === 'student' && revoked.has(principal.token))
    },

    ticket: (principal: Principal) => tickets.issue(principal),
    redeem: (ticket: string) => tickets.redeem(ticket),

    /** Ends sessions whose time is over. */
    async sweep(): Promise<void> {
      endSessions(await staff.sweepSessions())
    },

    /** Calls `listener` whenever somebody loses their rights. Returns how to stop. */
    onEnded(listener: EndedListener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }

  async function checkSignIn(request: SignInRequest): Promise<UserRow> {
    if ('link' in request) return staff.useLink(request.link)
    const user = await staff.byEmail(request.email)
    if (!(await passwords.verify(user?.password, request.password)) || !user) throw new CodedError('wrong_credentials')
    return user
  }
}

/** See `createAuth`. */
export type Auth = ReturnType<typeof createAuth>
