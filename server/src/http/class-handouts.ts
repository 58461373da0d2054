import { Handout, HandoutAnswer, HandoutQuery } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { nothing } from './answers.ts'
import { ClassParams, ONE_CLASS, READ, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf } from './rights.ts'

/** Notebooks as they were handed out, to compare with (SPEC HND-1). */
export async function classHandoutRoutes(app: FastifyInstance, { directory: { handouts } }: HttpParts): Promise<void> {
  app.get<{ Querystring: HandoutQuery }>(
    `${ONE_CLASS}/handout`,
    {
      config: { ...READ, needs: 'students.see', cost: 'medium' },
      schema: {
        summary: 'A notebook as it was handed out',
        params: ClassParams,
        querystring: HandoutQuery,
        response: { 200: HandoutAnswer },
      },
    },
    async (request) => handouts.get(classOf(request).id, request.query.notebook),
  )

  app.put<{ Body: Handout }>(
    `${ONE_CLASS}/handout`,
    {
      config: { ...WRITE, needs: 'class.edit', audits: 'class_changed' },
      schema: {
        summary: 'Set a notebook as it was handed out',
        params: ClassParams,
        body: Handout,
        response: nothing(204),
      },
    },
    async (request, reply) => {
      await handouts.put(classOf(request).id, request.body)
      request.deed = { details: { handout: true, cells: request.body.cells.length } }
      return reply.code(204).send()
    },
  )

  app.delete<{ Querystring: HandoutQuery }>(
    `${ONE_CLASS}/handout`,
    {
      config: { ...WRITE, needs: 'class.edit', audits: 'class_changed' },
      schema: { summary: 'Remove a hand-out', params: ClassParams, querystring: HandoutQuery, response: nothing(204) },
    },
    async (request, reply) => {
      await handouts.remove(classOf(request).id, request.query.notebook)
      request.deed = { details: { handout: false } }
      return reply.code(204).send()
    },
  )
}
