import { RIGHTS, type Right } from '@lectern/protocol'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { TSchema } from 'typebox'
import type { ShedKind } from '../monitor/shedding.ts'
import { RATES, type RateName } from './rates.ts'
import type { Audience } from './rights.ts'
import { createRouteCost, type RouteCost } from './route-cost.ts'

/** What a route costs: from memory; some reads of a disk or a hash; work that others may feel. */
export type Cost = 'light' | 'medium' | 'heavy'

/** Schemas of a route, as its plugin gives them. */
export interface RouteSchema {
  readonly summary: string
  readonly body?: TSchema
  readonly params?: TSchema
  readonly querystring?: TSchema
  /** By status; of what is not JSON, see `file`. */
  readonly response: Readonly<Record<string, TSchema>>
}

/** A route as declared, with what it has cost. */
export interface RouteEntry {
  readonly method: string
  /** Pattern, e.g. `/api/v2/classes/:class`. */
  readonly url: string
  readonly domain: string
  readonly rights: readonly Audience[]
  /** What it needs of the table of rights besides. */
  readonly needs: Right | undefined
  /** True if its path names a class, in which that right is needed. */
  readonly ofClass: boolean
  readonly rate: RateName
  readonly cost: Cost
  readonly sheds: ShedKind | undefined
  readonly cors: boolean
  readonly schema: RouteSchema
  readonly spent: RouteCost
}

declare module 'fastify' {
  interface FastifySchema {
    /** What the route does, in a few words. */
    summary?: string
  }
  interface FastifyContextConfig {
    /** Any one of them is enough. Every route declares it (SPEC AUT-1). */
    rights?: readonly Audience[]
    /** Right that it needs besides; of the class, where the path names one: each of those declares it (SPEC AUT-20). */
    needs?: Right
    /** Limit that holds for it, of `RATES`. */
    rate?: RateName
    cost?: Cost
    /** Open to pages of other origins, without cookies. */
    cors?: boolean
    /** What the route belongs to when the server must put something off (SPEC LIM-6); without it, it is always served. */
    sheds?: ShedKind
    /** Set here, from the above. */
    entry?: RouteEntry
  }
  interface FastifyInstance {
    /** Every route of the server. */
    readonly routeTable: readonly RouteEntry[]
    /** The domain whose routes are being declared. */
    readonly domain?: string
  }
  interface FastifyRequest {
    /** What was declared of the route; undefined when none was found. */
    route: RouteEntry | undefined
  }
}

/** Paths of one class. */
const ONE_CLASS = /^\/api\/v2\/classes\/:class(\/|$)/
/** Nobody knows who these are, so that no right of theirs can be checked. */
const UNKNOWN: ReadonlySet<Audience> = new Set(['public', 'loopback'])

/** Reads a declaration; throws when a part of it is missing. */
function entryOf(options: RouteOptions, domain: string, spent: RouteCost): RouteEntry {
  const { method, url, config = {}, schema } = options
  const lacks = (what: string) => new Error(`The route ${String(method)} ${url} declares no ${what}.`)
  const { rights, needs, rate, cost, sheds, cors = false } = config
  // A preflight only asks whether it may ask.
  const ofClass = method !== 'OPTIONS' && ONE_CLASS.test(url)
  if (!rights?.length) throw lacks('rights')
  if (needs === undefined ? ofClass : !Object.hasOwn(RIGHTS, needs)) throw lacks('right that it needs')
  if (needs !== undefined && rights.some((one) => UNKNOWN.has(one))) throw lacks('audience that can have a right')
  if (!schema) throw lacks('schema')
  if (rate === undefined || !Object.hasOwn(RATES, rate)) throw lacks('rate class')
  if (cost === undefined) throw lacks('cost')
  if (!schema.summary) throw lacks('summary')
  if (!schema.response) throw lacks('response schema')
  const who = { rights, needs, ofClass, cors }
  return { method: String(method), url, domain, ...who, rate, cost, sheds, schema: schema as RouteSchema, spent }
}

/**
 * Holds every route to its declaration: rights, rate class, cost and schemas of what comes and goes. One that leaves
 * something out throws, so that no server starts with it. Before anything else that looks at routes.
 */
export function installDeclarations(app: FastifyInstance): void {
  const table: RouteEntry[] = []
  app.decorate('routeTable', table)
  app.decorateRequest('route', undefined)
  // A HEAD request is a GET without the answer's body: they are counted together.
  const spentAt = new Map<string, RouteCost>()
  app.addHook('onRoute', function (this: FastifyInstance, options) {
    const { method, url } = options
    if (Array.isArray(method)) throw new Error(`The route ${url} declares several methods at once.`)
    const key = `${method === 'HEAD' ? 'GET' : method} ${url}`
    const spent = spentAt.get(key) ?? createRouteCost()
    spentAt.set(key, spent)
    const entry = entryOf(options, this.domain ?? '', spent)
    table.push(entry)
    options.config = { ...options.config, entry }
  })
  app.addHook('onRequest', (request: FastifyRequest, _reply, done) => {
    // Looked up once: Fastify makes an object of the options each time it is asked.
    request.route = request.is404 ? undefined : request.routeOptions.config.entry
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    request.route?.spent.add(reply.elapsedTime, reply.statusCode)
    done()
  })
}
