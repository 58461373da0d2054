import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ClassRole, Right } from '@lectern/protocol'
import type { Auth } from '../auth/auth.ts'
import { lacking, requireAnywhere } from '../auth/class-rights.ts'
import type { Principal, StaffPrincipal, StudentPrincipal } from '../auth/principal.ts'
import type { Classes, ClassRow } from '../directory/classes.ts'
import type { StaffSession } from '../directory/sessions.ts'
import { CodedError } from '../errors.ts'
import { whereaboutsOf, type createSessionCookies } from './session-cookies.ts'

/**
 * Who may call a route: anybody; a student by token; staff by session or the administrator's token; administrators only;
 * or whoever sits on the machine itself.
 */
export type Audience = 'public' | 'student' | 'staff' | 'admin' | 'loopback'

declare module 'fastify' {
  interface FastifyInstance {
    /** Somebody on this connection has shown who they are; see `limitStrangers`. */
    readonly knownConnection: (socket: Socket) => void
  }
  interface FastifyContextConfig {
    /** True if it may be done to a class that is put away (SPEC CLA-2). */
    whenArchived?: boolean
  }
  interface FastifyRequest {
    principal: Principal | undefined
    /** Set when the principal came by cookie. */
    session: StaffSession | undefined
    /** Set on routes of one class, after the right to it was checked; so is what the principal is there. */
    class: ClassRow | undefined
    role: ClassRole | undefined
  }
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i

/** True for a request from this machine that no proxy and no foreign host name stands behind. */
function isLoopback({ ip, headers }: FastifyRequest): boolean {
  const direct = headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined
  return direct && LOOPBACK.test(ip) && LOOPBACK_HOST.test(headers.host ?? '')
}

/**
 * Throws `wrong_origin` when a browser says that another site made the request (SPEC AUT-4). Without both headers no
 * browser made it: every browser sends Origin with a request that changes something.
 */
export function checkOrigin({ headers }: Pick<FastifyRequest, 'headers'>, publicUrl: string | undefined): void {
  const site = headers['sec-fetch-site']
  const origin = headers.origin
  if (site === 'same-origin' || (site === undefined && origin === undefined)) return
  if (origin !== undefined && origin === publicUrl) return
  const own = origin !== undefined && URL.canParse(origin) && new URL(origin).host === headers.host
  if (!own || site === 'cross-site') throw new CodedError('wrong_origin')
}

interface RightsOptions {
  auth: Auth
  classes: Classes
  publicUrl: string | undefined
  cookies: ReturnType<typeof createSessionCookies>
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

function bearerOf(header: string | undefined): string | undefined {
  return header !== undefined && /^bearer /i.test(header) ? header.slice('bearer '.length).trim() : undefined
}

function mayPass(principal: Principal, rights: readonly Audience[]): boolean {
  if (principal.kind === 'student') return rights.includes('student')
  return rights.includes('staff') || (rights.includes('admin') && principal.role === 'admin')
}

/** Checks the rights that each route declares, before a body is read (SPEC AUT-1, AUT-20). */
export function installRights(app: FastifyInstance, { auth, classes, publicUrl, cookies }: RightsOptions): void {
  app.decorateRequest('principal', undefined)
  app.decorateRequest('session', undefined)
  app.decorateRequest('class', undefined)
  app.decorateRequest('role', undefined)

  const admitToClass = async (request: FastifyRequest, principal: Principal, needs: Right) => {
    const found = await classes.get((request.params as { class: string }).class)
    request.role = await auth.inClass.require(principal, found.id, needs)
    request.class = found
    const { whenArchived = false } = request.routeOptions.config
    if (found.archived_at !== null && !READS.has(request.method) && !whenArchived)
      throw new CodedError('class_archived')
  }

  /** A promise only where the right depends on a class. */
  const admit = (request: FastifyRequest, principal: Principal): Promise<void> | undefined => {
    const { rights = [], needs, ofClass = false } = request.route ?? {}
    // Known also where the request is refused: the log says who it was.
    request.principal = principal
    if (!mayPass(principal, rights)) {
      if (needs !== undefined) throw lacking(needs)
      throw new CodedError('forbidden', `This needs the right: ${rights.join(' or ')}.`)
    }
    if (needs === undefined) return undefined
    if (ofClass) return admitToClass(request, principal, needs)
    requireAnywhere(principal, needs)
    return undefined
  }

  const byCookie = async (request: FastifyRequest, reply: FastifyReply, secret: string) => {
    if (!READS.has(request.method)) checkOrigin(request, publicUrl)
    const { principal, session, renewed } = await auth.session(secret, whereaboutsOf(request))
    if (renewed !== undefined) cookies.renew(reply, renewed)
    request.session = session
    // What is one's own account is where one is set up.
    if (request.route?.domain !== 'session' && (await auth.second.lacks(session))) {
      throw new CodedError('second_factor_needed')
    }
    await admit(request, principal)
  }

  /** A promise only where one has to be waited for. */
  const check = (request: FastifyRequest, reply: FastifyReply): Promise<void> | undefined => {
    const rights = request.route?.rights ?? []
    if (rights.includes('public')) return undefined
    const token = bearerOf(request.headers.authorization)
    if (token !== undefined) {
      const found = auth.bearer(token)
      if (found instanceof Promise) return found.then((principal) => admit(request, principal))
      return admit(request, found)
    }
    const secret = cookies.secretOf(request)
    if (secret !== undefined) return byCookie(request, reply, secret)
    if (rights.includes('loopback') && isLoopback(request)) return undefined
    throw new CodedError('unauthenticated')
  }

  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    // What is not found has no rights to check.
    if (request.is404) return done()
    const pending = check(request, reply)
    if (!pending) return done()
    pending.then(() => done(), done)
  })
}

/** The student of a route that only students reach. */
export function studentOf(request: FastifyRequest): StudentPrincipal {
  if (request.principal?.kind !== 'student') throw new CodedError('forbidden', 'This needs the right: student.')
  return request.principal
}

/** The member of staff of a route that only staff reach. */
export function staffOf(request: FastifyRequest): StaffPrincipal {
  if (request.principal?.kind !== 'staff') throw new CodedError('forbidden', 'This needs the right: staff.')
  return request.principal
}

/** The class of a route under `/api/v2/classes/:class`, whose right was checked. */
export function classOf(request: FastifyRequest): ClassRow {
  if (!request.class) throw new Error(`The route ${request.url} is not one of a class.`)
  return request.class
}

/** What the principal of such a route is in its class. */
export function roleOf(request: FastifyRequest): ClassRole {
  if (!request.role) throw new Error(`The route ${request.url} is not one of a class.`)
  return request.role
}
