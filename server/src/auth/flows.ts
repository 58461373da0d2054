import { CodedError } from '../errors.ts'
import { hashSecret, newSecret, type RandomBytes } from './secrets.ts'

interface FlowsOptions {
  /** Monotonic clock, ms. */
  now: () => number
  random: RandomBytes
  /** How long one lasts. */
  forMs: number
}

const MOST = 20_000

/** What was begun and waits for its other half, such as the challenge of a passkey: each by a secret, for one use. */
export function createFlows<T>({ now, random, forMs }: FlowsOptions) {
  const open = new Map<string, { value: T; until: number }>()

  // All last equally long, so the map is in the order of their ends.
  const sweep = () => {
    const at = now()
    for (const [key, { until }] of open) {
      if (until > at && open.size <= MOST) return
      open.delete(key)
    }
  }

  return {
    forMs,
    /** Begins one; gives its secret. The oldest goes when there are too many. */
    begin(value: T): string {
      const secret = newSecret(random)
      open.set(hashSecret(secret), { value, until: now() + forMs })
      sweep()
      return secret
    },
    /** What a secret stands for, without using it up. Throws `flow_expired`. */
    look(secret: string): T {
      sweep()
      const found = open.get(hashSecret(secret))
      if (!found) throw new CodedError('flow_expired')
      return found.value
    },
    /** What a secret stands for, once. Throws `flow_expired`. */
    take(secret: string): T {
      const value = this.look(secret)
      open.delete(hashSecret(secret))
      return value
    },
  }
}
