import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import type {
  AccountEdit,
  ConfirmRequest,
  Factors,
  NewPerson,
  PasskeyInfo,
  PasskeyOptions,
  PasskeyProof,
  People,
  Person,
  PersonEdit,
  PersonLink,
  RecoveryCodes,
  RecoveryRequest,
  SecondFactorNeeded,
  SecondFactorRequest,
  SessionAnswer,
  SessionList,
  SignInRequest,
  SignInWays,
  TotpSetup,
} from '@lectern/protocol'
import { call } from '../http/api.ts'

const ROOT = '/session'
const person = (id: string) => `/people/${encodeURIComponent(id)}`
const passkey = (id: string) => `${ROOT}/passkeys/${encodeURIComponent(id)}`

type Creation = Parameters<typeof startRegistration>[0]['optionsJSON']
type Assertion = Parameters<typeof startAuthentication>[0]['optionsJSON']

/** The person turned the browser's question down, or no authenticator answered. */
export class NoPasskey extends Error {
  override readonly name = 'NoPasskey'
}

/** Asks the browser for a passkey; throws `NoPasskey`. */
async function ask<T>(show: () => Promise<T>): Promise<T> {
  return show().catch((cause: unknown) => {
    throw new NoPasskey('No passkey', { cause })
  })
}

/** Shows a passkey of this browser. Throws `NoPasskey`, `ApiProblem`. */
export async function showPasskey(): Promise<PasskeyProof> {
  const { flow, options } = await call<PasskeyOptions>('POST', `${ROOT}/passkey/options`)
  const response = await ask(() => startAuthentication({ optionsJSON: options as Assertion }))
  return { flow, response }
}

/** Makes a passkey. Throws `NoPasskey`, `ApiProblem`. */
async function addPasskey(name: string): Promise<PasskeyInfo> {
  const { flow, options } = await call<PasskeyOptions>('POST', `${ROOT}/passkeys/options`)
  const response = await ask(() => startRegistration({ optionsJSON: options as Creation }))
  return call<PasskeyInfo>('POST', `${ROOT}/passkeys`, { body: { flow, name, response } })
}

/** Requests about oneself and the staff. All throw `ApiProblem`. */
export const staffApi = {
  ways: () => call<SignInWays>('GET', `${ROOT}/ways`),
  signIn: (body: SignInRequest) => call<SessionAnswer | SecondFactorNeeded>('POST', ROOT, { body }),
  second: (body: SecondFactorRequest) => call<SessionAnswer>('POST', `${ROOT}/second`, { body }),
  confirm: (body: ConfirmRequest) => call<void>('POST', `${ROOT}/confirm`, { body }),
  edit: (body: AccountEdit) => call<SessionAnswer>('PATCH', ROOT, { body }),
  sessions: () => call<SessionList>('GET', `${ROOT}/list`),
  endSession: (id: string) => call<void>('DELETE', `${ROOT}/list/${encodeURIComponent(id)}`),
  endOthers: () => call<void>('DELETE', `${ROOT}/others`),
  factors: () => call<Factors>('GET', `${ROOT}/factors`),
  beginTotp: () => call<TotpSetup>('POST', `${ROOT}/totp`),
  confirmTotp: (code: string) => call<RecoveryCodes>('PUT', `${ROOT}/totp`, { body: { code } }),
  removeTotp: () => call<void>('DELETE', `${ROOT}/totp`),
  newCodes: () => call<RecoveryCodes>('POST', `${ROOT}/totp/recovery`),
  addPasskey,
  renamePasskey: (id: string, name: string) => call<PasskeyInfo>('PATCH', passkey(id), { body: { name } }),
  removePasskey: (id: string) => call<void>('DELETE', passkey(id)),
  people: () => call<People>('GET', '/people'),
  invite: (body: NewPerson) => call<PersonLink>('POST', '/people', { body }),
  editPerson: (id: string, body: PersonEdit) => call<Person>('PATCH', person(id), { body }),
  disablePerson: (id: string) => call<void>('DELETE', person(id)),
  recover: (id: string, body: RecoveryRequest) => call<PersonLink>('POST', `${person(id)}/recovery`, { body }),
}
