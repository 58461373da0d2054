import { hash, verify } from '@node-rs/argon2'
import { CodedError } from '../errors.ts'
import { judgePassword } from './password-judge.ts'

// OWASP's second choice for argon2id: 19 MiB, two passes.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
/** Hashes computed at a time; each takes a thread and 19 MiB. */
const AT_ONCE = 2
/** Waiting ones; more are turned away. */
const WAITING = 50

/** Passwords, hashed on other threads, a few at a time, so that guessing can not take the machine. */
export function createPasswords() {
  let running = 0
  const waiting: (() => void)[] = []
  // Compared with when a user does not exist, so that the answer takes as long.
  let nobody: Promise<string> | undefined

  const limited = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= AT_ONCE) {
      if (waiting.length >= WAITING) {
        throw new CodedError('rate_limited', 'Too many sign-ins at once.', { retryAfter: 5 })
      }
      await new Promise<void>((go) => waiting.push(go))
    }
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }

  const digest = (password: string) => limited(() => hash(password.normalize('NFC'), COST))

  return {
    /** argon2id in PHC form. `words`: what a guesser knows of the user. Throws `weak_password`; see `judgePassword`. */
    async hash(password: string, words: readonly string[] = []): Promise<string> {
      const normal = password.normalize('NFC')
      await limited(() => judgePassword(normal, words))
      return digest(normal)
    },

    /** True if `password` is that of `kept`; takes the same time when there is none. */
    async verify(kept: string | null | undefined, password: string): Promise<boolean> {
      nobody ??= digest('no such user')
      const against = kept ?? (await nobody)
      const right = await limited(() => verify(against, password.normalize('NFC')))
      return right && kept !== null && kept !== undefined
    },
  }
}

/** See `createPasswords`. */
export type Passwords = ReturnType<typeof createPasswords>
