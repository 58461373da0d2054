import { SessionList } from '@lectern/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { StaffSession } from '../directory/sessions.ts'
import { CodedError } from '../errors.ts'
import { nothing } from './answers.ts'
import type { HttpParts } from './parts.ts'

const STAFF = { rights: ['staff'], rate: 'reads', cost: 'light' } as const
const ENDS = { ...STAFF, rate: 'writes', audits: 'session_ended' } as const
const SessionParams = Type.Object({ session: Type.String({ minLength: 1, maxLength: 64 }) })

/** The session that a request came with. Throws `not_found` for a bearer token, which has none. */
export function ownSession({ session }: FastifyRequest): StaffSession {
  if (!session) throw new CodedError('not_found', 'A bearer token has no session.')
  return session
}

/** How long a sign-in, or a confirmation, counts for changes of how and where one is signed in. */
const CONFIRMED_MS = 15 * 60_000

/** Throws `confirmation_needed` when whoever uses the session showed who they are long ago (SPEC AUT-14). */
export function requireConfirmed({ confirmedAt }: StaffSession, now: number): void {
  if (now - confirmedAt >= CONFIRMED_MS) throw new CodedError('confirmation_needed')
}

/** One's own sessions: where they were begun, and ending them. */
export async function sessionListRoutes(app: FastifyInstance, { directory, auth, clock }: HttpParts): Promise<void> {
  const confirmedSession = (request: FastifyRequest): StaffSession => {
    const own = ownSession(request)
    requireConfirmed(own, clock())
    return own
  }

  app.get(
    '/list',
    { config: STAFF, schema: { summary: 'Sessions of oneself', response: { 200: SessionList } } },
    async (request): Promise<SessionList> => {
      const own = ownSession(request)
      const rows = await directory.sessions.list(own.user.id)
      return {
        sessions: rows.map((row) => ({
          id: row.id,
          current: row.id === own.id,
          method: row.method,
          began: { at: row.created_at, address: row.created_address, agent: row.created_agent },
          seen: { at: row.seen_at, address: row.seen_address, agent: row.seen_agent },
        })),
      }
    },
  )

  app.delete<{ Params: { session: string } }>(
    '/list/:session',
    { config: ENDS, schema: { summary: 'End one of them', params: SessionParams, response: nothing(204) } },
    async (request, reply) => {
      await auth.accounts.endSession(confirmedSession(request).user.id, request.params.session)
      request.deed = { target: request.params.session }
      return reply.code(204).send()
    },
  )

  app.delete(
    '/others',
    { config: ENDS, schema: { summary: 'End all but this one', response: nothing(204) } },
    async (request, reply) => {
      const own = confirmedSession(request)
      const sessions = await auth.accounts.endSessions(own.user.id, own.id)
      request.deed = { details: { sessions } }
      return reply.code(204).send()
    },
  )
}
