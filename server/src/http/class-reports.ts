import { LessonReportAnswer, LessonReportInfo, LessonReportList, NewLessonReport } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { nothing } from './answers.ts'
import { ClassParams, ONE_CLASS, READ, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf } from './rights.ts'

const ReportParams = Type.Object({ ...ClassParams.properties, report: Type.Integer({ minimum: 1 }) })
type ReportParams = Static<typeof ReportParams>

/** Reports of the lessons of a class: each is made by a job, and read when it is done. */
export async function classReportRoutes(app: FastifyInstance, { work: { reports } }: HttpParts): Promise<void> {
  app.get(
    `${ONE_CLASS}/reports`,
    {
      config: { ...READ, needs: 'students.see' },
      schema: { summary: 'Reports of lessons', params: ClassParams, response: { 200: LessonReportList } },
    },
    async (request) => ({ reports: await reports.list(classOf(request).id) }),
  )

  app.post<{ Body: NewLessonReport }>(
    `${ONE_CLASS}/reports`,
    {
      config: {
        ...WRITE,
        needs: 'students.see',
        cost: 'heavy',
        sheds: 'exports',
        audits: 'report_made',
        whenArchived: true,
      },
      schema: {
        summary: 'Report on a lesson',
        params: ClassParams,
        body: NewLessonReport,
        response: { 202: LessonReportInfo },
      },
    },
    async (request, reply) => {
      const info = await reports.make(classOf(request).id, request.body)
      request.deed = { target: String(info.id) }
      return reply.code(202).send(info)
    },
  )

  app.get<{ Params: ReportParams }>(
    `${ONE_CLASS}/reports/:report`,
    {
      config: { ...READ, needs: 'students.see', cost: 'medium' },
      schema: { summary: 'A report of a lesson', params: ReportParams, response: { 200: LessonReportAnswer } },
    },
    async (request) => reports.get(classOf(request).id, request.params.report),
  )

  app.delete<{ Params: ReportParams }>(
    `${ONE_CLASS}/reports/:report`,
    {
      config: { ...WRITE, needs: 'class.edit', audits: 'job_removed', whenArchived: true },
      schema: { summary: 'Remove a report', params: ReportParams, response: nothing(204) },
    },
    async (request, reply) => {
      const { report } = request.params
      await reports.remove(classOf(request).id, report)
      request.deed = { target: String(report) }
      return reply.code(204).send()
    },
  )
}
