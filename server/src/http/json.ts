import type { FastifyInstance } from 'fastify'
import { CodedError } from '../errors.ts'
import { parseJson } from '../ingest/guard.ts'

/** Parses JSON bodies, after the limits of depth and members were checked (SPEC LIM-2). */
export function installJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, parseBody(body as Buffer, request.headers['content-encoding']))
    } catch (error) {
      done(error as CodedError)
    }
  })
}

function parseBody(body: Buffer, encoding: string | undefined): unknown {
  if (encoding !== undefined && encoding !== 'identity') throw new CodedError('unsupported_encoding')
  // A request without a body may still name the type, as many clients do.
  return body.byteLength === 0 ? undefined : parseJson(body).value
}
