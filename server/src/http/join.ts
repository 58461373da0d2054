import { JoinAnswer, JoinRequest } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { CodedError } from '../errors.ts'
import { preflight } from './cors.ts'
import type { HttpParts } from './parts.ts'

/** Version of the text that tells students what is collected. */
const CONSENT_VERSION = 1

/** Joining a class by code (SPEC JOI-1, JOI-2, JOI-10, JOI-11). */
export async function joinRoutes(app: FastifyInstance, { directory, auth, logger }: HttpParts): Promise<void> {
  const join = async (request: JoinRequest) => {
    const code = await directory.codes.open(request.code)
    return { class: code.class, ...(await directory.students.join(code.class.id, request, code)) }
  }

  app.post<{ Body: JoinRequest }>(
    '',
    {
      config: { rights: ['public'], rate: 'join', cost: 'medium', cors: true },
      schema: { summary: 'Join a class', body: JoinRequest, response: { 200: JoinAnswer } },
    },
    async (request): Promise<JoinAnswer> => {
      // Only wrong codes count: a whole class may sit behind one address.
      auth.failures.check(request.ip)
      const {
        class: found,
        student,
        token,
      } = await join(request.body).catch((error: unknown) => {
        if (error instanceof CodedError && error.code === 'code_invalid') auth.failures.take(request.ip)
        throw error
      })
      logger.info({ class: found.id, student }, 'student joined')
      const { id, name, level } = found
      return { token, class: { id, name }, student, level, consent: { version: CONSENT_VERSION, level } }
    },
  )
  preflight(app, '', 'POST')
}
