import { EventsQuery, OwnMessages, OwnProgress } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { ownMessage } from '../live/own-message.ts'
import { sendJson } from './answers.ts'
import { preflight } from './cors.ts'
import { OWN_READ, provenStudentOf } from './own-scope.ts'
import type { HttpParts } from './parts.ts'
import { studentOf } from './rights.ts'

const DEFAULT_EVENTS = 500
const EventsAnswer = Type.Object({ events: Type.Array(Type.Unknown()), next: Type.Integer() })

/** What the log holds of the student who asks: what staff said, how far the student is, every event. */
export async function meLogRoutes(app: FastifyInstance, { directory, log }: HttpParts): Promise<void> {
  app.get(
    '/messages',
    { config: OWN_READ, schema: { summary: 'What staff said to oneself', response: { 200: OwnMessages } } },
    async (request): Promise<OwnMessages> => {
      const { class: found, student, byAddress } = studentOf(request)
      const kept = await log.messages(found.id, student)
      // SPEC TLK-2
      const shown = byAddress ? kept.filter(({ everyone }) => everyone) : kept
      const names = new Map<string, string>()
      for (const by of new Set(shown.map((one) => one.by))) {
        names.set(by, (await directory.users.nameOf(by)) ?? found.name)
      }
      return { messages: shown.map((one) => ownMessage(one, names.get(one.by) ?? found.name)) }
    },
  )
  preflight(app, '/messages', 'GET')

  app.get(
    '/progress',
    { config: OWN_READ, schema: { summary: 'How far one is oneself', response: { 200: OwnProgress } } },
    async (request) => {
      const { class: found, student } = provenStudentOf(request)
      return log.progress(found.id, student, found.show_band === 1)
    },
  )
  preflight(app, '/progress', 'GET')

  app.get<{ Querystring: Static<typeof EventsQuery> }>(
    '/events',
    {
      config: { ...OWN_READ, rate: 'history', cost: 'heavy', sheds: 'history' },
      schema: {
        summary: 'Own events, in the order of their offsets',
        querystring: EventsQuery,
        response: { 200: EventsAnswer },
      },
    },
    async (request, reply) => {
      const { class: found, student } = provenStudentOf(request)
      const { after = 0, limit = DEFAULT_EVENTS } = request.query
      return sendJson(reply, await log.studentEvents(found.id, student, { after, limit }))
    },
  )
  preflight(app, '/events', 'GET')
}
