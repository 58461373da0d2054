import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { CodedError } from '../errors.ts'
import type { ServiceHealth } from '../services/part.ts'
import { file } from './answers.ts'
import type { HttpParts } from './parts.ts'

/** Asking the services is not free, and anybody may ask. */
const HELD_MS = 500

const Live = Type.Object({ status: Type.Literal('live') })
const Started = Type.Object({ status: Type.Literal('started') })
const Ready = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('not_ready')]),
  services: Type.Array(
    Type.Object({
      name: Type.String(),
      state: Type.String(),
      ok: Type.Boolean(),
      reason: Type.Optional(Type.String()),
    }),
  ),
})

/** `/livez`: the process answers. `/startupz`: everything has started. `/readyz`: everything can do its work now. */
export async function probeRoutes(app: FastifyInstance, { health, phase, metrics }: HttpParts): Promise<void> {
  const open = { rights: ['public'], rate: 'probes', cost: 'light' } as const
  let held: { at: number; services: Promise<ServiceHealth[]> } | undefined
  const services = () => {
    const at = performance.now()
    if (!held || at - held.at > HELD_MS) held = { at, services: health() }
    return held.services
  }

  app.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-store')
  })

  app.get(
    '/livez',
    { config: open, schema: { summary: 'Does the process answer?', response: { 200: Live } } },
    async () => ({ status: 'live' }),
  )

  app.get(
    '/startupz',
    { config: open, schema: { summary: 'Has everything started?', response: { 200: Started } } },
    async () => {
      if (phase() === 'starting') throw new CodedError('not_ready')
      return { status: 'started' }
    },
  )

  app.get(
    '/readyz',
    { config: open, schema: { summary: 'Can everything do its work?', response: { 200: Ready, 503: Ready } } },
    async (_request, reply) => {
      const all = await services()
      const ready = phase() === 'running' && all.every(({ ok, spare = false }) => ok || spare)
      if (!ready) void reply.code(503).header('retry-after', '1')
      return { status: ready ? 'ready' : 'not_ready', services: all }
    },
  )

  app.get(
    '/metrics',
    {
      config: { rights: ['staff', 'loopback'], rate: 'probes', cost: 'medium' },
      schema: { summary: 'Metrics in the format of Prometheus', response: file('text/plain', 'Metrics.') },
    },
    async (_request, reply) => {
      const { contentType, text } = await metrics.expose()
      return reply.header('content-type', contentType).send(text)
    },
  )
}
