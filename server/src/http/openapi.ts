import { ERRORS, Problem, PROTOCOL_VERSION, RIGHTS } from '@lectern/protocol'
import type { TSchema } from 'typebox'
import type { RouteEntry } from './declare.ts'
import type { OpenApiDocument, Operation, ParameterPart, ResponsePart } from './openapi-document.ts'
import { createSchemas, type Schemas } from './openapi-schemas.ts'
import { RATES } from './rates.ts'
import type { Audience } from './rights.ts'
import { cookieName } from './session-cookies.ts'

const JSON_TYPE = 'application/json'
const PROBLEM = '#/components/responses/Problem'

/** What each domain is for, in the order of the document. */
const DOMAINS: Readonly<Record<string, string>> = {
  session: 'Signing in and out, for the staff.',
  people: 'The staff, for administrators.',
  me: 'What is the own of a student: consent, data, who looked at it, being erased.',
  join: 'How a student comes into a class.',
  events: 'What a student did, as it happens.',
  live: 'Sockets. What is spoken on them is in the specification of the protocol.',
  classes: 'Classes: their settings, codes, students, state and log.',
  system: 'The server itself, for administrators.',
  docs: 'This document.',
  extension: 'The JupyterLab extension that matches this server.',
  probes: 'Health and metrics.',
  dashboard: "The instructors' page.",
}

const AUDIENCES: Readonly<Record<Audience, string>> = {
  public: 'anybody',
  student: 'a student, by token',
  staff: "staff, by session, or the administrator's token",
  admin: 'administrators only',
  loopback: 'whoever sits on the machine itself',
}

/** `/classes/:class` as `/classes/{class}`; the rest of a path gets a name. */
const pathOf = (url: string): string => url.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}')

const operationId = ({ method, url }: RouteEntry): string => {
  const words = pathOf(url).replace('/api/v2', '').split(/\W+/).filter(Boolean)
  return [method.toLowerCase(), ...words.map((word) => word[0]?.toUpperCase() + word.slice(1))].join('')
}

function parametersOf({ url, schema }: RouteEntry, { convert }: Schemas): ParameterPart[] {
  const listed = (part: TSchema | undefined, place: 'path' | 'query'): ParameterPart[] => {
    const { properties = {}, required = [] } = (part ?? {}) as {
      properties?: Record<string, TSchema>
      required?: string[]
    }
    return Object.entries(properties).map(([name, value]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: convert(value),
    }))
  }
  const text = { type: 'string' }
  const rest: ParameterPart[] = url.includes('*') ? [{ name: 'path', in: 'path', required: true, schema: text }] : []
  return [...listed(schema.params, 'path'), ...rest, ...listed(schema.querystring, 'query')]
}

/** Statuses with which a route may refuse, by what it declares. */
function refusalsOf({ rights, schema, url }: RouteEntry): number[] {
  const takes = schema.body ?? schema.params ?? schema.querystring
  return [
    ...(takes ? [400] : []),
    ...(rights.includes('public') ? [] : [401, 403]),
    ...(/[:*]/.test(url) ? [404] : []),
    ...(schema.body ? [413, 415] : []),
    429,
    503,
  ]
}

function responsesOf(entry: RouteEntry, { convert }: Schemas): Record<string, ResponsePart> {
  const { response } = entry.schema
  const answers: Record<string, ResponsePart> = {}
  for (const [status, schema] of Object.entries(response)) {
    const { type, contentMediaType: media = JSON_TYPE, description = 'Done.' } = schema as Record<string, string>
    const none = { description: 'Done; the answer has no body.' }
    answers[status] = type === 'null' ? none : { description, content: { [media]: { schema: convert(schema) } } }
  }
  for (const status of refusalsOf(entry)) answers[status] ??= { $ref: `${PROBLEM}${status}` }
  return { ...answers, default: { $ref: PROBLEM } }
}

/** Every way of showing who one is; an empty one where nothing need be shown. */
function securityOf(rights: readonly Audience[]): Operation['security'] {
  if (rights.includes('public')) return []
  const isStaff = rights.includes('staff') || rights.includes('admin')
  return [{ bearer: [] }, ...(isStaff ? [{ cookie: [] }] : []), ...(rights.includes('loopback') ? [{}] : [])]
}

function operationOf(entry: RouteEntry, schemas: Schemas): Operation {
  const { rights, needs, rate, cost, sheds, schema, domain } = entry
  const { requests, seconds, by } = RATES[rate]
  const who = rights.map((right) => `\`${right}\` (${AUDIENCES[right]})`).join(' or ')
  const besides = needs === undefined ? '' : `, who has \`${needs}\` (${RIGHTS[needs].join(', ')})`
  const putOff =
    sheds === undefined ? '' : ' It is among what is refused with 503 when the server is short of something.'
  const { 'x-media-types': media = [JSON_TYPE] } = (schema.body ?? {}) as { 'x-media-types'?: string[] }
  const body = schema.body && {
    content: Object.fromEntries(media.map((type) => [type, { schema: schemas.convert(schema.body as TSchema) }])),
    required: !('default' in schema.body),
  }
  return {
    operationId: operationId(entry),
    summary: schema.summary,
    description: `Open to ${who}${besides}. At most ${requests.toLocaleString('en')} requests in ${seconds} s by one ${by}. Cost: ${cost}.${putOff}`,
    tags: [domain],
    security: securityOf(rights),
    parameters: parametersOf(entry, schemas),
    ...(body ? { requestBody: body } : {}),
    responses: responsesOf(entry, schemas),
    'x-rights': rights,
    ...(needs === undefined ? {} : { 'x-needs': needs }),
    'x-rate': rate,
    'x-cost': cost,
  }
}

/** One answer for each status of the table of errors, with the codes that come with it, and one for any. */
function problemResponses({ convert }: Schemas): Record<string, ResponsePart> {
  const content = { 'application/problem+json': { schema: convert(Problem) } }
  const retry = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } } }
  const answers: Record<string, ResponsePart> = { Problem: { description: 'Any other error.', content } }
  for (const [code, { status, title, action }] of Object.entries(ERRORS)) {
    if (status < 400) continue
    const headers = status === 429 || status === 503 ? { headers: retry } : {}
    const before = answers[`Problem${status}`]?.description
    const description = `${
      before === undefined
        ? ''
        : `${before}

`
    }\`${code}\`: ${title}. ${action}`
    answers[`Problem${status}`] = { description, ...headers, content }
  }
  return answers
}

interface OpenApiOptions {
  version: string
  /** True where sessions are bound to https. */
  secure: boolean
}

/** The document of the API in OpenAPI 3.1, made from the declarations that hold for the requests. */
export function createOpenApi(routes: readonly RouteEntry[], { version, secure }: OpenApiOptions): OpenApiDocument {
  const schemas = createSchemas()
  const paths: OpenApiDocument['paths'] = {}
  for (const entry of routes) {
    // Preflights and HEAD follow from the others.
    if (entry.method === 'HEAD' || entry.method === 'OPTIONS') continue
    const path = (paths[pathOf(entry.url)] ??= {})
    path[entry.method.toLowerCase()] = operationOf(entry, schemas)
  }
  const responses = problemResponses(schemas)
  const bearer = { type: 'http', scheme: 'bearer', description: "A student's token, or the administrator's." }
  const cookie = {
    type: 'apiKey',
    in: 'cookie',
    name: cookieName(secure),
    description: 'The session of a member of staff.',
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lectern',
      version,
      summary: `A live window on a JupyterLab class; version ${PROTOCOL_VERSION} of the protocol.`,
      description:
        'Every error is a problem (RFC 9457) whose `code` is one of a closed table and whose `action` says what to do.',
      license: { name: 'BSD-3-Clause', identifier: 'BSD-3-Clause' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(DOMAINS).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: schemas.components(), responses, securitySchemes: { bearer, cookie } },
  }
}
