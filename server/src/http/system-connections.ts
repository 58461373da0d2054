import { ConnectionsAnswer } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { CodedError } from '../errors.ts'
import { nothing } from './answers.ts'
import type { HttpParts } from './parts.ts'

const MOST = 1000
const ConnectionsQuery = Type.Object({
  kind: Type.Optional(
    Type.Union([
      Type.Literal('greeting'),
      Type.Literal('student'),
      Type.Literal('staff'),
      Type.Literal('admin'),
      Type.Literal('closing'),
    ]),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST, default: 100 })),
})
const ConnectionParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 32 }) })

/** The sockets: all together, one by one, and closing one. */
export async function systemConnectionRoutes(app: FastifyInstance, { hub, logger }: HttpParts): Promise<void> {
  const config = { rights: ['admin'], rate: 'system', cost: 'light' } as const

  app.get<{ Querystring: Static<typeof ConnectionsQuery> }>(
    '/connections',
    {
      config,
      schema: { summary: 'Sockets', querystring: ConnectionsQuery, response: { 200: ConnectionsAnswer } },
    },
    async ({ query: { kind, limit = 100 } }) => ({ totals: hub().totals(), connections: hub().list({ kind, limit }) }),
  )

  app.delete<{ Params: Static<typeof ConnectionParams> }>(
    '/connections/:id',
    {
      config: { ...config, audits: 'socket_closed' },
      schema: { summary: 'Close a socket; its client comes back', params: ConnectionParams, response: nothing(204) },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!hub().closeOne(id)) throw new CodedError('not_found', `There is no open socket "${id}".`)
      logger.info({ connection: id }, 'socket closed by an administrator')
      return reply.code(204).send()
    },
  )
}
