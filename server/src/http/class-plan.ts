import { PICTURES, PlanInfo } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { file, nothing, upload } from './answers.ts'
import { ClassParams, ONE_CLASS, READ, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf } from './rights.ts'

/** The picture is shown and nothing else, whatever a browser thinks that it is. */
const POLICY = "default-src 'none'; sandbox"

/** The picture of the room of a class. */
export async function classPlanRoutes(app: FastifyInstance, { work: { plans } }: HttpParts): Promise<void> {
  app.removeAllContentTypeParsers()
  const limits = { parseAs: 'buffer', bodyLimit: PICTURES.bytes } as const
  app.addContentTypeParser([...PICTURES.types], limits, (_request, body, done) => done(null, body))

  app.put(
    `${ONE_CLASS}/plan`,
    {
      config: { ...WRITE, needs: 'class.edit', cost: 'heavy', sheds: 'exports', audits: 'class_changed' },
      schema: {
        summary: 'Set the picture of the room',
        params: ClassParams,
        body: upload(PICTURES.types, 'A picture of at most 8 MiB and 40 million pixels.'),
        response: {
          200: PlanInfo,
          202: Type.Object({}, { description: 'It was taken and is still worked on.' }),
        },
      },
      bodyLimit: PICTURES.bytes,
      // The body is bytes here; a thread looks into them.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      request.deed = { details: { plan: true } }
      const info = await plans.put(classOf(request).id, { type, bytes })
      return info ?? reply.code(202).send({})
    },
  )

  app.get(
    `${ONE_CLASS}/plan`,
    {
      // Names may be written on it.
      config: { ...READ, needs: 'students.see', cost: 'medium' },
      schema: { summary: 'The picture of the room', params: ClassParams, response: file('image/webp', 'A picture.') },
    },
    async (request, reply) => {
      const { webp } = await plans.get(classOf(request).id)
      return reply
        .type('image/webp')
        .header('content-security-policy', POLICY)
        .header('cross-origin-resource-policy', 'same-origin')
        .header('cache-control', 'private, no-cache')
        .send(Buffer.from(webp))
    },
  )

  app.delete(
    `${ONE_CLASS}/plan`,
    {
      config: { ...WRITE, needs: 'class.edit', audits: 'class_changed' },
      schema: { summary: 'Remove the picture of the room', params: ClassParams, response: nothing(204) },
    },
    async (request, reply) => {
      request.deed = { details: { plan: false } }
      await plans.remove(classOf(request).id)
      return reply.code(204).send()
    },
  )
}
