import { ErasureReport, EventsQuery, RosterEntry, StudentEdit } from '@lectern/protocol'
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

  app.patch<{ Params: Student; Body: StudentEdit }>(
    `${ONE_CLASS}/students/:student`,
    {
      config: { ...WRITE, needs: 'roster.edit', audits: 'roster_changed' },
      schema: {
        summary: 'Change who a student is said to be',
        params: StudentParams,
        body: StudentEdit,
        response: { 200: RosterEntry },
      },
    },
    async (request) => {
      const { student } = request.params
      request.deed = { target: student, details: { changed: Object.keys(request.body).toSorted().join(' ') } }
      return directory.students.edit(classOf(request).id, student, request.body)
    },
  )

  app.delete<{ Params: Student }>(
    `${ONE_CLASS}/students/:student`,
    {
      // The erasure leaves its own entry, also when the student asks for it.
      config: { ...WRITE, needs: 'student.erase', cost: 'heavy', audits: false, whenArchived: true },
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
