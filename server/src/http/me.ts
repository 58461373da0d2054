import { Readable } from 'node:stream'
import { ConsentAnswer, ConsentState, ErasureReport, MeAnswer, ViewsAnswer, type StoredEvent } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import type { StudentPrincipal } from '../auth/principal.ts'
import { consentState } from '../directory/consents.ts'
import type { Owner } from '../keys/vault.ts'
import type { Directory } from '../directory/directory.ts'
import type { Log } from '../log/log.ts'
import { file } from './answers.ts'
import { preflight } from './cors.ts'
import { OWN_READ, OWN_WRITE, provenStudentOf } from './own-scope.ts'
import type { HttpParts } from './parts.ts'
import { studentOf } from './rights.ts'
import { noteSharing } from './sharing.ts'

const READ_AT_ONCE = 500
const MOST_VIEWS = 200
/** What of the audit a student is shown: who looked at what they wrote, alone or with the class's. */
const VIEWS = ['code_viewed', 'events_read', 'exported'] as const

/** Own events, one a line, as the log holds them. */
async function* eventLines(log: Pick<Log, 'studentEvents'>, owner: Owner): AsyncGenerator<string> {
  for (let after = 0; ;) {
    const bytes = await log.studentEvents(owner.class, owner.student, { after, limit: READ_AT_ONCE })
    const { events, next } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { events: StoredEvent[]; next: number }
    if (events.length === 0) return
    yield events.map((event) => `${JSON.stringify(event)}\n`).join('')
    after = next
  }
}

/** What the staff noted about the student, who reads it too (SPEC NTE-1). */
async function notesOf({ users, notes }: Directory, owner: Owner) {
  const names = new Map((await users.list()).map(({ id, name }) => [id, name]))
  return (await notes.list(owner)).map(({ at, by = '', text }) => ({ at, by: names.get(by) ?? by, text }))
}

/** What is the student's own: what is known, asked and agreed to, who looked, all data to take along, and being forgotten (SPEC PRI-5). */
export async function meRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { directory, log, audit, logger, privacy, hub } = parts
  const { consents, students } = directory

  const ownerOf = ({ class: found, student }: StudentPrincipal) => ({ class: found.id, student })
  const consentOf = async (principal: StudentPrincipal): Promise<ConsentState> => ({
    ...consentState(principal.class, await consents.of(ownerOf(principal))),
    history: await consents.history(ownerOf(principal)),
  })
  const meOf = async (principal: StudentPrincipal): Promise<MeAnswer> => {
    const { id, name, ended_at: endedAt } = principal.class
    const identity = await students.get(id, principal.student)
    const found = { id, name, ended: endedAt !== null }
    return { student: principal.student, ...identity, class: found, consent: await consentOf(principal) }
  }

  app.get(
    '',
    { config: OWN_READ, schema: { summary: 'What is known of oneself', response: { 200: MeAnswer } } },
    async (request) => meOf(provenStudentOf(request)),
  )
  app.delete(
    '',
    {
      config: { ...OWN_WRITE, cost: 'heavy' },
      schema: { summary: 'Be erased from the class, for good', response: { 200: ErasureReport } },
    },
    async (request) => {
      const { class: found, student } = provenStudentOf(request)
      return privacy.erasure.student({ class: found.id, student, actor: student })
    },
  )
  preflight(app, '', 'GET', 'DELETE')

  app.get(
    '/consent',
    { config: OWN_READ, schema: { summary: 'What is asked and agreed to', response: { 200: ConsentState } } },
    async (request) => consentOf(studentOf(request)),
  )
  app.put<{ Body: ConsentAnswer }>(
    '/consent',
    {
      config: { ...OWN_WRITE, audits: 'consent_given' },
      schema: { summary: 'Agree, or no longer', body: ConsentAnswer, response: { 200: ConsentState } },
    },
    async (request) => {
      const principal = provenStudentOf(request)
      const owner = ownerOf(principal)
      const before = (await consents.of(owner)).sharing
      const { sharing, level, version } = await consents.answer(owner, {
        ...request.body,
        asked: principal.class.level,
      })
      if (sharing !== before) await noteSharing(parts, owner, sharing)
      request.deed = { class: owner.class, target: owner.student, details: { sharing, level, version } }
      logger.info({ ...owner, sharing, level }, 'consent answered')
      hub().tellConsent(owner.class, owner.student)
      return consentOf(principal)
    },
  )
  preflight(app, '/consent', 'GET', 'PUT')

  app.get(
    '/views',
    { config: OWN_READ, schema: { summary: 'Who looked at what one wrote', response: { 200: ViewsAnswer } } },
    async (request): Promise<ViewsAnswer> => {
      const { class: found, student } = provenStudentOf(request)
      const found2 = await Promise.all(
        VIEWS.map((action) =>
          audit.find({
            class: found.id,
            action,
            limit: MOST_VIEWS,
            ...(action === 'code_viewed' ? { target: student } : {}),
          }),
        ),
      )
      const entries = found2.flatMap((answer) => answer.entries).toSorted((a, b) => b.n - a.n)
      const users = new Map((await directory.users.list()).map(({ id, name }) => [id, name]))
      const views = entries.slice(0, MOST_VIEWS).map(({ at, actor, action }) => ({
        at,
        by: users.get(actor) ?? actor,
        what: action as (typeof VIEWS)[number],
      }))
      return { views }
    },
  )
  preflight(app, '/views', 'GET')

  app.get(
    '/export',
    {
      config: { ...OWN_READ, rate: 'history', cost: 'heavy', sheds: 'exports', audits: 'own_exported' },
      schema: {
        summary: 'All own data, as JSON Lines',
        response: file(
          'application/jsonl',
          'First what is known of the student, with what the staff noted, then one event a line, as it was sent.',
        ),
      },
    },
    async (request, reply) => {
      const principal = provenStudentOf(request)
      const owner = ownerOf(principal)
      const head = {
        schema: 'lectern-own-data',
        version: 1,
        ...(await meOf(principal)),
        notes: await notesOf(directory, owner),
      }
      async function* lines(): AsyncGenerator<string> {
        yield `${JSON.stringify(head)}\n`
        yield* eventLines(log, owner)
      }
      request.deed = { class: owner.class, target: owner.student }
      void reply.header('content-disposition', 'attachment; filename="my-lectern-data.jsonl"')
      return reply.type('application/jsonl').send(Readable.from(lines()))
    },
  )
  preflight(app, '/export', 'GET')
}
