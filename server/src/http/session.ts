import { PasswordRequest, SessionAnswer, SignInRequest } from '@lectern/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { SESSION_TIMES } from '../directory/sessions.ts'
import { staffUser, type UserRow } from '../directory/users.ts'
import { CodedError } from '../errors.ts'
import { nothing } from './answers.ts'
import type { HttpParts } from './parts.ts'
import { checkOrigin, cookieName, staffOf } from './rights.ts'

const STAFF = { rights: ['staff'], rate: 'reads', cost: 'light' } as const

/** Signing in and out, and the staff's own password. */
export async function sessionRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { clock, config, logger } = parts
  const { accounts, failures } = parts.auth
  const secure = config.publicUrl?.startsWith('https:') ?? false
  const cookie = cookieName(secure)
  const options = { httpOnly: true, sameSite: 'strict', path: '/', secure } as const

  const answer = (user: UserRow, expires: number): SessionAnswer => ({ user: staffUser(user), expires, at: clock() })
  const begin = (reply: FastifyReply, { user, secret }: { user: UserRow; secret: string }): SessionAnswer => {
    void reply.setCookie(cookie, secret, { ...options, maxAge: SESSION_TIMES.absoluteMs / 1000 })
    return answer(user, clock() + SESSION_TIMES.idleMs)
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
      const where = { address: request.ip, before: request.cookies[cookie] }
      const signedIn = await accounts.signIn(request.body, where).catch((error: unknown) => {
        logger.warn(
          { address: request.ip, reason: error instanceof CodedError ? error.code : 'internal' },
          'sign-in failed',
        )
        throw error
      })
      logger.info({ user: signedIn.user.id, address: request.ip }, 'signed in')
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
    async (request, reply) => {
      const { session } = staffOf(request)
      if (session !== undefined) await accounts.signOut(session)
      return reply.clearCookie(cookie, options).code(204).send()
    },
  )

  app.put<{ Body: PasswordRequest }>(
    '/password',
    {
      config: { rights: ['staff'], rate: 'sign-in', cost: 'heavy', audits: 'password_set' },
      schema: { summary: 'Set the own password', body: PasswordRequest, response: { 200: SessionAnswer } },
    },
    async (request, reply) => {
      const { session, ip } = request
      if (!session) throw new CodedError('not_found', 'A bearer token has no password.')
      failures.check(ip)
      const changed = await accounts.setPassword(session, request.body).catch((error: unknown) => {
        if (error instanceof CodedError && error.code === 'wrong_credentials') failures.take(ip)
        throw error
      })
      logger.info({ user: changed.user.id }, 'password set')
      return begin(reply, changed)
    },
  )
}
