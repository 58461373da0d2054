import type { Directory } from '../directory/directory.ts'
import { normalEmail } from '../directory/users.ts'
import { CodedError } from '../errors.ts'
import type { createGuessDelay } from './guess-delay.ts'
import type { RateLimit } from './rate-limit.ts'
import { hashSecret } from './secrets.ts'

interface GuessesOptions {
  directory: Directory
  /** Failures by address. */
  byAddress: RateLimit
  /** Pauses by account, and by known browser. */
  delay: ReturnType<typeof createGuessDelay>
}

/** What an attempt is made at, and from where. `account`: an address or id, or nothing when a secret names it. */
interface Attempt {
  readonly address: string
  readonly account?: string
  /** Secret of a known browser. */
  readonly device?: string | undefined
}

const WRONG = new Set([
  'wrong_credentials',
  'link_invalid',
  'wrong_code',
  'wrong_passkey',
  'provider_failed',
  'sign_in_refused',
])

/**
 * Slows guessing by address and by account. A browser in which the owner has signed in before is counted by itself, so
 * that guesses made elsewhere neither lock nor delay the owner there.
 */
export function createGuesses({ directory, byAddress, delay }: GuessesOptions) {
  const knownKey = async ({ account, device }: Attempt): Promise<string | undefined> => {
    if (account === undefined || device === undefined) return undefined
    const owner = await directory.devices.owner(device)
    const user = owner === undefined ? undefined : await directory.users.byId(owner)
    const isTheirs = user !== undefined && (user.id === account || user.email === normalEmail(account))
    return isTheirs ? `device ${hashSecret(device)}` : undefined
  }

  return {
    /** Makes an attempt when its turn has come, and counts it when it was wrong. Rejects with `rate_limited`. */
    async guard<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
      const { address, account } = attempt
      const known = await knownKey(attempt)
      const key = known ?? (account === undefined ? undefined : `account ${normalEmail(account)}`)
      if (known === undefined) byAddress.check(address)
      if (key !== undefined) await delay.wait(key)
      try {
        const done = await work()
        if (key !== undefined) delay.succeeded(key)
        return done
      } catch (error) {
        if (error instanceof CodedError && WRONG.has(error.code)) {
          if (known === undefined) byAddress.take(address)
          if (key !== undefined) delay.failed(key)
        }
        throw error
      }
    },
  }
}

/** See `createGuesses`. */
export type Guesses = ReturnType<typeof createGuesses>
