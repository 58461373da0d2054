import type { FastifyInstance } from 'fastify'
import type { HttpParts } from './parts.ts'
import { systemConnectionRoutes } from './system-connections.ts'
import { systemMonitorRoutes } from './system-monitor.ts'
import { systemFlagRoutes } from './system-flags.ts'
import { systemJobRoutes } from './system-jobs.ts'
import { systemReportRoutes } from './system-report.ts'
import { systemServiceRoutes } from './system-services.ts'

/** The system, for administrators: everything under `/api/v2/system`. */
export async function systemRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  for (const routes of [
    systemFlagRoutes,
    systemJobRoutes,
    systemReportRoutes,
    systemServiceRoutes,
    systemConnectionRoutes,
    systemMonitorRoutes,
  ])
    await app.register(routes, parts)
}
