import { ErasureReport, EventsQuery } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { actorOf } from './audits.ts'
import { ONE_CLASS, StudentParams, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf } from './rights.ts'

const DEFAULT_EVENTS = 500
const EventsAnswer = Type.Object({ events: Type.Array(Type.Unknown()), next: Type.Integer() })
type Student = Static<typeof StudentParams>

/** One student of a class: what the student wrote, and erasing it. */
export async function classStudentRoutes(app: FastifyInstance, { directory, log, privacy }: HttpParts): Promise<void> {
  app.get<{ Params: Student; Querystring: Static<typeof EventsQuery> }>(
    `${ONE_CLASS}/students/:student/events`,
    {
      config: {
        rights: ['staff'],
        needs: 'code.see',
        rate: 'history',
        cost: 'heavy',
        sheds: 'history',
        audits: 'code_viewed',
      },
      schema: {
        summary: 'Events of one student; the student is told who looked',
        params: StudentParams,
        querystring: EventsQuery,
        response: { 200: EventsAnswer },
      },
    },
    async (request, reply) => {
      const { id } = classOf(request)
      const { student } = request.params
      await directory.students.get(id, student)
      const { after = 0, limit = DEFAULT_EVENTS } = request.query
      const bytes = await log.studentEvents(id, student, { after, limit })
      return reply.header('content-type', 'application/json; charset=utf-8').send(bytes)
    },
  )

  app.delete<{ Params: Student }>(
    `${ONE_CLASS}/students/:student`,
    {
      // The erasure leaves its own entry, also when the student asks for it.
      config: { ...WRITE, needs: 'student.erase', cost: 'heavy', audits: false },
      schema: { summary: 'Erase a student, for good', params: StudentParams, response: { 200: ErasureReport } },
    },
    async (request) =>
      privacy.erasure.student({
        class: classOf(request).id,
        student: request.params.student,
        actor: actorOf(request.principal),
      }),
  )
}
