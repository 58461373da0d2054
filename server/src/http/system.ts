import type { FastifyInstance } from 'fastify'
import type { HttpParts } from './parts.ts'
import { systemMonitorRoutes } from './system-monitor.ts'
import { systemServiceRoutes } from './system-services.ts'

/** The system, for administrators: everything under `/api/v2/system`. */
export async function systemRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  for (const routes of [systemServiceRoutes, systemMonitorRoutes]) await app.register(routes, parts)
}
