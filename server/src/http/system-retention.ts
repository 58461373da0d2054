import { RetentionAnswer, RetentionReport, RetentionRequest } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { actorOf } from './audits.ts'
import type { HttpParts } from './parts.ts'

/** How long an answer waits for the job. */
const PATIENCE_MS = 10_000

/** What is removed when its time is over: the plan, a dry run or the removal now, and the reports of those before. */
export async function systemRetentionRoutes(app: FastifyInstance, { privacy }: HttpParts): Promise<void> {
  const config = { rights: ['admin'], rate: 'system', cost: 'medium' } as const
  const { retention } = privacy

  app.get(
    '/retention',
    {
      config,
      schema: { summary: 'What would be removed and when, and what was', response: { 200: RetentionAnswer } },
    },
    async () => ({ classes: await retention.plan(), reports: await retention.reports() }),
  )

  app.post<{ Body: RetentionRequest }>(
    '/retention',
    {
      // The run leaves its own entries, as it does when nobody asks.
      config: { ...config, cost: 'heavy', audits: false },
      schema: {
        summary: 'Remove what is due, or only say what that is',
        body: RetentionRequest,
        response: { 202: RetentionReport },
      },
    },
    async (request, reply) => {
      const { dryRun = false } = request.body
      const id = await retention.ask({ dryRun, by: actorOf(request.principal) })
      return reply.code(202).send(await retention.ended(id, PATIENCE_MS))
    },
  )
}
