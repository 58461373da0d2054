import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { file } from './answers.ts'
import { PAGE_POLICY } from './dashboard.ts'
import { createOpenApi } from './openapi.ts'
import type { HttpParts } from './parts.ts'

const FOLDER = join(import.meta.dirname, 'docs')
const PUBLIC = { rights: ['public'], rate: 'pages', cost: 'light' } as const
const OpenApi = Type.Object({ openapi: Type.Literal('3.1.0'), info: Type.Object({}), paths: Type.Object({}) })

/** The API, described by itself: as OpenAPI, and as a page that needs nothing from elsewhere. */
export async function docsRoutes(app: FastifyInstance, { version, config }: HttpParts): Promise<void> {
  const secure = config.publicUrl?.startsWith('https:') ?? false
  // Both are made when first asked for: then every route is there, and the start is not held up.
  let made: { json: string; page: string } | undefined
  const described = async () => {
    if (made) return made
    const { renderDocs } = await import('./docs-page.ts')
    const document = createOpenApi(app.routeTable, { version, secure })
    made = { json: JSON.stringify(document), page: renderDocs(document) }
    return made
  }

  app.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-cache')
  })

  app.get(
    '/openapi.json',
    {
      config: { ...PUBLIC, cost: 'medium' },
      schema: { summary: 'The API in OpenAPI 3.1', response: { 200: OpenApi } },
    },
    async (_request, reply) => reply.type('application/json; charset=utf-8').send((await described()).json),
  )

  app.get(
    '/docs',
    {
      config: { ...PUBLIC, cost: 'medium' },
      schema: { summary: 'The API as a page', response: file('text/html', 'The page.') },
    },
    async (_request, reply) =>
      reply
        .header('content-security-policy', PAGE_POLICY)
        .type('text/html; charset=utf-8')
        .send((await described()).page),
  )

  for (const [name, type] of Object.entries({ 'page.css': 'text/css', 'page.js': 'application/javascript' })) {
    app.get(
      `/docs/${name}`,
      { config: PUBLIC, schema: { summary: 'A part of the page', response: file(type, 'A part of the page.') } },
      async (_request, reply) => reply.sendFile(name, FOLDER, { cacheControl: false }),
    )
  }
}
