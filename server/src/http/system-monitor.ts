import { AlertEdit, AlertInfo, MonitorAnswer } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import type { HttpParts } from './parts.ts'

const AlertParams = Type.Object({ id: Type.Integer({ minimum: 1 }) })

/** What is measured, watched and refused, and silencing an alert. */
export async function systemMonitorRoutes(app: FastifyInstance, { monitor, logger }: HttpParts): Promise<void> {
  app.get(
    '/monitor',
    {
      config: { rights: ['admin'], rate: 'system', cost: 'light' },
      schema: { summary: 'What is measured, watched and refused', response: { 200: MonitorAnswer } },
    },
    async () => monitor.answer(),
  )

  app.put<{ Params: Static<typeof AlertParams>; Body: AlertEdit }>(
    '/alerts/:id',
    {
      config: { rights: ['admin'], rate: 'system', cost: 'light', audits: 'alert_muted' },
      schema: { summary: 'Silence an alert', params: AlertParams, body: AlertEdit, response: { 200: AlertInfo } },
    },
    async (request) => {
      const { id } = request.params
      const { muteMinutes } = request.body
      const alert = monitor.mute(id, muteMinutes)
      request.deed = { target: String(id), details: { muteMinutes } }
      logger.info({ alert: id, muteMinutes }, 'alert silenced')
      return alert
    },
  )
}
