import { constants, createGzip } from 'node:zlib'
import { ReplayQuery } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { file } from './answers.ts'
import { ClassParams, ONE_CLASS } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf } from './rights.ts'

/** Lines repeat each other: the least of packing makes them a tenth. Each part can be read when it comes. */
const PACKING = { level: 1, flush: constants.Z_SYNC_FLUSH }

/** A lesson gone through again (SPEC RPL-1). */
export async function classReplayRoutes(app: FastifyInstance, { work: { replays } }: HttpParts): Promise<void> {
  app.get<{ Querystring: ReplayQuery }>(
    `${ONE_CLASS}/replay`,
    {
      config: {
        rights: ['staff'],
        needs: 'students.see',
        rate: 'history',
        cost: 'heavy',
        sheds: 'history',
        audits: 'lesson_replayed',
      },
      schema: {
        summary: 'A lesson gone through again',
        params: ClassParams,
        querystring: ReplayQuery,
        response: file('application/jsonl', 'One `ReplayLine` a line.'),
      },
    },
    async (request, reply) => {
      const { from, to } = request.query
      request.deed = { details: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) } }
      const lines = await replays.open(classOf(request).id, request.query)
      void reply.type('application/jsonl').header('cache-control', 'no-store').header('vary', 'accept-encoding')
      if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(lines)
      const packed = createGzip(PACKING)
      lines.on('error', (error) => packed.destroy(error))
      packed.on('close', () => lines.destroy())
      return reply.header('content-encoding', 'gzip').send(lines.pipe(packed))
    },
  )
}
