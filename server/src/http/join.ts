import {
  CONSENT_VERSION,
  JoinAnswer,
  JoinPreview,
  JoinPreviewRequest,
  JoinRequest,
  RETENTION_DAYS,
} from '@lectern/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ClassRow } from '../directory/classes.ts'
import type { Consent } from '../directory/consents.ts'
import type { Joined } from '../directory/students.ts'
import { CodedError } from '../errors.ts'
import { preflight } from './cors.ts'
import type { HttpParts } from './parts.ts'

/** Joining a class by code (SPEC JOI-1, JOI-2, JOI-10, JOI-11, CON-2). */
export async function joinRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { directory, auth, log, logger } = parts

  /** Only wrong codes count: a whole class may sit behind one address. */
  const guarded = async <T>({ ip }: FastifyRequest, work: () => Promise<T>): Promise<T> => {
    auth.failures.check(ip)
    return work().catch((error: unknown) => {
      if (error instanceof CodedError && error.code === 'code_invalid') auth.failures.take(ip)
      throw error
    })
  }

  /** What holds after joining: an answer given with it, or, at the first time without one, that the student agrees. */
  const consentOf = async (found: ClassRow, { student, isNew }: Joined, request: JoinRequest): Promise<Consent> => {
    const owner = { class: found.id, student }
    const given =
      request.consent ?? (isNew ? { sharing: true, level: found.level, version: CONSENT_VERSION } : undefined)
    if (!given) return directory.consents.of(owner)
    const before = (await directory.consents.of(owner)).sharing
    const { sharing, ...consent } = await directory.consents.answer(owner, given)
    if (!sharing || (!isNew && before !== sharing)) {
      await log.append([{ class: found.id, student, type: 'sharing_changed', data: { sharing } }])
    }
    return { sharing, ...consent }
  }

  app.post<{ Body: JoinRequest }>(
    '',
    {
      config: { rights: ['public'], rate: 'join', cost: 'medium', cors: true, audits: 'student_joined' },
      schema: { summary: 'Join a class', body: JoinRequest, response: { 200: JoinAnswer } },
    },
    async (request): Promise<JoinAnswer> => {
      const { found, joined } = await guarded(request, async () => {
        const code = await directory.codes.open(request.body.code)
        return { found: code.class, joined: await directory.students.join(code.class.id, request.body, code) }
      })
      const { student, token } = joined
      const { sharing, level: agreed, version } = await consentOf(found, joined, request.body)
      request.deed = { actor: student, class: found.id, target: student, details: { sharing, level: agreed, version } }
      logger.info({ class: found.id, student }, 'student joined')
      const { id, name, level } = found
      return { token, class: { id, name }, student, level, consent: { version, level: agreed, sharing } }
    },
  )
  preflight(app, '', 'POST')

  app.post<{ Body: JoinPreviewRequest }>(
    '/preview',
    {
      config: { rights: ['public'], rate: 'join', cost: 'medium', cors: true },
      schema: { summary: 'What joining means', body: JoinPreviewRequest, response: { 200: JoinPreview } },
    },
    async (request): Promise<JoinPreview> => {
      const opened = await guarded(request, () => directory.codes.open(request.body.code))
      const { name, level, retention_days: days } = opened.class
      return { class: { name }, level, version: CONSENT_VERSION, retentionDays: days ?? RETENTION_DAYS }
    },
  )
  preflight(app, '/preview', 'POST')
}
