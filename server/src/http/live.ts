import { TicketAnswer, TIMES } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { CodedError } from '../errors.ts'
import { preflight } from './cors.ts'
import type { HttpParts } from './parts.ts'

/** Tickets for sockets (SPEC SUB-1). */
export async function liveRoutes(app: FastifyInstance, { auth, clock }: HttpParts): Promise<void> {
  app.post(
    '/ticket',
    {
      config: { rights: ['student', 'staff'], rate: 'tickets', cost: 'light', cors: true, audits: false },
      schema: { summary: 'A ticket for one socket', response: { 200: TicketAnswer } },
    },
    async ({ principal }): Promise<TicketAnswer> => {
      if (!principal) throw new CodedError('unauthenticated')
      return { ticket: auth.tickets.issue(principal), expires: clock() + TIMES.ticketMs }
    },
  )
  preflight(app, '/ticket', 'POST')
}
