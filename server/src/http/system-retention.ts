import { RetentionAnswer } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { actorOf } from './audits.ts'
import type { HttpParts } from './parts.ts'

/** What is removed when its time is over: the plan, and keeping to it now. */
export async function systemRetentionRoutes(app: FastifyInstance, { privacy }: HttpParts): Promise<void> {
  const config = { rights: ['admin'], rate: 'system', cost: 'medium' } as const

  app.get(
    '/retention',
    { config, schema: { summary: 'What would be removed, and when', response: { 200: RetentionAnswer } } },
    async () => privacy.retention.plan(),
  )

  app.post(
    '/retention',
    {
      // The run leaves its own entries, as it does when nobody asks.
      config: { ...config, cost: 'heavy', audits: false },
      schema: { summary: 'Remove what is due', response: { 200: RetentionAnswer } },
    },
    async (request) => privacy.retention.run(actorOf(request.principal)),
  )
}
