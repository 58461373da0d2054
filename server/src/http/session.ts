import {
  AccountEdit,
  ConfirmRequest,
  PasskeyOptions,
  PasswordRequest,
  SecondFactorNeeded,
  SecondFactorRequest,
  SessionAnswer,
  SignInRequest,
  SignInWays,
} from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { normalEmail } from '../directory/users.ts'
import { CodedError } from '../errors.ts'
import { nothing } from './answers.ts'
import type { HttpParts } from './parts.ts'
import { relyingPartyOf, requireParty } from './relying-party.ts'
import { checkOrigin } from './rights.ts'
import { createBeginning } from './session-begin.ts'
import { ownSession, requireConfirmed } from './session-list.ts'

const STAFF = { rights: ['staff'], rate: 'reads', cost: 'light' } as const
const SIGN_IN = { rights: ['public'], rate: 'sign-in', cost: 'heavy' } as const

/** Signing in and out, and the staff's own password. */
export async function sessionRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { clock, directory, logger } = parts
  const { accounts } = parts.auth
  const { cookies, answer, begin } = createBeginning(parts)

  app.get(
    '',
    { config: STAFF, schema: { summary: 'Who is signed in', response: { 200: SessionAnswer } } },
    async ({ session }) => {
      if (!session) throw new CodedError('not_found', 'A bearer token has no session.')
      return answer(session, session.expires)
    },
  )

  app.delete(
    '',
    {
      config: { ...STAFF, rate: 'writes', audits: 'signed_out' },
      schema: { summary: 'Sign out', response: nothing(204) },
    },
    async ({ session }, reply) => {
      if (session !== undefined) await accounts.signOut(session)
      cookies.clear(reply)
      return reply.code(204).send()
    },
  )

  app.patch<{ Body: AccountEdit }>(
    '',
    {
      config: { ...STAFF, rate: 'writes', audits: 'person_changed' },
      schema: { summary: 'Change the own name or address', body: AccountEdit, response: { 200: SessionAnswer } },
    },
    async (request) => {
      const session = ownSession(request)
      const { name = session.user.name, email } = request.body
      const moves = email !== undefined && normalEmail(email) !== session.user.email
      if (moves) requireConfirmed(session, clock())
      const user = await directory.users.update(session.user.id, { name: name.trim(), ...(moves ? { email } : {}) })
      request.deed = { target: user.id, details: { name: user.name !== session.user.name, email: moves } }
      return answer({ ...session, user }, session.expires)
    },
  )

  app.put<{ Body: PasswordRequest }>(
    '/password',
    {
      config: { rights: ['staff'], rate: 'sign-in', cost: 'heavy', audits: 'password_set' },
      schema: { summary: 'Set the own password', body: PasswordRequest, response: { 200: SessionAnswer } },
    },
    async (request, reply) => {
      const changed = await accounts.setPassword(ownSession(request), request.body, cookies.visitOf(request))
      logger.info({ user: changed.user.id }, 'password set')
      return begin(request, reply, changed)
    },
  )

  app.post<{ Body: ConfirmRequest }>(
    '/confirm',
    {
      config: { rights: ['staff'], rate: 'sign-in', cost: 'heavy', audits: false },
      schema: { summary: 'Prove once more who one is', body: ConfirmRequest, response: nothing(204) },
    },
    async (request, reply) => {
      await accounts.confirm(ownSession(request), request.body, cookies.visitOf(request))
      return reply.code(204).send()
    },
  )
}

/** What anybody may ask for to get in. */
export async function signInRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { config } = parts
  const { accounts, passkeys } = parts.auth
  const { cookies, begin, refuse } = createBeginning(parts)

  app.post<{ Body: SignInRequest }>(
    '',
    {
      config: SIGN_IN,
      schema: { summary: 'Sign in', body: SignInRequest, response: { 200: SessionAnswer, 202: SecondFactorNeeded } },
    },
    async (request, reply) => {
      checkOrigin(request, config.publicUrl)
      const visit = cookies.visitOf(request)
      const outcome = await accounts.signIn(request.body, visit).catch((error: unknown) => refuse(request, error))
      return 'needed' in outcome ? reply.code(202).send(outcome.needed) : begin(request, reply, outcome)
    },
  )

  app.post<{ Body: SecondFactorRequest }>(
    '/second',
    {
      config: SIGN_IN,
      schema: { summary: 'Show a second factor', body: SecondFactorRequest, response: { 200: SessionAnswer } },
    },
    async (request, reply) => {
      checkOrigin(request, config.publicUrl)
      const visit = cookies.visitOf(request)
      const begun = await accounts.signInSecond(request.body, visit).catch((error: unknown) => refuse(request, error))
      return begin(request, reply, begun)
    },
  )

  app.post(
    '/passkey/options',
    {
      config: { ...SIGN_IN, cost: 'light' },
      schema: { summary: 'Options to show a passkey with', response: { 200: PasskeyOptions } },
    },
    async (request) => passkeys.assertion(requireParty(request, config.publicUrl)),
  )

  app.get(
    '/ways',
    {
      config: { rights: ['public'], rate: 'reads', cost: 'light' },
      schema: { summary: 'How one can sign in here', response: { 200: SignInWays } },
    },
    async (request): Promise<SignInWays> => ({
      passkeys: relyingPartyOf(request, config.publicUrl) !== undefined,
      providers: parts.auth.external.providers,
    }),
  )
}
