import { Type, type Static } from 'typebox'
import { LIMITS } from './limits.ts'

const Ms = Type.Integer({ minimum: 0 })
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const Base64Url = Type.String({ maxLength: 65_536, pattern: '^[\\w-]*=*$' })
const Credential = {
  id: Type.String({ minLength: 1, maxLength: 1400, pattern: '^[\\w-]+$' }),
  rawId: Base64Url,
  type: Type.Literal('public-key'),
  clientExtensionResults: Type.Object({}),
}

/** What `navigator.credentials.get` gave, as JSON (W3C Web Authentication level 3). */
const Assertion = Type.Object({
  ...Credential,
  response: Type.Object({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: Type.Optional(Base64Url),
  }),
})

/** What `navigator.credentials.create` gave, as JSON. */
const Attestation = Type.Object({
  ...Credential,
  response: Type.Object({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 16 })),
  }),
})

/** Options for the browser, to be given to Web Authentication as they are; `flow` names them in what is sent back. */
export const PasskeyOptions = Type.Object({ flow: Type.String(), options: Type.Object({}) })
export type PasskeyOptions = Static<typeof PasskeyOptions>

/** Proof of a passkey. */
export const PasskeyProof = Type.Object({ flow: Text(64), response: Assertion })
export type PasskeyProof = Static<typeof PasskeyProof>

/** `POST /api/v2/session/passkeys`: a new passkey, and what its owner calls it. */
export const NewPasskey = Type.Object({ flow: Text(64), name: Text(LIMITS.nameChars), response: Attestation })
export type NewPasskey = Static<typeof NewPasskey>

/** `PATCH /api/v2/session/passkeys/{passkey}`. */
export const PasskeyEdit = Type.Object({ name: Text(LIMITS.nameChars) })
export type PasskeyEdit = Static<typeof PasskeyEdit>

/** A passkey of oneself. */
export const PasskeyInfo = Type.Object({
  id: Type.String(),
  name: Type.String(),
  createdAt: Ms,
  usedAt: Type.Optional(Ms),
})
export type PasskeyInfo = Static<typeof PasskeyInfo>

/** `GET /api/v2/session/factors`: what one signs in with beside a password. */
export const Factors = Type.Object({
  /** Since when codes of an authenticator app are asked for; absent when they are not. */
  totpSince: Type.Optional(Ms),
  recoveryCodes: Type.Integer({ minimum: 0 }),
  passkeys: Type.Array(PasskeyInfo),
  /** False where the server's address can have no passkeys. */
  passkeysPossible: Type.Boolean(),
})
export type Factors = Static<typeof Factors>

/** Answer to a password or link while a second factor is missing (202): what may be sent with `pending`, and until when. */
export const SecondFactorNeeded = Type.Object({
  pending: Type.String(),
  ways: Type.Array(Type.Union([Type.Literal('totp'), Type.Literal('recovery'), Type.Literal('passkey')])),
  expires: Ms,
})
export type SecondFactorNeeded = Static<typeof SecondFactorNeeded>

/** Proof by a code of an authenticator app, or a recovery code. */
export const ByCode = Type.Object({ code: Text(64) })
/** Proof by a passkey. */
export const ByPasskey = Type.Object({ passkey: PasskeyProof })
/** Proof by the password. */
export const ByPassword = Type.Object({ password: Type.String({ maxLength: 1024 }) })

/** `POST /api/v2/session/second`: a code of the app, a recovery code, or a passkey. */
export const SecondFactorRequest = Type.Intersect([Type.Object({ pending: Text(64) }), Type.Union([ByCode, ByPasskey])])
export type SecondFactorRequest = Static<typeof SecondFactorRequest>

/** `POST /api/v2/session/confirm`: who one is, once more. */
export const ConfirmRequest = Type.Union([ByPassword, ByCode, ByPasskey])
export type ConfirmRequest = Static<typeof ConfirmRequest>

/** `POST /api/v2/session/totp`: a new secret for an authenticator app, as text, address and picture (SVG). */
export const TotpSetup = Type.Object({ secret: Type.String(), uri: Type.String(), svg: Type.String() })
export type TotpSetup = Static<typeof TotpSetup>

/** `PUT /api/v2/session/totp`: a code of the app shows that it holds the secret. */
export const TotpCode = Type.Object({ code: Type.String({ pattern: '^\\s*\\d{3}\\s?\\d{3}\\s*$' }) })
export type TotpCode = Static<typeof TotpCode>

/** Codes for when the app is lost, each for one use; shown this once. */
export const RecoveryCodes = Type.Object({ codes: Type.Array(Type.String()) })
export type RecoveryCodes = Static<typeof RecoveryCodes>

/** `GET /api/v2/session/ways`: how one can sign in here beside a password. */
export const SignInWays = Type.Object({
  passkeys: Type.Boolean(),
  providers: Type.Array(
    Type.Object({ id: Type.Union([Type.Literal('oidc'), Type.Literal('jupyterhub')]), name: Type.String() }),
  ),
})
export type SignInWays = Static<typeof SignInWays>
