import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { NO_PARTY, type RelyingParty } from '../auth/passkeys.ts'
import { CodedError } from '../errors.ts'

/** The address of this server as browsers see it. */
export const originOf = ({ headers }: Pick<FastifyRequest, 'headers'>, publicUrl: string | undefined): string =>
  publicUrl ?? `http://${headers.host ?? ''}`

/**
 * To whom passkeys are bound: the host of the public address, over https, or this machine. Undefined where browsers allow
 * none: for numeric addresses, and without https.
 */
export function relyingPartyOf(
  request: Pick<FastifyRequest, 'headers'>,
  publicUrl: string | undefined,
): RelyingParty | undefined {
  const origin = originOf(request, publicUrl)
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (!url || isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined
  const isSafe =
    publicUrl === undefined ? url.hostname === 'localhost' : url.protocol === 'https:' || url.hostname === 'localhost'
  return isSafe ? { id: url.hostname, origin: url.origin } : undefined
}

/** The same, where there must be one. Throws `bad_request`. */
export function requireParty(request: FastifyRequest, publicUrl: string | undefined): RelyingParty {
  const party = relyingPartyOf(request, publicUrl)
  if (!party) throw new CodedError('bad_request', NO_PARTY)
  return party
}
