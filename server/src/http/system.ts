import type { FastifyInstance } from 'fastify'
import type { HttpParts } from './parts.ts'
import { systemAuditRoutes } from './system-audit.ts'
import { systemConnectionRoutes } from './system-connections.ts'
import { systemMonitorRoutes } from './system-monitor.ts'
import { systemFlagRoutes } from './system-flags.ts'
import { systemJobRoutes } from './system-jobs.ts'
import { systemReportRoutes } from './system-report.ts'
import { systemRetentionRoutes } from './system-retention.ts'
import { systemRouteRoutes } from './system-routes.ts'
import { systemServiceRoutes } from './system-services.ts'

/**
 * The system, for administrators: everything under `/api/v2/system`, which is the prefix of each path given here.
 * To add a route: a plugin `system-*.ts`, named in the list below; each route declares rights, rate, cost and schemas.
 */
export async function systemRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  for (const routes of [
    systemFlagRoutes,
    systemJobRoutes,
    systemReportRoutes,
    systemRouteRoutes,
    systemServiceRoutes,
    systemConnectionRoutes,
    systemMonitorRoutes,
    systemAuditRoutes,
    systemRetentionRoutes,
  ])
    await app.register(routes, parts)
}
