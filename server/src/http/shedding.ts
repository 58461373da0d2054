import type { FastifyInstance } from 'fastify'
import type { Shedding, ShedKind } from '../monitor/shedding.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route belongs to when the server must put something off (SPEC LIM-6); without it, it is always served. */
    sheds?: ShedKind
  }
}

/** Refuses what the routes declare while the server is short of something, before a body is read. */
export function installShedding(app: FastifyInstance, shedding: Pick<Shedding, 'check'>): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { sheds } = request.routeOptions.config
    if (sheds !== undefined) shedding.check(sheds)
    done()
  })
}
