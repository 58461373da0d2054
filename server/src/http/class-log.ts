import { ClassCounts, EventsQuery, RollupsAnswer, StateAnswer } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { sendJson } from './answers.ts'
import { ClassParams, ONE_CLASS, READ } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf } from './rights.ts'

const HISTORY = { rights: ['staff'], rate: 'history', cost: 'heavy', sheds: 'history' } as const
const DEFAULT_EVENTS = 1000
const EventsAnswer = Type.Object({ events: Type.Array(Type.Unknown()), next: Type.Integer() })

/** What the log of a class holds: its state and its events. */
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
    `${ONE_CLASS}/counts`,
    {
      config: { ...READ, needs: 'students.see', cost: 'medium', sheds: 'refresh' },
      schema: { summary: 'How many students need what now', params: ClassParams, response: { 200: ClassCounts } },
    },
    async (request, reply) => sendJson(reply, await log.classCounts(classOf(request).id)),
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
      config: { ...HISTORY, needs: 'log.read', audits: 'events_read' },
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
}
