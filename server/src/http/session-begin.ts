import type { SessionAnswer } from '@lectern/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { NewSession } from '../auth/accounts.ts'
import { staffUser } from '../directory/users.ts'
import { CodedError } from '../errors.ts'
import type { HttpParts } from './parts.ts'
import { createSessionCookies } from './session-cookies.ts'

/** What was turned away unread says nothing about anybody, and could fill the disk. */
const UNHEARD: ReadonlySet<string> = new Set(['rate_limited', 'flow_expired'])

/** How a sign-in ends, for every way in: cookies and an answer, or a refusal; both leave an entry in the audit. */
export function createBeginning({ audit, auth, clock, config, logger }: HttpParts) {
  const cookies = createSessionCookies(config)
  const answer = async (session: Pick<NewSession, 'user' | 'method'>, expires: number): Promise<SessionAnswer> => ({
    user: staffUser(session.user),
    method: session.method,
    expires,
    at: clock(),
    ...((await auth.second.lacks(session)) ? { secondFactorNeeded: true } : {}),
  })

  return {
    cookies,
    answer,

    /** Gives a session that begun with a sign-in to the browser. */
    async begin({ ip }: FastifyRequest, reply: FastifyReply, begun: NewSession): Promise<SessionAnswer> {
      const { user, method } = begun
      logger.info({ user: user.id, method, address: ip }, 'signed in')
      await audit.record({ actor: user.id, action: 'signed_in', details: { method, address: ip } })
      cookies.begin(reply, begun)
      return answer(begun, clock() + config.sessionTimes.idleMs)
    },

    /** Notes that a sign-in was refused, and throws `error` again. */
    async refuse({ ip }: FastifyRequest, error: unknown): Promise<never> {
      const reason = error instanceof CodedError ? error.code : 'internal'
      logger.warn({ address: ip, reason }, 'sign-in failed')
      if (!UNHEARD.has(reason)) {
        await audit.record({ actor: 'system', action: 'sign_in_failed', details: { reason, address: ip } })
      }
      throw error
    },
  }
}
