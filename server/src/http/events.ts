import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { BatchResult, EventBatch, LIMITS } from '@lectern/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { levelInForce } from '../directory/consents.ts'
import { CodedError } from '../errors.ts'
import { preflight } from './cors.ts'
import { traced } from '../monitor/tracing.ts'
import type { HttpParts } from './parts.ts'
import { studentOf } from './rights.ts'

const unzip = promisify(gunzip)
const OPEN = Buffer.from('{')
const CLOSE = Buffer.from('}')

/** The body as it was before compression, within the limit (SPEC BAT-4, LIM-1). */
async function plainBody({ headers, body }: FastifyRequest): Promise<Uint8Array> {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity') return body as Uint8Array
  if (encoding !== 'gzip') throw new CodedError('unsupported_encoding', `content-encoding: ${encoding}`)
  try {
    return await unzip(body as Uint8Array, { maxOutputLength: LIMITS.bodyBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new CodedError('too_large')
    throw new CodedError('bad_request', 'The body is not valid gzip.', { cause: error })
  }
}

/** Ingest (SPEC BAT-1): bytes in, bytes out; only the log thread looks into them. */
export async function eventRoutes(app: FastifyInstance, { log, metrics, tracing }: HttpParts): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.post(
    '',
    {
      config: { rights: ['student'], needs: 'own.append', rate: 'events', cost: 'medium', cors: true },
      schema: { summary: 'Append events', body: EventBatch, response: { 200: BatchResult } },
      // The body is bytes here; the log thread checks it.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const began = performance.now()
      const { class: found, student, install, consent } = studentOf(request)
      if (found.ended_at !== null) throw new CodedError('class_ended')
      const bytes = await plainBody(request)
      const trace = tracing.begin('http', request.headers['traceparent'] as string | undefined)
      const batch = { class: found.id, student, install, level: levelInForce(found.level, consent), bytes, trace }
      const answer = await traced(trace, () => log.submit(batch))
      metrics.acknowledged(performance.now() - began)
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .send(Buffer.concat([OPEN, answer, CLOSE], answer.byteLength + 2))
    },
  )
  preflight(app, '', 'POST')
}
