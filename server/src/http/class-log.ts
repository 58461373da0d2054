import { EventsQuery, RollupsAnswer, StateAnswer } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { CodedError } from '../errors.ts'
import { nothing, sendJson } from './answers.ts'
import { ClassParams, ONE_CLASS, READ, StudentParams, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf, staffOf } from './rights.ts'

const HISTORY = { rights: ['staff'], rate: 'history', cost: 'heavy', sheds: 'history' } as const
const DEFAULT_EVENTS = 1000
const EventsAnswer = Type.Object({ events: Type.Array(Type.Unknown()), next: Type.Integer() })

/** What the log of a class holds: its state, its events, open help requests. */
export async function classLogRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { log, work } = parts
  app.get(
    `${ONE_CLASS}/state`,
    {
      config: { ...READ, needs: 'students.see', cost: 'medium', sheds: 'refresh' },
      schema: { summary: 'State of the class', params: ClassParams, response: { 200: StateAnswer } },
    },
    async (request, reply) => sendJson(reply, await log.state(classOf(request).id)),
  )

  app.get(
    `${ONE_CLASS}/rollups`,
    {
      config: { ...HISTORY, needs: 'students.see' },
      schema: { summary: 'What happened by minute and by cell', params: ClassParams, response: { 200: RollupsAnswer } },
    },
    async (request) => work.rollups.read(classOf(request).id),
  )

  app.get<{ Querystring: Static<typeof EventsQuery> }>(
    `${ONE_CLASS}/events`,
    {
      config: { ...HISTORY, needs: 'code.see', audits: 'events_read' },
      schema: {
        summary: 'Events of the class, in the order of their offsets',
        params: ClassParams,
        querystring: EventsQuery,
        response: { 200: EventsAnswer },
      },
    },
    async (request, reply) => {
      const { after = 0, limit = DEFAULT_EVENTS } = request.query
      request.deed = { details: { after, limit } }
      return sendJson(reply, await log.events(classOf(request).id, after, limit))
    },
  )

  app.post<{ Params: Static<typeof StudentParams> }>(
    `${ONE_CLASS}/help/:student/resolve`,
    {
      config: { ...WRITE, needs: 'help.answer', audits: false },
      schema: { summary: 'Close a help request', params: StudentParams, response: nothing(204) },
    },
    async (request, reply) => {
      const found = classOf(request)
      const { student } = request.params
      const { open } = await log.help(found.id, student)
      if (!open) throw new CodedError('not_found', 'This student has no open help request.')
      const by = staffOf(request).user
      await log.append([{ class: found.id, student, type: 'help_resolved', data: by === undefined ? {} : { by } }])
      return reply.code(204).send()
    },
  )
}
