import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'

/** An answer without a body, by its status. */
export const nothing = (status: 202 | 204) => ({ [status]: Type.Null({ description: 'No body.' }) })

/** An answer that is not JSON. `type`: its media type. */
export const file = (type: string, description: string) => ({
  200: Type.String({ contentMediaType: type, description }),
})

/** A body that is not JSON, of one of these media types. */
export const upload = (types: readonly string[], description: string) =>
  Type.Unsafe<Buffer>({ type: 'string', format: 'binary', description, 'x-media-types': types })

/** An answer that sends the browser elsewhere. */
export const redirect = (description: string) => ({ 302: Type.Null({ description }) })

/** Answers with JSON that was made elsewhere, as it is. */
export const sendJson = (reply: FastifyReply, bytes: Uint8Array) =>
  reply.header('content-type', 'application/json; charset=utf-8').send(bytes)
