import type { FastifyReply, FastifyRequest } from 'fastify'
import type { NewSession, Visit } from '../auth/accounts.ts'
import { agentLabel } from '../auth/agent-label.ts'
import type { Config } from '../config.ts'
import { DEVICE_MS } from '../directory/devices.ts'
import type { Whereabouts } from '../directory/sessions.ts'
import { relyingPartyOf } from './relying-party.ts'

const MS = 1000

/** Name of the session cookie; the prefix binds it to this host over https. */
export const cookieName = (secure: boolean) => (secure ? '__Host-lectern' : 'lectern')

/** Where a request comes from. */
export const whereaboutsOf = ({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>): Whereabouts => ({
  address: ip,
  agent: agentLabel(headers['user-agent']),
})

/** The cookies of a session, and of a browser in which somebody signed in before. */
export function createSessionCookies({ publicUrl, sessionTimes }: Pick<Config, 'publicUrl' | 'sessionTimes'>) {
  const secure = publicUrl?.startsWith('https:') ?? false
  const session = cookieName(secure)
  const device = `${session}-device`
  const flow = `${session}-flow`
  const options = { httpOnly: true, sameSite: 'strict', path: '/', secure } as const
  const renew = (reply: FastifyReply, secret: string) =>
    void reply.setCookie(session, secret, { ...options, maxAge: Math.floor(sessionTimes.absoluteMs / MS) })

  return {
    /** The session's secret that a request shows. */
    secretOf: ({ cookies }: FastifyRequest): string | undefined => cookies[session],

    visitOf: (request: FastifyRequest): Visit => ({
      ...whereaboutsOf(request),
      party: relyingPartyOf(request, publicUrl),
      before: request.cookies[session],
      device: request.cookies[device],
    }),

    /** Gives the secrets of a new session to the browser. */
    begin(reply: FastifyReply, begun: Pick<NewSession, 'secret' | 'device'>): void {
      renew(reply, begun.secret)
      if (begun.device === undefined) return
      void reply.setCookie(device, begun.device, { ...options, maxAge: DEVICE_MS / MS })
    },

    /** Gives the new secret of a session that goes on. */
    renew,

    /** Binds a sign-in elsewhere to this browser. `lax`: the way back comes from another site. */
    beginFlow(reply: FastifyReply, secret: string, forMs: number): void {
      void reply.setCookie(flow, secret, { ...options, sameSite: 'lax', maxAge: forMs / MS })
    },

    /** The secret of such a sign-in, which is over with this request. */
    endFlow(request: FastifyRequest, reply: FastifyReply): string | undefined {
      void reply.clearCookie(flow, { ...options, sameSite: 'lax' })
      return request.cookies[flow]
    },

    clear(reply: FastifyReply): void {
      void reply.clearCookie(session, options)
    },
  }
}
