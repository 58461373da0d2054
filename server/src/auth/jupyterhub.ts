import type { StaffRole } from '@lectern/protocol'
import type { Configuration } from 'openid-client'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { CodedError } from '../errors.ts'
import type { Provider } from './external.ts'
import { providerError } from './provider-errors.ts'

/** One line of the table that gives Hub users a role: for its administrators, or for a group. */
export interface HubRole {
  readonly of: 'admin' | { readonly group: string }
  readonly role: StaffRole
}

/** A JupyterHub, as configured. */
export interface HubConfig {
  /** Without a slash at the end; the Hub's own pages are under `/hub`. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  readonly name: string
  /** The first that fits holds. */
  readonly roles: readonly HubRole[]
}

/** Who a token belongs to, as the Hub says. */
const HubUser = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 255 }),
  kind: Type.Optional(Type.String()),
  admin: Type.Optional(Type.Boolean()),
  groups: Type.Optional(Type.Array(Type.String())),
})

/** A user of the Hub. */
export interface HubIdentity {
  readonly name: string
  readonly admin: boolean
  readonly groups: readonly string[]
}

const TIMEOUT_MS = 10_000
const UNKNOWN = new Set([401, 403, 404])

/** Asks a Hub who its tokens belong to. */
export function createHub({ url }: Pick<HubConfig, 'url'>) {
  return {
    /**
     * Whose token this is: a user's own, as their notebook server holds it. Throws `unauthenticated` when the Hub does not
     * know it or it belongs to a service, `provider_unavailable` when the Hub does not answer.
     */
    async verifyHubToken(token: string): Promise<HubIdentity> {
      if (!/^[\x21-\x7e]{1,512}$/.test(token))
        throw new CodedError('unauthenticated', 'The Hub does not know this token.')
      const answer = await fetch(`${url}/hub/api/user`, {
        headers: { authorization: `token ${token}`, accept: 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch((cause: unknown) => {
        throw new CodedError('provider_unavailable', undefined, { cause })
      })
      if (UNKNOWN.has(answer.status)) throw new CodedError('unauthenticated', 'The Hub does not know this token.')
      const said: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined
      if (!Value.Check(HubUser, said)) throw new CodedError('provider_unavailable')
      if (said.kind !== undefined && said.kind !== 'user') {
        throw new CodedError('unauthenticated', 'This token belongs to a service of the Hub, not to a person.')
      }
      return { name: said.name, admin: said.admin ?? false, groups: said.groups ?? [] }
    },
  }
}

/** See `createHub`. */
export type Hub = ReturnType<typeof createHub>

function roleOf({ admin, groups }: HubIdentity, roles: readonly HubRole[]): StaffRole | undefined {
  return roles.find(({ of }) => (of === 'admin' ? admin : groups.includes(of.group)))?.role
}

/** Sign-in at a JupyterHub, of which this server is a service (OAuth 2 with PKCE). Roles follow the Hub at each sign-in. */
export function createHubSignIn({ url, clientId, clientSecret, name, roles }: HubConfig, hub: Hub): Provider {
  const configuration = async (): Promise<Configuration> => {
    const oauth = await import('openid-client')
    const authorize = `${url}/hub/api/oauth2/authorize`
    const server = { issuer: url, authorization_endpoint: authorize, token_endpoint: `${url}/hub/api/oauth2/token` }
    const config = new oauth.Configuration(server, clientId, undefined, oauth.ClientSecretPost(clientSecret))
    if (url.startsWith('http:')) oauth.allowInsecureRequests(config)
    return config
  }

  return {
    id: 'jupyterhub',
    name,

    async begin(redirect) {
      const oauth = await import('openid-client')
      const verifier = oauth.randomPKCECodeVerifier()
      const state = oauth.randomState()
      const address = oauth.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirect,
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      return { url: address, checks: { redirect, verifier, state, nonce: '' } }
    },

    async finish(answer, { state, verifier }) {
      const oauth = await import('openid-client')
      const tokens = await oauth
        .authorizationCodeGrant(await configuration(), answer, { expectedState: state, pkceCodeVerifier: verifier })
        .catch((error: unknown) => {
          throw providerError(error)
        })
      const user = await hub.verifyHubToken(tokens.access_token)
      const role = roleOf(user, roles)
      if (role === undefined) throw new CodedError('sign_in_refused', 'The Hub gives this user no role here.')
      return { issuer: url, subject: user.name, name: user.name, email: undefined, makes: role, role }
    },
  }
}
