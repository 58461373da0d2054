import {
  Factors,
  NewPasskey,
  PasskeyEdit,
  PasskeyInfo,
  PasskeyOptions,
  RecoveryCodes,
  TotpCode,
  TotpSetup,
} from '@lectern/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { passkeyInfo } from '../directory/passkeys.ts'
import type { UserRow } from '../directory/users.ts'
import { nothing } from './answers.ts'
import type { HttpParts } from './parts.ts'
import { relyingPartyOf, requireParty } from './relying-party.ts'
import { ownSession, requireConfirmed } from './session-list.ts'

const STAFF = { rights: ['staff'], rate: 'reads', cost: 'light' } as const
const QUIET = { ...STAFF, rate: 'writes', audits: false } as const
const CHANGE = { ...STAFF, rate: 'writes', audits: 'second_factor_set' } as const
const PasskeyParams = Type.Object({ passkey: Type.String({ minLength: 1, maxLength: 1400 }) })
/** The user of a request that changes how they sign in. Throws `confirmation_needed`. */
const createConfirmed =
  (clock: () => number) =>
  (request: FastifyRequest): UserRow => {
    const session = ownSession(request)
    requireConfirmed(session, clock())
    return session.user
  }

/** Codes of an authenticator app. */
async function totpRoutes(app: FastifyInstance, { auth: { totp }, directory, clock }: HttpParts): Promise<void> {
  const confirmed = createConfirmed(clock)

  app.post(
    '/totp',
    { config: QUIET, schema: { summary: 'Begin with an authenticator app', response: { 200: TotpSetup } } },
    async (request) => totp.begin(confirmed(request)),
  )

  app.put<{ Body: TotpCode }>(
    '/totp',
    {
      config: CHANGE,
      schema: { summary: 'Ask for its codes from now on', body: TotpCode, response: { 200: RecoveryCodes } },
    },
    async (request): Promise<RecoveryCodes> => {
      const codes = await totp.confirm(confirmed(request).id, request.body.code)
      request.deed = { details: { what: 'totp', set: true } }
      return { codes }
    },
  )

  app.delete(
    '/totp',
    { config: CHANGE, schema: { summary: 'Ask for no codes any more', response: nothing(204) } },
    async (request, reply) => {
      await directory.factors.remove(confirmed(request).id)
      request.deed = { details: { what: 'totp', set: false } }
      return reply.code(204).send()
    },
  )

  app.post(
    '/totp/recovery',
    { config: CHANGE, schema: { summary: 'New recovery codes', response: { 200: RecoveryCodes } } },
    async (request): Promise<RecoveryCodes> => {
      const codes = await totp.renewCodes(confirmed(request).id)
      request.deed = { details: { what: 'recovery codes', set: true } }
      return { codes }
    },
  )
}

/** One's own passkeys. */
async function passkeyRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { auth, directory, config, clock } = parts
  const confirmed = createConfirmed(clock)

  app.post(
    '/passkeys/options',
    { config: QUIET, schema: { summary: 'Options to make a passkey with', response: { 200: PasskeyOptions } } },
    async (request) => auth.passkeys.registration(confirmed(request), requireParty(request, config.publicUrl)),
  )

  app.post<{ Body: NewPasskey }>(
    '/passkeys',
    {
      config: CHANGE,
      schema: { summary: 'Register a passkey', body: NewPasskey, response: { 201: PasskeyInfo } },
    },
    async (request, reply) => {
      const party = requireParty(request, config.publicUrl)
      const row = await auth.passkeys.register(confirmed(request), request.body, party)
      request.deed = { details: { what: 'passkey', set: true } }
      return reply.code(201).send(passkeyInfo(row))
    },
  )

  app.patch<{ Params: { passkey: string }; Body: PasskeyEdit }>(
    '/passkeys/:passkey',
    {
      config: QUIET,
      schema: { summary: 'Name a passkey', params: PasskeyParams, body: PasskeyEdit, response: { 200: PasskeyInfo } },
    },
    async (request) => {
      const { params, body } = request
      return passkeyInfo(await directory.passkeys.rename(ownSession(request).user.id, params.passkey, body.name.trim()))
    },
  )

  app.delete<{ Params: { passkey: string } }>(
    '/passkeys/:passkey',
    { config: CHANGE, schema: { summary: 'Remove a passkey', params: PasskeyParams, response: nothing(204) } },
    async (request, reply) => {
      await directory.passkeys.remove(confirmed(request).id, request.params.passkey)
      request.deed = { details: { what: 'passkey', set: false } }
      return reply.code(204).send()
    },
  )
}

/** What one signs in with beside a password. */
export async function sessionFactorRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { auth, directory, config } = parts

  app.get(
    '/factors',
    { config: STAFF, schema: { summary: 'Second factor and passkeys of oneself', response: { 200: Factors } } },
    async (request): Promise<Factors> => {
      const { id } = ownSession(request).user
      const since = await auth.totp.since(id)
      return {
        ...(since === undefined ? {} : { totpSince: since }),
        recoveryCodes: await directory.factors.codesLeft(id),
        passkeys: (await directory.passkeys.list(id)).map(passkeyInfo),
        passkeysPossible: relyingPartyOf(request, config.publicUrl) !== undefined,
      }
    },
  )
  await totpRoutes(app, parts)
  await passkeyRoutes(app, parts)
}
