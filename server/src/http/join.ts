import { JoinAnswer, JoinRequest } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { CodedError } from '../errors.ts'
import { preflight } from './cors.ts'
import type { HttpParts } from './parts.ts'

/** Version of the text that tells students what is collected. */
const CONSENT_VERSION = 1

/** Joining a class by code (SPEC JOI-1, JOI-2). */
export async function joinRoutes(app: FastifyInstance, { directory, auth, logger }: HttpParts): Promise<void> {
  app.post<{ Body: JoinRequest }>(
    '',
    {
      config: { rights: ['public'], rate: 'join', cost: 'medium', cors: true },
      schema: { summary: 'Join a class', body: JoinRequest, response: { 200: JoinAnswer } },
    },
    async (request): Promise<JoinAnswer> => {
      // Only wrong codes count: a whole class may sit behind one address.
      auth.failures.check(request.ip)
      const found = await directory.codes.classOf(request.body.code).catch((error: unknown) => {
        if (error instanceof CodedError && error.code === 'code_invalid') auth.failures.take(request.ip)
        throw error
      })
      const { student, token } = await directory.students.join(found.id, request.body)
      logger.info({ class: found.id, student }, 'student joined')
      const { id, name, level } = found
      return { token, class: { id, name }, student, level, consent: { version: CONSENT_VERSION, level } }
    },
  )
  preflight(app, '', 'POST')
}
