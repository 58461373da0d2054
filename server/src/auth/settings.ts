import { Refused, type Setting } from '../setting.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Reads a whole number from `least` to `most`, as so many times `unit`. */
const wholeTimes =
  (unit: number, { least, most }: { least: number; most: number }) =>
  (text: string): number => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : 0
    if (value < least || value > most) throw new Refused()
    return value * unit
  }

const IDLE = { least: 5, most: 7 * 24 * 60 }
const ABSOLUTE = { least: 1, most: 30 * 24 }

const SECOND_FACTOR = ['optional', 'required'] as const
/** Whether the staff may do without a second factor. */
export type SecondFactorRule = (typeof SECOND_FACTOR)[number]

/** Whether who signs in with a password or link needs a second factor. */
export const SECOND_FACTOR_SETTING = {
  key: 'LECTERN_SECOND_FACTOR',
  fallback: 'optional',
  what: 'With `required`, who signs in with a password or a link shows an authenticator app or a passkey, too, and can do nothing before one is set up. Providers and passkeys answer for themselves.',
  allowed: SECOND_FACTOR.map((one) => `\`${one}\``).join(', '),
  parse(text: string): SecondFactorRule {
    const found = SECOND_FACTOR.find((one) => one === text)
    if (!found) throw new Refused()
    return found
  },
} as const satisfies Setting<SecondFactorRule>

/** How long the sessions of the staff last. */
export const SESSION_SETTINGS = {
  idleMs: {
    key: 'LECTERN_SESSION_IDLE_MINUTES',
    fallback: '720',
    what: 'A member of staff who does nothing for so long is signed out.',
    allowed: `a whole number from ${IDLE.least} to ${IDLE.most}`,
    parse: wholeTimes(MINUTE_MS, IDLE),
  },
  absoluteMs: {
    key: 'LECTERN_SESSION_MAX_HOURS',
    fallback: '168',
    what: 'Everybody on the staff signs in again after so long, whatever they do.',
    allowed: `a whole number from ${ABSOLUTE.least} to ${ABSOLUTE.most}`,
    parse: wholeTimes(HOUR_MS, ABSOLUTE),
  },
} as const satisfies Record<string, Setting<number>>
