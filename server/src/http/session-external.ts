import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Provider } from '../auth/external.ts'
import { CodedError } from '../errors.ts'
import { redirect } from './answers.ts'
import type { HttpParts } from './parts.ts'
import { originOf } from './relying-party.ts'
import { createBeginning } from './session-begin.ts'

const ROUTE = { rights: ['public'], rate: 'sign-in', cost: 'medium' } as const
const PROVIDERS = ['oidc', 'jupyterhub'] as const satisfies readonly Provider['id'][]
/** What a provider may add; it is read by the library that checks it. */
const Answer = Type.Record(Type.String(), Type.String({ maxLength: 4096 }))

/** A page of another site sent the browser: nobody has asked here to be signed in. */
const isSentFromElsewhere = ({ headers }: FastifyRequest): boolean =>
  headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site'

/** Signing in elsewhere: there, and back. Both end at a page of this server, whatever the address asks for. */
export async function externalRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { config, logger } = parts
  const { external } = parts.auth
  const { cookies, begin, refuse } = createBeginning(parts)

  const callbackOf = (request: FastifyRequest, id: Provider['id']) =>
    `${originOf(request, config.publicUrl)}/api/v2/session/${id}/callback`

  /** The page that says why; a person looks at it, not a program. Of a provider's answer, which may hold tokens, only the fault is logged. */
  const refusedPage = (error: unknown): string => {
    if (!(error instanceof CodedError)) {
      logger.error({ err: error }, 'sign-in elsewhere failed')
      return '/#/refused/internal'
    }
    const { code, cause } = error
    if (cause instanceof Error) logger.warn({ code, reason: cause.message }, 'sign-in elsewhere failed')
    return `/#/refused/${code}`
  }

  for (const id of PROVIDERS) {
    app.get(
      `/${id}`,
      { config: ROUTE, schema: { summary: `Go to sign in: ${id}`, response: redirect('To the provider.') } },
      async (request, reply) => {
        if (isSentFromElsewhere(request)) return reply.redirect('/', 302)
        try {
          const { url, secret } = await external.begin(id, callbackOf(request, id))
          cookies.beginFlow(reply, secret, external.flowMs)
          return await reply.redirect(url, 302)
        } catch (error) {
          return reply.redirect(refusedPage(error), 302)
        }
      },
    )

    app.get(
      `/${id}/callback`,
      {
        config: ROUTE,
        schema: {
          summary: `Come back from signing in: ${id}`,
          querystring: Answer,
          response: redirect('To the dashboard.'),
        },
      },
      async (request, reply) => {
        const secret = cookies.endFlow(request, reply)
        try {
          if (secret === undefined) throw new CodedError('flow_expired')
          const answer = new URL(callbackOf(request, id))
          answer.search = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : ''
          const begun = await external
            .finish(answer, { id, secret }, cookies.visitOf(request))
            .catch((error: unknown) => refuse(request, error))
          await begin(request, reply, begun)
          return await reply.redirect('/', 302)
        } catch (error) {
          return reply.redirect(refusedPage(error), 302)
        }
      },
    )
  }
}
