import { ClassSummary } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { sendJson } from './answers.ts'
import { ClassParams, ONE_CLASS } from './class-scope.ts'
import { preflight } from './cors.ts'
import type { HttpParts } from './parts.ts'
import { classOf } from './rights.ts'

/** A summary is made at most so often, however many ask: they are a whole class. */
const HELD_MS = 5_000

/** How a class as a whole is doing, for those who may not see its students. */
export async function classSummaryRoutes(app: FastifyInstance, { log }: HttpParts): Promise<void> {
  const held = new Map<string, Promise<Uint8Array>>()
  const summaryOf = (id: string): Promise<Uint8Array> => {
    const known = held.get(id)
    if (known) return known
    const made = log.summary(id)
    held.set(id, made)
    const drop = () => void held.delete(id)
    setTimeout(drop, HELD_MS).unref()
    made.catch(drop)
    return made
  }

  app.get(
    `${ONE_CLASS}/summary`,
    {
      config: {
        rights: ['student', 'staff'],
        needs: 'aggregates.see',
        rate: 'reads',
        cost: 'medium',
        sheds: 'refresh',
        cors: true,
      },
      schema: { summary: 'How the class as a whole is doing', params: ClassParams, response: { 200: ClassSummary } },
    },
    async (request, reply) => sendJson(reply, await summaryOf(classOf(request).id)),
  )
  preflight(app, `${ONE_CLASS}/summary`, 'GET')
}
