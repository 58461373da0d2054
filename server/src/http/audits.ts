import type { AuditAction } from '@lectern/protocol'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Audit, Deed } from '../audit/audit.ts'
import type { Principal } from '../auth/principal.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Entry that the route leaves in the audit (SPEC AUD-1); false for one that changes nothing of others. */
    audits?: AuditAction | false
  }
  interface FastifyRequest {
    /** What the entry says beyond who asked for what, or that it was something else; set by the handler. `false`: nothing was done. */
    deed: Partial<Deed> | false | undefined
  }
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Parameters that name what was acted on. */
const TARGETS = ['student', 'user', 'key', 'name', 'id'] as const

/** Who did it, as the audit names them. */
export const actorOf = (principal: Principal | undefined): string =>
  principal?.kind === 'student' ? principal.student : (principal?.user ?? 'script')

/** Throws when a route by which the staff change something does not say what it leaves in the audit. */
function requireDeclared({ method, url, config = {} }: RouteOptions): void {
  const byStaff = config.rights?.some((right) => right === 'staff' || right === 'admin')
  if (!byStaff || READS.has(String(method)) || config.audits !== undefined) return
  throw new Error(`The route ${String(method)} ${url} declares no audit.`)
}

function deedOf(request: FastifyRequest, action: AuditAction): Deed {
  const params = request.params as Partial<Record<string, string>>
  const target = TARGETS.map((name) => params[name]).find((value) => value !== undefined)
  return { actor: actorOf(request.principal), action, class: params['class'], target, ...request.deed }
}

/** Lets each route that declares it leave its entry before the answer goes out, so that nothing is done or seen without. */
export function installAudits(app: FastifyInstance, audit: Audit): void {
  app.decorateRequest('deed', undefined)
  app.addHook('onRoute', (options) => {
    requireDeclared(options)
    const action = options.config?.audits
    if (!action || options.method === 'HEAD') return
    const record = async (request: FastifyRequest, reply: { statusCode: number }, payload: unknown) => {
      if (reply.statusCode < 400 && request.deed !== false) await audit.record(deedOf(request, action))
      return payload
    }
    options.onSend = [record, ...[options.onSend ?? []].flat()]
  })
}
