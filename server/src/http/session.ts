import { PasswordRequest, SessionAnswer, SignInRequest } from '@lectern/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { NewSession } from '../auth/accounts.ts'
import { staffUser, type UserRow } from '../directory/users.ts'
import { CodedError } from '../errors.ts'
import { nothing } from './answers.ts'
import type { HttpParts } from './parts.ts'
import { checkOrigin } from './rights.ts'
import { createSessionCookies } from './session-cookies.ts'

const STAFF = { rights: ['staff'], rate: 'reads', cost: 'light' } as const

/** Notes in the log and in the audit that somebody signed in, or did not. */
function createWitness({ audit, logger }: Pick<HttpParts, 'audit' | 'logger'>) {
  return {
    async signedIn({ ip }: FastifyRequest, { user, method }: NewSession): Promise<void> {
      logger.info({ user: user.id, method, address: ip }, 'signed in')
      await audit.record({ actor: user.id, action: 'signed_in', details: { method, address: ip } })
    },
    async refused({ ip }: FastifyRequest, error: unknown): Promise<never> {
      const reason = error instanceof CodedError ? error.code : 'internal'
      logger.warn({ address: ip, reason }, 'sign-in failed')
      // What was turned away unread says nothing about anybody, and could fill the disk.
      if (reason !== 'rate_limited') {
        await audit.record({ actor: 'system', action: 'sign_in_failed', details: { reason, address: ip } })
      }
      throw error
    },
  }
}

/** Signing in and out, and the staff's own password. */
export async function sessionRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { clock, config, logger } = parts
  const { accounts } = parts.auth
  const cookies = createSessionCookies(config)
  const witness = createWitness(parts)

  const answer = (user: UserRow, expires: number): SessionAnswer => ({ user: staffUser(user), expires, at: clock() })
  const begin = (reply: FastifyReply, begun: NewSession): SessionAnswer => {
    cookies.begin(reply, begun)
    return answer(begun.user, clock() + config.sessionTimes.idleMs)
  }

  app.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-store')
  })

  app.post<{ Body: SignInRequest }>(
    '',
    {
      config: { rights: ['public'], rate: 'sign-in', cost: 'heavy' },
      schema: { summary: 'Sign in', body: SignInRequest, response: { 200: SessionAnswer } },
    },
    async (request, reply) => {
      checkOrigin(request, config.publicUrl)
      const signedIn = await accounts
        .signIn(request.body, cookies.visitOf(request))
        .catch((error: unknown) => witness.refused(request, error))
      await witness.signedIn(request, signedIn)
      return begin(reply, signedIn)
    },
  )

  app.get(
    '',
    { config: STAFF, schema: { summary: 'Who is signed in', response: { 200: SessionAnswer } } },
    async ({ session }) => {
      if (!session) throw new CodedError('not_found', 'A bearer token has no session.')
      return answer(session.user, session.expires)
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

  app.put<{ Body: PasswordRequest }>(
    '/password',
    {
      config: { rights: ['staff'], rate: 'sign-in', cost: 'heavy', audits: 'password_set' },
      schema: { summary: 'Set the own password', body: PasswordRequest, response: { 200: SessionAnswer } },
    },
    async (request, reply) => {
      const { session } = request
      if (!session) throw new CodedError('not_found', 'A bearer token has no password.')
      const changed = await accounts.setPassword(session, request.body, cookies.visitOf(request))
      logger.info({ user: changed.user.id }, 'password set')
      return begin(reply, changed)
    },
  )
}
