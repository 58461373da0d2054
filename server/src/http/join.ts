import {
  CONSENT_VERSION,
  JoinAnswer,
  JoinPreview,
  JoinPreviewRequest,
  JoinRequest,
  RETENTION_DAYS,
  type ConsentAnswer,
} from '@lectern/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { HubIdentity } from '../auth/jupyterhub.ts'
import type { ClassRow } from '../directory/classes.ts'
import type { OpenCode } from '../directory/codes.ts'
import { letsIn } from '../directory/hub-door.ts'
import type { Consent } from '../directory/consents.ts'
import type { HowJoined, Joined } from '../directory/students.ts'
import { CodedError } from '../errors.ts'
import { preflight } from './cors.ts'
import type { HttpParts } from './parts.ts'
import { noteSharing } from './sharing.ts'

/** Refusals of what may have been guessed: a code, or a token of the Hub. */
const GUESSED: ReadonlySet<string> = new Set(['code_invalid', 'unauthenticated'])

/** An answer, as far as it gives no more than holds already: whoever knows an address may take away only (SPEC CON-7). */
const atMost = (answer: ConsentAnswer, { sharing, level, research }: Consent): ConsentAnswer => ({
  ...answer,
  sharing: answer.sharing && sharing,
  level: answer.level < level ? answer.level : level,
  research: answer.research === true && research,
})

/** What says where somebody wants to join. */
type Where = Pick<JoinRequest, 'code' | 'class' | 'hub'>

/** Joining a class by code, or from the Hub (SPEC JOI-1, JOI-2, JOI-10, JOI-11, JOI-20, JOI-21, CON-2). */
export async function joinRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { directory, auth, logger } = parts

  /** Only wrong codes count: a whole class may sit behind one address. */
  const guarded = async <T>({ ip }: FastifyRequest, work: () => Promise<T>): Promise<T> => {
    auth.failures.check(ip)
    return work().catch((error: unknown) => {
      if (error instanceof CodedError && GUESSED.has(error.code)) auth.failures.take(ip)
      throw error
    })
  }

  /** The class that a code opens; or, for who comes from the Hub, that is named. Throws `code_invalid`, `class_ended`. */
  const opened = async ({ code, class: id, hub }: Where): Promise<{ found: ClassRow; by?: OpenCode }> => {
    if (code !== undefined) {
      const by = await directory.codes.open(code)
      return { found: by.class, by }
    }
    if (id === undefined || !hub) throw new CodedError('bad_request', 'code: it is needed, or hub and class.')
    const found = await directory.classes.get(id).catch(() => {
      throw new CodedError('code_invalid', 'You are not in this class yet; join with its code.')
    })
    if (found.ended_at !== null) throw new CodedError('class_ended')
    return { found }
  }

  /** Who the Hub says this is. Throws `unauthenticated`, `provider_unavailable`, `bad_request` where there is no Hub. */
  const hubUser = async ({ hub }: Where): Promise<HubIdentity | undefined> => {
    if (!hub) return undefined
    if (!auth.hub) throw new CodedError('bad_request', 'hub: this server knows no JupyterHub.')
    return auth.hub.verifyHubToken(hub.token)
  }

  /** Where somebody wants to join, and by what. The Hub comes first: whom it does not know learns of no class. */
  const entry = async (where: Where): Promise<{ found: ClassRow; how: HowJoined }> => {
    const user = await hubUser(where)
    const { found, by } = await opened(where)
    const hub = user && { user: user.name, open: letsIn(found.hub_door, user) }
    return { found, how: { by, hub } }
  }

  /** What holds after joining: an answer given with it, or, at the first time without one, that the student agrees. */
  const consentOf = async (found: ClassRow, joined: Joined, request: JoinRequest): Promise<Consent> => {
    const { student, isNew, byAddress } = joined
    const owner = { class: found.id, student }
    const given =
      request.consent ??
      (isNew ? (request.consentIfNew ?? { sharing: true, level: found.level, version: CONSENT_VERSION }) : undefined)
    const before = await directory.consents.of(owner)
    if (!given) return before
    const wasSharing = before.sharing
    const allowed = byAddress ? atMost(given, before) : given
    const { sharing, ...consent } = await directory.consents.answer(owner, { ...allowed, asked: found.level })
    if (!sharing || (!isNew && wasSharing !== sharing)) await noteSharing(parts, owner, sharing)
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
        const { found, how } = await entry(request.body)
        return { found, joined: await directory.students.join(found.id, request.body, how) }
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
      const found = await guarded(request, async () => {
        const { found, how } = await entry(request.body)
        await directory.students.requireEntry(found.id, how)
        return found
      })
      const { name, level, retention_days: days } = found
      return { class: { name }, level, version: CONSENT_VERSION, retentionDays: days ?? RETENTION_DAYS }
    },
  )
  preflight(app, '/preview', 'POST')
}
