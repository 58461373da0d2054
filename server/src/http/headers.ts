import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'

/** What is no page loads nothing, runs nothing and is framed nowhere, should a browser take it for one. */
const DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

/** Headers of every answer, also of one to what is not HTTP. A page sets a policy of its own. */
export const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': DATA_POLICY,
} as const

const YEAR_S = 31_536_000
/** Browsers come back over https only, also to names below this one (RFC 6797). */
const HSTS = `max-age=${YEAR_S}; includeSubDomains`

/** Lets every answer carry these headers; where the public address is https, browsers are told to stay there. */
export function installHeaders(app: FastifyInstance, { publicUrl }: Pick<Config, 'publicUrl'>): void {
  const secure = publicUrl?.startsWith('https:') ?? false
  const headers = { ...SAFE_HEADERS, ...(secure ? { 'strict-transport-security': HSTS } : {}) }
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers)
    done()
  })
}

/** Answers of these routes are kept by no browser and no proxy, unless a route says otherwise: they speak of people. */
export function keepNothing(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('cache-control', 'no-store')
    done()
  })
}
