import { Seats, SeatsEdit } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { nothing } from './answers.ts'
import { ClassParams, ONE_CLASS, READ, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf } from './rights.ts'

const AfterQuery = Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0, default: 0 })) })

/** Where students and teams stand in the room of a class. */
export async function classSeatRoutes(app: FastifyInstance, { directory, work: { plans } }: HttpParts): Promise<void> {
  const { seats, students } = directory

  app.get<{ Querystring: Static<typeof AfterQuery> }>(
    `${ONE_CLASS}/seats`,
    {
      config: { ...READ, needs: 'roster.see' },
      schema: {
        summary: 'Where students and teams stand in the room',
        params: ClassParams,
        querystring: AfterQuery,
        response: { 200: Seats },
      },
    },
    async (request) => {
      const { id } = classOf(request)
      const { after = 0 } = request.query
      const [{ version, places }, picture] = await Promise.all([
        seats.after(id, after, () => students.teams(id)),
        plans.info(id),
      ])
      return { version, ...(picture ? { picture } : {}), places }
    },
  )

  app.put<{ Body: SeatsEdit }>(
    `${ONE_CLASS}/seats`,
    {
      // Each drag of a chair would leave an entry, and the audit hold little else.
      config: { ...WRITE, needs: 'class.edit', audits: false },
      schema: {
        summary: 'Place, move and take away students and teams in the room',
        params: ClassParams,
        body: SeatsEdit,
        response: nothing(204),
      },
    },
    async (request, reply) => {
      const { id } = classOf(request)
      await seats.place(id, request.body.places, (await students.roster(id)).students)
      return reply.code(204).send()
    },
  )
}
