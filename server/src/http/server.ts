import { randomBytes } from 'node:crypto'
import cookie from '@fastify/cookie'
import statics from '@fastify/static'
import { LIMITS } from '@lectern/protocol'
import createFastify, { LogController, type FastifyInstance } from 'fastify'
import { CodedError } from '../errors.ts'
import { createRefusals } from '../monitor/refusals.ts'
import { apiRoutes, registerDomain } from './api.ts'
import { installAudits } from './audits.ts'
import { limitStrangers } from './connections.ts'
import { installCors } from './cors.ts'
import { dashboardRoutes } from './dashboard.ts'
import { installDeclarations } from './declare.ts'
import { extensionRoutes } from './extension.ts'
import { installHeaders } from './headers.ts'
import { installJson } from './json.ts'
import type { HttpParts } from './parts.ts'
import { probeRoutes } from './probes.ts'
import { installProblems, onClientError, onFrameworkError } from './problems.ts'
import { createRates } from './rates.ts'
import { installRights } from './rights.ts'
import { createSessionCookies } from './session-cookies.ts'
import { installShedding } from './shedding.ts'
import { installValidation } from './validation.ts'

/** Times of a request, in milliseconds. */
const HTTP_TIMES = {
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 72_000,
  /** How often the two above are looked at. */
  checkMs: 1_000,
} as const

const MAX_PARAM_CHARS = 200
/** pino's number for "warn"; below it Fastify speaks of its own life. */
const WARN_LEVEL = 40

/** Request ids: unguessable start, then a counter, so that an answer can be found in the server's log. */
function createRequestIds(): () => string {
  const boot = randomBytes(4).toString('hex')
  let count = 0
  return () => `${boot}-${(count += 1).toString(36)}`
}

function createInstance({ config, logger, metrics }: HttpParts): FastifyInstance {
  return createFastify({
    // One line for each of thousands of posts a second would help nobody; what matters is logged by the routes.
    logController: new LogController({ disableRequestLogging: true }),
    loggerInstance: logger.child({}, logger.levelVal < WARN_LEVEL ? { level: 'warn' } : {}),
    bodyLimit: LIMITS.bodyBytes,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    genReqId: createRequestIds(),
    requestTimeout: HTTP_TIMES.requestMs,
    keepAliveTimeout: HTTP_TIMES.keepAliveMs,
    http: { headersTimeout: HTTP_TIMES.headersMs, connectionsCheckingInterval: HTTP_TIMES.checkMs },
    // The server refuses by itself while it stops, in the form of every other error.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MAX_PARAM_CHARS },
    frameworkErrors: onFrameworkError((code) => metrics.failed(code)),
    clientErrorHandler: onClientError((code) => metrics.failed(code)),
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
  }) as unknown as FastifyInstance
}

/** Refuses what comes while the server stops, but for the probes. */
function installStopping(app: FastifyInstance, { phase }: HttpParts): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (phase() === 'stopping' && request.route?.url !== '/livez' && request.route?.url !== '/readyz') {
      return done(new CodedError('shutting_down'))
    }
    done()
  })
}

/** Holds each route to the limit of its rate class (SPEC LIM-7), after it is known who asks. */
function installRates(app: FastifyInstance): void {
  const rates = createRates(() => performance.now())
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.route) rates.take(request.route.rate, request)
    done()
  })
}

/** Builds the HTTP side over its parts; nothing listens yet. */
export async function createHttp(parts: HttpParts): Promise<FastifyInstance> {
  const app = createInstance(parts)
  const strangers = limitStrangers(app.server)
  app.decorate('knownConnection', strangers.known)
  installProblems(app, {
    failed: (code) => parts.metrics.failed(code),
    refused: createRefusals({ logger: parts.logger, now: () => performance.now() }),
  })
  installValidation(app)
  installJson(app)
  await app.register(cookie)
  // The routes name the folder of each file themselves; the root must only exist.
  await app.register(statics, { root: import.meta.dirname, serve: false, dotfiles: 'deny', index: false })
  installDeclarations(app)
  installAudits(app, parts.audit)
  installCors(app)
  installHeaders(app, parts.config)
  installStopping(app, parts)
  installRights(app, {
    auth: parts.auth,
    classes: parts.directory.classes,
    publicUrl: parts.config.publicUrl,
    cookies: createSessionCookies(parts.config),
  })
  installRates(app)
  installShedding(app, parts.monitor.shedding)
  app.addHook('preHandler', (request, _reply, done) => {
    if (request.principal) strangers.known(request.raw.socket)
    done()
  })
  for (const [name, routes] of Object.entries({ probes: probeRoutes, extension: extensionRoutes })) {
    await registerDomain(app, { name, prefix: '', routes: [routes] }, parts)
  }
  await app.register((api) => apiRoutes(api, parts), { prefix: '/api/v2' })
  await registerDomain(app, { name: 'dashboard', prefix: '', routes: [dashboardRoutes] }, parts)
  await app.ready()
  return app
}
