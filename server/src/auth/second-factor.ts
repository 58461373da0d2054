import {
  ByCode,
  type ConfirmRequest,
  type SecondFactorNeeded,
  type SecondFactorRequest,
  type SignInMethod,
} from '@lectern/protocol'
import { Value } from 'typebox/value'
import type { Directory } from '../directory/directory.ts'
import type { StaffSession } from '../directory/sessions.ts'
import type { UserRow } from '../directory/users.ts'
import { CodedError } from '../errors.ts'
import type { Visit } from './accounts.ts'
import type { createFlows } from './flows.ts'
import type { Guesses } from './guesses.ts'
import type { PasskeySignIn } from './passkeys.ts'
import type { SecondFactorRule } from './settings.ts'
import type { Totp } from './totp.ts'

/** A sign-in that waits for its second factor. */
interface Pending {
  readonly user: string
  readonly method: SignInMethod
  tries: number
}

interface SecondFactorOptions {
  directory: Directory
  totp: Totp
  passkeys: PasskeySignIn
  guesses: Guesses
  pending: ReturnType<typeof createFlows<Pending>>
  /** Whether there can be sessions without one. */
  rule: SecondFactorRule
  /** Milliseconds since the epoch. */
  clock: () => number
}

const MOST_TRIES = 5

type Proof = Exclude<ConfirmRequest, { password: string }>

/** The second factor: asked for after a password or link of who has set one up. */
export function createSecondFactor(options: SecondFactorOptions) {
  const { directory, totp, passkeys, guesses, pending, rule, clock } = options
  const { users, factors } = directory
  const isRequired = rule === 'required'

  return {
    /** What is asked for before a session begins; nothing when there is no second factor. */
    async needed({ id }: UserRow, method: SignInMethod): Promise<SecondFactorNeeded | undefined> {
      const hasApp = (await totp.since(id)) !== undefined
      if (!hasApp && !isRequired) return undefined
      const keys = await directory.passkeys.list(id)
      if (!hasApp && keys.length === 0) return undefined
      const codes = await factors.codesLeft(id)
      return {
        pending: pending.begin({ user: id, method, tries: 0 }),
        ways: [
          ...(hasApp ? ['totp' as const] : []),
          ...(codes > 0 ? ['recovery' as const] : []),
          ...(keys.length > 0 ? ['passkey' as const] : []),
        ],
        expires: clock() + pending.forMs,
      }
    },

    /** True for a session in which a second factor must be set up before anything else (SPEC AUT-18). */
    async lacks({ user: { id }, method }: Pick<StaffSession, 'user' | 'method'>): Promise<boolean> {
      if (!isRequired || (method !== 'password' && method !== 'link')) return false
      return (await totp.since(id)) === undefined && (await directory.passkeys.list(id)).length === 0
    },

    /** Checks a code or passkey of a user. Throws `wrong_code`, `wrong_passkey`, `flow_expired`, `rate_limited`. */
    async check(user: UserRow, proof: Proof, { address, party }: Visit): Promise<void> {
      await guesses.guard({ address, account: `second ${user.id}` }, async () => {
        // A body may hold more than one of them, of which only one fits.
        if (Value.Check(ByCode, proof)) await totp.use(user.id, proof.code)
        else await passkeys.prove(proof.passkey, party, user.id)
      })
    },

    /** Whose sign-in goes on. After five wrong tries it must begin anew. Throws as `check` does. */
    async pass(request: SecondFactorRequest, visit: Visit): Promise<{ user: UserRow; method: SignInMethod }> {
      const waiting = pending.look(request.pending)
      const user = await users.byId(waiting.user)
      if (!user || user.disabled_at !== null) throw new CodedError('flow_expired')
      waiting.tries += 1
      if (waiting.tries >= MOST_TRIES) pending.take(request.pending)
      await this.check(user, request, visit)
      // Of two right answers at the same time one begins a session.
      if (waiting.tries < MOST_TRIES) pending.take(request.pending)
      return { user, method: waiting.method }
    },
  }
}

/** See `createSecondFactor`. */
export type SecondFactor = ReturnType<typeof createSecondFactor>
