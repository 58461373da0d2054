import type { NewPasskey, PasskeyOptions, PasskeyProof } from '@lectern/protocol'
import type { Directory } from '../directory/directory.ts'
import type { PasskeyRow } from '../directory/passkeys.ts'
import type { UserRow } from '../directory/users.ts'
import { CodedError } from '../errors.ts'
import { createFlows } from './flows.ts'
import type { RandomBytes } from './secrets.ts'

/** Who asks for a passkey: the domain that it is bound to, and the address of the pages that may use it. */
export interface RelyingParty {
  readonly id: string
  readonly origin: string
}

interface PasskeysOptions {
  directory: Directory
  /** Monotonic clock, ms. */
  now: () => number
  random: RandomBytes
}

const FLOW_MS = 5 * 60_000
const MOST_PASSKEYS = 20
const NAME = 'Lectern'
/** Why there can be no passkeys. */
export const NO_PARTY = 'Passkeys need a host name with https (LECTERN_PUBLIC_URL), or localhost.'

// Loaded when first used: it takes time and memory, and many servers have no passkeys.
const library = () => import('@simplewebauthn/server')

/** Passkeys (W3C Web Authentication): registering them, and signing in with one alone. */
export function createPasskeySignIn({ directory, now, random }: PasskeysOptions) {
  const { passkeys, users } = directory
  const registrations = createFlows<{ user: string; challenge: string }>({ now, random, forMs: FLOW_MS })
  const assertions = createFlows<{ challenge: string }>({ now, random, forMs: FLOW_MS })
  const listed = (rows: readonly PasskeyRow[]) =>
    rows.map(({ id, transports }) => ({ id, transports: JSON.parse(transports) as string[] }))

  /** Throws `wrong_passkey`. The signature, the challenge, the origin and the verification of the person are checked. */
  const verify = async ({ flow, response }: PasskeyProof, party: RelyingParty | undefined): Promise<PasskeyRow> => {
    if (!party) throw new CodedError('wrong_passkey', NO_PARTY)
    const { challenge } = assertions.take(flow)
    const row = await passkeys.byId(response.id)
    if (!row) throw new CodedError('wrong_passkey', 'This passkey is not known here, or was removed.')
    const { verifyAuthenticationResponse } = await library()
    const publicKey = Uint8Array.from(Buffer.from(row.public_key, 'base64url'))
    const checked = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential: { id: row.id, publicKey, counter: row.counter },
      requireUserVerification: true,
    }).catch((cause: unknown) => {
      throw new CodedError('wrong_passkey', undefined, { cause })
    })
    if (!checked.verified) throw new CodedError('wrong_passkey')
    await passkeys.used(row.id, checked.authenticationInfo.newCounter)
    return row
  }

  return {
    /** Options to register a passkey with. Throws `conflict` when there are too many. */
    async registration(user: UserRow, party: RelyingParty): Promise<PasskeyOptions> {
      const own = await passkeys.list(user.id)
      if (own.length >= MOST_PASSKEYS) throw new CodedError('conflict', `At most ${MOST_PASSKEYS} passkeys are kept.`)
      const { generateRegistrationOptions } = await library()
      const options = await generateRegistrationOptions({
        rpName: NAME,
        rpID: party.id,
        userName: user.email ?? user.name,
        userDisplayName: user.name,
        userID: Uint8Array.from(Buffer.from(user.id)),
        attestationType: 'none',
        excludeCredentials: listed(own),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        timeout: FLOW_MS,
      })
      return { flow: registrations.begin({ user: user.id, challenge: options.challenge }), options }
    },

    /** Keeps a new passkey. Throws `flow_expired`, `wrong_passkey`, `conflict`. */
    async register(user: UserRow, { flow, name, response }: NewPasskey, party: RelyingParty): Promise<PasskeyRow> {
      const begun = registrations.take(flow)
      if (begun.user !== user.id) throw new CodedError('flow_expired')
      const { verifyRegistrationResponse } = await library()
      const checked = await verifyRegistrationResponse({
        response,
        expectedChallenge: begun.challenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        requireUserVerification: true,
      }).catch((cause: unknown) => {
        throw new CodedError('wrong_passkey', undefined, { cause })
      })
      if (!checked.verified) throw new CodedError('wrong_passkey')
      const { id, publicKey, counter } = checked.registrationInfo.credential
      const transports = JSON.stringify(response.response.transports ?? [])
      const key = Buffer.from(publicKey).toString('base64url')
      return passkeys.add({ id, user_id: user.id, name: name.trim(), public_key: key, counter, transports })
    },

    /** Options to sign in with; without `user` the browser offers whatever passkeys it has for this server. */
    async assertion(party: RelyingParty, user?: string): Promise<PasskeyOptions> {
      const { generateAuthenticationOptions } = await library()
      const options = await generateAuthenticationOptions({
        rpID: party.id,
        userVerification: 'required',
        timeout: FLOW_MS,
        ...(user === undefined ? {} : { allowCredentials: listed(await passkeys.list(user)) }),
      })
      return { flow: assertions.begin({ challenge: options.challenge }), options }
    },

    /** Whose passkey this is; with `user`, only theirs will do. Throws `flow_expired`, `wrong_passkey`. */
    async prove(proof: PasskeyProof, party: RelyingParty | undefined, user?: string): Promise<UserRow> {
      const { user_id: owner } = await verify(proof, party)
      const found = await users.byId(owner)
      if (!found || found.disabled_at !== null || (user !== undefined && user !== owner)) {
        throw new CodedError('wrong_passkey')
      }
      return found
    },
  }
}

/** See `createPasskeySignIn`. */
export type PasskeySignIn = ReturnType<typeof createPasskeySignIn>
