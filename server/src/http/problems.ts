import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { ERRORS, type ErrorCode, type Problem } from '@lectern/protocol'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CodedError } from '../errors.ts'
import type { Refusals } from '../monitor/refusals.ts'
import { actorOf } from './audits.ts'
import { SAFE_HEADERS } from './headers.ts'

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** Codes for what Fastify itself refuses. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad_json',
  FST_ERR_BAD_URL: 'bad_request',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: 'unsupported_media',
}

/** Seconds after which to try again, where the error itself does not say. */
const RETRY_AFTER: Partial<Record<number, number>> = { 429: 1, 503: 1 }

/** The code of what a part below refused as a fault of the client, such as a file that is not given out, or a part of one that there is not. */
function codeOfStatus(status: number | undefined): ErrorCode | undefined {
  if (status === 403 || status === 404) return 'not_found'
  return status !== undefined && status >= 400 && status < 500 ? 'bad_request' : undefined
}

/** The error as one of the closed table (SPEC ERR-1); what is not foreseen is `internal`, without its message. */
export function toCoded(error: unknown): CodedError {
  if (error instanceof CodedError) return error
  const { code = '', validation, message, statusCode } = error as Partial<FastifyError>
  if (validation) return new CodedError('bad_request', message, { cause: error })
  const known = Object.hasOwn(FASTIFY_CODES, code) ? FASTIFY_CODES[code] : codeOfStatus(statusCode)
  if (known) return new CodedError(known, ERRORS[known].title, { cause: error })
  return new CodedError('internal', ERRORS.internal.title, { cause: error })
}

/** The body of an error (SPEC ERR-1). */
export function problemOf({ code, message }: CodedError, instance: string): Problem {
  const { status, title, action } = ERRORS[code]
  return { type: `urn:lectern:error:${code}`, title, status, code, detail: message, action, instance }
}

/** Answers with an error and its headers. */
function sendProblem(error: CodedError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status } = ERRORS[error.code]
  const retryAfter = error.retryAfter ?? RETRY_AFTER[status]
  if (retryAfter !== undefined) void reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfter))))
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="lectern"')
  // A body that was not read would be taken for the next request.
  if (status === 413 || error.code === 'shutting_down') void reply.header('connection', 'close')
  return reply
    .code(status)
    .header('content-type', PROBLEM_TYPE)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemOf(error, request.id)))
}

/** Methods that each route pattern answers, to tell 405 from 404. */
function createAllowed() {
  const routes: { pattern: RegExp; methods: Set<string> }[] = []
  const byUrl = new Map<string, Set<string>>()
  return {
    add(url: string, methods: readonly string[]): void {
      const known = byUrl.get(url)
      if (known) return methods.forEach((method) => known.add(method))
      const set = new Set(methods)
      byUrl.set(url, set)
      if (url.includes('*')) return
      const source = url.split('/').map((part) => (part.startsWith(':') ? '[^/]{1,200}' : part.replaceAll('.', '\\.')))
      routes.push({ pattern: new RegExp(`^${source.join('/')}$`), methods: set })
    },
    of(path: string): string[] {
      return routes.flatMap(({ pattern, methods }) => (pattern.test(path) ? [...methods] : []))
    },
  }
}

/** Answers what no route was looked up for: an address that is none, or a part of one that is too long. */
export const onFrameworkError =
  (failed: (code: ErrorCode) => void) => (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const coded = toCoded(error)
    failed(coded.code)
    void sendProblem(coded, request, reply.headers(SAFE_HEADERS))
  }

interface ProblemsOptions {
  /** Counts an error. */
  failed: (code: ErrorCode) => void
  /** Writes refusals of rights into the log. */
  refused: Refusals
}

/** Makes every error of the server a problem of the closed table; each is counted. */
export function installProblems(app: FastifyInstance, { failed, refused }: ProblemsOptions): void {
  const answer = (error: CodedError, request: FastifyRequest, reply: FastifyReply) => {
    failed(error.code)
    const { principal, ip, method, route } = request
    const actor = principal && actorOf(principal)
    if (route) refused(error.code, { actor, what: `${method} ${route.url}`, address: ip })
    return sendProblem(error, request, reply)
  }
  const allowed = createAllowed()
  app.addHook('onRoute', ({ url, method }) => allowed.add(url, [method].flat()))

  app.setErrorHandler((error, request, reply) => {
    const coded = toCoded(error)
    if (ERRORS[coded.code].status >= 500 && coded.code !== 'shutting_down') {
      request.log.error({ err: coded.cause ?? coded, code: coded.code, reqId: request.id }, 'request failed')
    }
    return answer(coded, request, reply)
  })

  app.setNotFoundHandler((request, reply) => {
    const methods = allowed.of(request.url.split('?', 1)[0] ?? '')
    if (methods.length === 0) return answer(new CodedError('not_found'), request, reply)
    void reply.header('allow', methods.toSorted().join(', '))
    return answer(new CodedError('method_not_allowed'), request, reply)
  })
}

const CLIENT_ERRORS: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'timeout',
  HPE_HEADER_OVERFLOW: 'bad_request',
}

/** Makes what answers when something is not even HTTP, or came too slowly: it closes the connection. */
export const onClientError =
  (failed: (code: ErrorCode) => void) => (error: Error & { code?: string }, socket: Socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const code = (Object.hasOwn(CLIENT_ERRORS, error.code ?? '') && CLIENT_ERRORS[error.code ?? '']) || 'bad_request'
    const coded = new CodedError(code, code === 'timeout' ? 'The request did not arrive in time.' : 'Not valid HTTP.')
    failed(code)
    endWithProblem(socket, coded)
  }

const SAFE_LINES = Object.entries(SAFE_HEADERS)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('')

/** Writes an error as the last answer of a raw socket, e.g. instead of an upgrade. */
export function endWithProblem(
  socket: { end(text: string): unknown },
  error: CodedError,
  request?: IncomingMessage,
): void {
  const { status } = ERRORS[error.code]
  const { instance: _none, ...problem } = problemOf(error, '')
  const body = JSON.stringify(problem)
  const retry = error.retryAfter ?? RETRY_AFTER[status]
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      SAFE_LINES +
      `content-length: ${Buffer.byteLength(body)}\r\n${retry === undefined ? '' : `retry-after: ${retry}\r\n`}` +
      `connection: close\r\n\r\n${request?.method === 'HEAD' ? '' : body}`,
  )
}
