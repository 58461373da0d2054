import type { TotpSetup } from '@lectern/protocol'
import type { Directory } from '../directory/directory.ts'
import type { UserRow } from '../directory/users.ts'
import { CodedError } from '../errors.ts'
import type { TextSeal } from './seal.ts'
import { newRecoveryCode, normalRecoveryCode, type RandomBytes } from './secrets.ts'

interface TotpOptions {
  directory: Directory
  seal: TextSeal
  random: RandomBytes
  /** Milliseconds since the epoch. */
  clock: () => number
}

const ISSUER = 'Lectern'
/** RFC 4226 asks for at least 128 bits and recommends 160. */
const SECRET_BYTES = 20
/** Steps of half a minute by which a clock may be wrong (RFC 6238). */
const WINDOW = 1
const RECOVERY_CODES = 10

/** The secret as text, as address and as picture, for an authenticator app. Nothing is asked of a network. */
async function setupOf(secret: Buffer, account: string): Promise<TotpSetup> {
  const [{ Secret, TOTP }, { default: qrcode }] = await Promise.all([import('otpauth'), import('qrcode-generator')])
  const totp = new TOTP({
    issuer: ISSUER,
    label: account,
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
  })
  const uri = totp.toString()
  // Size by itself, correction level M.
  const code = qrcode(0, 'M')
  code.addData(uri)
  code.make()
  return { secret: totp.secret.base32, uri, svg: code.createSvgTag({ cellSize: 4, margin: 16, scalable: true }) }
}

/** Codes of authenticator apps (RFC 6238), and recovery codes for when the app is lost. */
export function createTotp({ directory: { factors }, seal, random, clock }: TotpOptions) {
  const contextOf = (user: string) => `totp ${user}`
  const newCodes = () => Array.from({ length: RECOVERY_CODES }, () => newRecoveryCode(random))

  /** True if the code is right now and was not used before. */
  const check = async (user: string, code: string): Promise<boolean> => {
    const row = await factors.totp(user)
    if (!row) return false
    const { Secret, TOTP } = await import('otpauth')
    const totp = new TOTP({ secret: Secret.fromHex(seal.open(row.secret, contextOf(user))) })
    const timestamp = clock()
    const delta = totp.validate({ token: code.replaceAll(/\s/g, ''), window: WINDOW, timestamp })
    return delta !== null && factors.useStep(user, totp.counter({ timestamp }) + delta)
  }

  return {
    /** Since when codes are asked for; undefined when they are not. */
    async since(user: string): Promise<number | undefined> {
      return (await factors.totp(user))?.confirmed_at ?? undefined
    },

    /** Makes a secret, which is in force only after `confirm`. Throws `conflict` when there is one in force. */
    async begin(user: UserRow): Promise<TotpSetup> {
      if ((await this.since(user.id)) !== undefined) {
        throw new CodedError('conflict', 'There is an authenticator app already; remove it first.')
      }
      const secret = random(SECRET_BYTES)
      await factors.prepare(user.id, seal.seal(secret.toString('hex'), contextOf(user.id)))
      return setupOf(secret, user.email ?? user.name)
    },

    /** Puts the secret in force; gives recovery codes. Throws `wrong_code`, `conflict`. */
    async confirm(user: string, code: string): Promise<string[]> {
      if ((await this.since(user)) !== undefined) throw new CodedError('conflict', 'It is in force already.')
      if (!(await check(user, code))) throw new CodedError('wrong_code')
      const codes = newCodes()
      await factors.confirm(user, codes.map(normalRecoveryCode))
      return codes
    },

    /** Uses up a code of the app, or a recovery code. Throws `wrong_code`. */
    async use(user: string, code: string): Promise<void> {
      const isApp = /^[\d\s]+$/.test(code)
      const inForce = (await this.since(user)) !== undefined
      const right = isApp ? await check(user, code) : await factors.useCode(user, normalRecoveryCode(code))
      if (!inForce || !right) throw new CodedError('wrong_code')
    },

    /** New recovery codes; the ones before end. */
    async renewCodes(user: string): Promise<string[]> {
      if ((await this.since(user)) === undefined) throw new CodedError('not_found', 'There is no authenticator app.')
      const codes = newCodes()
      await factors.replaceCodes(user, codes.map(normalRecoveryCode))
      return codes
    },
  }
}

/** See `createTotp`. */
export type Totp = ReturnType<typeof createTotp>
