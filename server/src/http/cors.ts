import type { FastifyInstance } from 'fastify'
import { nothing } from './answers.ts'

const MAX_AGE_S = 86_400

/**
 * The few routes that pages of other origins (a JupyterLab elsewhere) may call. Never with cookies: such a page is given
 * nothing that a bearer token does not give it.
 */
export function installCors(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.route?.cors) {
      void reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', 'Retry-After')
    }
    done()
  })
}

/** Answers the preflight requests of a CORS route. */
export function preflight(app: FastifyInstance, url: string, ...methods: ('GET' | 'POST' | 'PUT' | 'DELETE')[]): void {
  app.options(
    url,
    {
      config: { rights: ['public'], rate: 'pages', cost: 'light', cors: true },
      schema: { summary: 'CORS preflight', response: nothing(204) },
    },
    (request, reply) => {
      void reply
        .header('access-control-allow-methods', methods.join(', '))
        .header('access-control-allow-headers', 'Authorization, Content-Type, Content-Encoding')
        .header('access-control-max-age', String(MAX_AGE_S))
      // A page on a public network asks before it calls a server on a private one.
      if (request.headers['access-control-request-private-network'] === 'true') {
        void reply.header('access-control-allow-private-network', 'true')
      }
      return reply.code(204).send()
    },
  )
}
