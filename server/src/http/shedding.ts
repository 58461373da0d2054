import type { FastifyInstance } from 'fastify'
import type { Shedding } from '../monitor/shedding.ts'

/** Refuses what the routes declare while the server is short of something, before a body is read. */
export function installShedding(app: FastifyInstance, shedding: Pick<Shedding, 'check'>): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const sheds = request.route?.sheds
    if (sheds !== undefined) shedding.check(sheds)
    done()
  })
}
