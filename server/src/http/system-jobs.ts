import { createReadStream, existsSync } from 'node:fs'
import { JobInfo, JobsAnswer, JobState, NewJob } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { CodedError } from '../errors.ts'
import { exportFile } from '../workers/kinds.ts'
import { file, nothing } from './answers.ts'
import type { HttpParts } from './parts.ts'

const MOST = 500
const JobsQuery = Type.Object({
  state: Type.Optional(JobState),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST, default: 100 })),
})
const JobParams = Type.Object({ id: Type.Integer({ minimum: 1 }) })
type JobParams = Static<typeof JobParams>

/** Jobs: what there is, starting one, trying a dead one again, removing one, and what one came to. */
export async function systemJobRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { work, directory, config: settings, logger } = parts
  const { jobs, workers } = work
  const config = { rights: ['admin'], rate: 'system', cost: 'medium' } as const

  app.get<{ Querystring: Static<typeof JobsQuery> }>(
    '/jobs',
    {
      config,
      schema: {
        summary: 'Jobs, threads and followers of the log',
        querystring: JobsQuery,
        response: { 200: JobsAnswer },
      },
    },
    async ({ query: { state, limit = 100 } }) => ({
      ...(await work.describe()),
      jobs: (await jobs.list({ state, limit })).map((row) => workers.info(row)),
    }),
  )

  app.post<{ Body: NewJob }>(
    '/jobs',
    {
      config: { ...config, audits: 'job_started' },
      schema: { summary: 'Start a job', body: NewJob, response: { 202: JobInfo } },
    },
    async (request, reply) => {
      const { body } = request
      if (body.class !== undefined) await directory.classes.get(body.class)
      if (!workers.offers(body.kind))
        throw new CodedError('bad_request', `There is no kind of job "${body.kind}" to start.`)
      const row = await workers.add(body.kind, body.class === undefined ? {} : { class: body.class })
      logger.info({ job: row.id, kind: row.kind }, 'job added')
      request.deed = { class: body.class, target: String(row.id), details: { kind: row.kind } }
      return reply.code(202).send(workers.info(row))
    },
  )

  app.post<{ Params: JobParams }>(
    '/jobs/:id/replay',
    {
      config: { ...config, audits: 'job_started' },
      schema: { summary: 'Try a dead job again', params: JobParams, response: { 202: JobInfo } },
    },
    async ({ params: { id } }, reply) => reply.code(202).send(workers.info(await workers.replay(id))),
  )

  app.delete<{ Params: JobParams }>(
    '/jobs/:id',
    {
      config: { ...config, audits: 'job_removed' },
      schema: { summary: 'Remove a job that does not run', params: JobParams, response: nothing(204) },
    },
    async ({ params: { id } }, reply) => {
      await workers.remove(id)
      return reply.code(204).send()
    },
  )

  app.get<{ Params: JobParams }>(
    '/jobs/:id/result',
    {
      config: { ...config, cost: 'heavy', sheds: 'exports', audits: 'exported' },
      schema: {
        summary: 'The file that an export wrote',
        params: JobParams,
        response: file('application/jsonl', 'One event a line.'),
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const job = await jobs.get(id)
      const file = exportFile(settings.dataDir, id)
      if (job.kind !== 'export' || job.state !== 'done' || !existsSync(file)) {
        throw new CodedError('not_found', `Job ${id} has no file.`)
      }
      request.deed = { class: (JSON.parse(job.payload) as { class?: string }).class }
      void reply.header('content-disposition', `attachment; filename="events-${id}.jsonl"`)
      return reply.type('application/jsonl').send(createReadStream(file))
    },
  )
}
