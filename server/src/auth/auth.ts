import type { KeyObject } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Directory } from '../directory/directory.ts'
import type { StaffSession, Whereabouts } from '../directory/sessions.ts'
import { CodedError } from '../errors.ts'
import { createAccounts } from './accounts.ts'
import { createClassRights } from './class-rights.ts'
import { createExternal } from './external.ts'
import { createFlows } from './flows.ts'
import { createGuessDelay } from './guess-delay.ts'
import { createGuesses } from './guesses.ts'
import { createHub, createHubSignIn } from './jupyterhub.ts'
import { createOidc, type OidcConfig } from './oidc.ts'
import { createPasskeySignIn } from './passkeys.ts'
import { createPasswords } from './passwords.ts'
import { createStaff } from './people.ts'
import type { Principal, StaffPrincipal, StudentPrincipal } from './principal.ts'
import type { HubSettings } from './provider-settings.ts'
import { createRateLimit } from './rate-limit.ts'
import { hashSecret, sameSecret, type RandomBytes } from './secrets.ts'
import { createTextSeal } from './seal.ts'
import { createSecondFactor } from './second-factor.ts'
import type { SecondFactorRule } from './settings.ts'
import { createTickets } from './tickets.ts'
import { createTotp } from './totp.ts'

interface AuthOptions {
  directory: Directory
  /** Bearer token with the rights of an administrator. */
  adminToken: string | undefined
  random: RandomBytes
  /** Milliseconds since the epoch. */
  clock: () => number
  /** From which the key for secrets of the staff is derived. */
  root: KeyObject
  /** Told of a session that ended because an old secret of it came back: somebody has a copy of the cookie. */
  onReplay: (replay: { replayed: string; user: string }) => void
  oidc: OidcConfig | undefined
  jupyterhub: HubSettings | undefined
  /** Whether the staff may do without a second factor. */
  secondFactor: SecondFactorRule
}

/** Says which principals have lost their rights; for open sockets (SPEC AUT-5). */
export type EndedListener = (ended: (principal: Principal) => boolean) => void

/** What a cookie opened. */
interface OpenedSession {
  principal: StaffPrincipal
  session: StaffSession
  /** Secret that takes the place of the one shown. */
  renewed: string | undefined
}

/** Failures that an address has before it must wait. A class behind one address joins and signs in unhindered. */
const FAILURES = { burst: 30, perSecond: 0.25 } as const
const SECOND_PAUSE_MS = 60_000
/** How long a sign-in waits for its second factor. */
const PENDING_MS = 5 * 60_000
const MAX_TOKENS_HELD = 50_000

const SCRIPT: StaffPrincipal = { kind: 'staff', user: undefined, role: 'admin', session: undefined }

interface SignInOptions {
  now: () => number
  onSessionsEnded: (ids: readonly string[]) => void
}

/** Every way in for the staff, and what slows guessing at each. */
function createSignIn(options: AuthOptions, { now, onSessionsEnded }: SignInOptions) {
  const { directory, random, clock, root, secondFactor } = options
  const byAddress = createRateLimit({ ...FAILURES, now })
  const guesses = createGuesses({ directory, byAddress, delay: createGuessDelay({ now, sleep }) })
  // Six digits are few: whoever has the password already must wait longer.
  const slow = createGuessDelay({ now, sleep, mostMs: SECOND_PAUSE_MS })
  const totp = createTotp({ directory, seal: createTextSeal(root, random), random, clock })
  const passkeys = createPasskeySignIn({ directory, now, random })
  const second = createSecondFactor({
    directory,
    totp,
    passkeys,
    guesses: createGuesses({ directory, byAddress, delay: slow }),
    pending: createFlows({ now, random, forMs: PENDING_MS }),
    rule: secondFactor,
    clock,
  })
  const passwords = createPasswords()
  const accounts = createAccounts({ directory, passwords, passkeys, second, guesses, clock, onSessionsEnded })
  return { accounts, totp, passkeys, second, guesses }
}

/** Who else says who people are. */
function createProviders({ oidc, jupyterhub }: AuthOptions) {
  const hub = jupyterhub && createHub(jupyterhub)
  const signInAtHub = hub && jupyterhub.signIn && createHubSignIn(jupyterhub.signIn, hub)
  const providers = [oidc && createOidc(oidc), signInAtHub].filter((one) => one !== undefined)
  return { hub, providers }
}

/** Students by the hash of their token, read from the directory once. */
function createHeldTokens({ tokens, classes, consents }: Directory) {
  const held = new Map<string, StudentPrincipal>()
  return {
    get: (token: string) => held.get(token),
    drop: (token: string) => held.delete(token),
    /** Throws `unauthenticated`, `token_revoked`. */
    async load(token: string): Promise<StudentPrincipal> {
      const owner = await tokens.owner(token)
      if (owner === 'revoked') throw new CodedError('token_revoked')
      if (!owner) throw new CodedError('unauthenticated', 'The token is not known.')
      const { student, install, byAddress } = owner
      const found = await classes.get(owner.class)
      const consent = await consents.of(owner)
      const principal: StudentPrincipal = { kind: 'student', class: found, student, install, token, byAddress, consent }
      const [oldest] = held.size >= MAX_TOKENS_HELD ? held.keys() : []
      if (oldest !== undefined) held.delete(oldest)
      held.set(token, principal)
      return principal
    },
  }
}

/** Who asks, and what ends that: tokens, sessions, tickets. */
export function createAuth(options: AuthOptions) {
  const { directory, adminToken, random, clock } = options
  const now = () => performance.now()
  const tickets = createTickets({ now, random })
  const failures = createRateLimit({ ...FAILURES, now })
  const held = createHeldTokens(directory)
  const listeners = new Set<EndedListener>()

  const end: EndedListener = (ended) => {
    tickets.drop(ended)
    for (const listener of listeners) listener(ended)
  }
  const onSessionsEnded = (ids: readonly string[]) => {
    const gone = new Set<string | undefined>(ids)
    if (gone.size > 0) end((principal) => principal.kind === 'staff' && gone.has(principal.session))
  }

  const { guesses, ...signIn } = createSignIn(options, { now, onSessionsEnded })
  const staff = createStaff({ directory, clock, endSessions: (user) => signIn.accounts.endSessions(user) })
  const { hub, providers } = createProviders(options)

  return {
    ...signIn,
    staff,
    /** Sign-in at somebody else. */
    external: createExternal({ directory, providers, staff, guesses, begin: signIn.accounts.begin, now, random }),
    /** The JupyterHub whose users may join classes; undefined when there is none. */
    hub,
    tickets,
    /** Wrong join codes by address; apart from sign-ins, since a class and its teacher may share one. */
    failures,

    /**
     * Who a bearer token stands for: at once when it was seen before, so that the hot path does not wait.
     * Rejects with `unauthenticated`, `token_revoked`.
     */
    bearer(token: string): Principal | Promise<Principal> {
      const hash = hashSecret(token)
      const known = held.get(hash)
      if (known) return known
      if (adminToken !== undefined && sameSecret(token, adminToken)) return SCRIPT
      return held.load(hash)
    },

    /** The session behind a cookie, and its new secret when it was time for one. Throws `session_expired`. */
    async session(secret: string, where: Whereabouts): Promise<OpenedSession> {
      const found = await directory.sessions.find(secret, where)
      if (found === undefined) throw new CodedError('session_expired')
      if ('replayed' in found) {
        onSessionsEnded([found.replayed])
        options.onReplay(found)
        throw new CodedError('session_expired', 'The session was ended: its cookie was used in two places.')
      }
      const { session, renewed } = found
      const { user, id } = session
      return { principal: { kind: 'staff', user: user.id, role: user.role, session: id }, session, renewed }
    },

    /** Who is what in which class. */
    inClass: createClassRights(directory),

    /** Revokes a student's tokens and ends what was opened with them. Throws `not_found`. */
    async revokeStudent(id: string, student: string): Promise<void> {
      const revoked = new Set(await directory.tokens.revoke(id, student))
      for (const hash of revoked) held.drop(hash)
      end((principal) => principal.kind === 'student' && revoked.has(principal.token))
    },

    /** Calls `listener` whenever somebody loses their rights. Returns how to stop. */
    onEnded(listener: EndedListener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** See `createAuth`. */
export type Auth = ReturnType<typeof createAuth>
