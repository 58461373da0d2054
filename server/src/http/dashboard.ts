import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { file } from './answers.ts'
import type { HttpParts } from './parts.ts'

/** What a page of this server may load: its own files only. No text becomes markup or script: the page has no policy that makes it so. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // The one text that is taken for markup: an output of a cell, in a frame without scripts and origin.
  'trusted-types output-frame',
].join('; ')

/** Vite puts a hash of the content into the names of these. */
const HASHED = /^assets\/[^/]+-[\w-]{8,}\.\w+$/
const YEAR_S = 365 * 24 * 3600

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Lectern</title>
<h1>Lectern is running, but its page is not built</h1>
<p>Run <code>npm run build:dashboard</code>, or start the server with <code>npm start</code>, which builds it. Then load this page again.</p>
<p lang="ja">サーバーは動いていますが、画面がまだビルドされていません。<code>npm run build:dashboard</code> を実行してから再読み込みしてください。</p>
</html>
`

const page = (reply: FastifyReply) =>
  reply
    .header('content-security-policy', PAGE_POLICY)
    .header('cross-origin-opener-policy', 'same-origin')
    .header('cache-control', 'no-cache')

const PUBLIC = { rights: ['public'], rate: 'pages', cost: 'light' } as const

/** The instructors' page: static files. The page itself routes by the fragment, so `/` is its only address. */
export async function dashboardRoutes(app: FastifyInstance, { folders }: HttpParts): Promise<void> {
  app.get(
    '/',
    { config: PUBLIC, schema: { summary: 'The dashboard', response: file('text/html', 'The page.') } },
    async (_request, reply) => {
      page(reply)
      if (!existsSync(join(folders.dashboard, 'index.html')))
        return reply.type('text/html; charset=utf-8').send(NOT_BUILT)
      return reply.sendFile('index.html', folders.dashboard, { cacheControl: false })
    },
  )

  app.get<{ Params: { '*': string } }>(
    '/*',
    { config: PUBLIC, schema: { summary: "The dashboard's files", response: file('*/*', 'A file of the page.') } },
    async ({ params }, reply) => {
      const name = params['*']
      if (name.startsWith('api/') || !existsSync(folders.dashboard)) return reply.callNotFound()
      if (HASHED.test(name)) {
        return reply.sendFile(name, folders.dashboard, { maxAge: YEAR_S * 1000, immutable: true })
      }
      page(reply)
      return reply.sendFile(name, folders.dashboard, { cacheControl: false })
    },
  )
}
