import { ServicesAnswer } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { CodedError } from '../errors.ts'
import { nothing } from './answers.ts'
import type { HttpParts } from './parts.ts'

const ServiceParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }) })

/** The services: what they are, and starting one again. */
export async function systemServiceRoutes(app: FastifyInstance, { services, logger }: HttpParts): Promise<void> {
  app.get(
    '/services',
    {
      config: { rights: ['admin', 'loopback'], rate: 'system', cost: 'light' },
      schema: { summary: 'Services, and how they started', response: { 200: ServicesAnswer } },
    },
    async () => services.describe(),
  )

  app.post<{ Params: Static<typeof ServiceParams> }>(
    '/services/:name/restart',
    {
      config: { rights: ['admin'], rate: 'system', cost: 'heavy', audits: 'service_restarted' },
      schema: {
        summary: 'Start a service again, with all that need it',
        params: ServiceParams,
        response: nothing(202),
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const { services: all } = await services.describe()
      const found = all.find((service) => service.name === name)
      if (!found) throw new CodedError('not_found', `There is no service "${name}".`)
      if (!found.restartable) {
        throw new CodedError('conflict', `The service "${name}" starts with the process only; restart the server.`)
      }
      logger.warn({ service: name }, 'restart asked for')
      // The answer must be out before the services that carry it stop; what comes of it, the list of services says.
      reply.raw.once('close', () => {
        services.restart(name).catch((err: unknown) => logger.error({ err }, 'restart failed'))
      })
      return reply.code(202).send()
    },
  )
}
