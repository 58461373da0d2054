import { AuditAnswer, AuditQuery, AuditVerdict } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import type { HttpParts } from './parts.ts'

/** The audit: searched, and checked as a chain. */
export async function systemAuditRoutes(app: FastifyInstance, { audit }: HttpParts): Promise<void> {
  const config = { rights: ['admin'], rate: 'system', cost: 'medium' } as const

  app.get<{ Querystring: AuditQuery }>(
    '/audit',
    { config, schema: { summary: 'Who did what', querystring: AuditQuery, response: { 200: AuditAnswer } } },
    async ({ query }) => audit.find(query),
  )

  app.get(
    '/audit/verify',
    {
      config: { ...config, cost: 'heavy' },
      schema: { summary: 'Whether the audit is as it was written', response: { 200: AuditVerdict } },
    },
    async () => audit.verify(),
  )
}
