import type { Configuration } from 'openid-client'
import { CodedError } from '../errors.ts'
import type { ExternalIdentity, FlowChecks, Provider } from './external.ts'
import { providerError } from './provider-errors.ts'

/** An OpenID Connect provider, as configured. */
export interface OidcConfig {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly name: string
  /** Domains of addresses whose owners may come without an invitation. */
  readonly domains: readonly string[]
}

const TIMEOUT_S = 10
const SCOPE = 'openid email profile'

// Loaded when first used: most servers have no provider.
const library = () => import('openid-client')

interface Claims {
  readonly sub: string
  readonly email?: unknown
  readonly email_verified?: unknown
  readonly name?: unknown
}

/** What claims say, as far as it can be believed. */
function identityOf(issuer: string, claims: Claims, domains: readonly string[]): ExternalIdentity {
  const { sub, email, email_verified: verified, name } = claims
  const address = typeof email === 'string' && verified === true ? email : undefined
  const domain = address?.slice(address.lastIndexOf('@') + 1).toLowerCase()
  return {
    issuer,
    subject: sub,
    email: address,
    name: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 120) : (address ?? sub),
    makes: domain !== undefined && domains.includes(domain) ? 'member' : undefined,
    role: undefined,
  }
}

/**
 * Sign-in at an OpenID Connect provider: authorization code with PKCE, state and nonce (OAuth 2.1, OpenID Connect Core).
 * The ID token's signature is checked with the provider's keys although it comes from the provider itself.
 */
export function createOidc({ issuer, clientId, clientSecret, name, domains }: OidcConfig): Provider {
  let discovered: Promise<Configuration> | undefined

  const discover = async (): Promise<Configuration> => {
    const { discovery, allowInsecureRequests, enableNonRepudiationChecks } = await library()
    // Only for a provider on this machine; the setting takes no other without https.
    const insecure = issuer.startsWith('http:') ? [allowInsecureRequests] : []
    const execute = [enableNonRepudiationChecks, ...insecure]
    return discovery(new URL(issuer), clientId, clientSecret, undefined, { execute, timeout: TIMEOUT_S })
  }
  /** What the provider says of itself, asked once; after a failure, again. */
  const known = (): Promise<Configuration> => {
    discovered ??= discover().catch((error: unknown) => {
      discovered = undefined
      throw new CodedError('provider_unavailable', undefined, { cause: error })
    })
    return discovered
  }

  const claimsOf = async (config: Configuration, answer: URL, checks: FlowChecks): Promise<Claims> => {
    const { authorizationCodeGrant, fetchUserInfo } = await library()
    const tokens = await authorizationCodeGrant(config, answer, {
      expectedState: checks.state,
      expectedNonce: checks.nonce,
      pkceCodeVerifier: checks.verifier,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (!claims) throw new CodedError('provider_failed', 'The provider gave no ID token.')
    // Many providers put the address only there.
    if (claims['email'] !== undefined || !config.serverMetadata().userinfo_endpoint) return claims
    return { ...claims, ...(await fetchUserInfo(config, tokens.access_token, claims.sub)) }
  }

  return {
    id: 'oidc',
    name,

    async begin(redirect) {
      const config = await known()
      const oidc = await library()
      const verifier = oidc.randomPKCECodeVerifier()
      const checks = { redirect, verifier, state: oidc.randomState(), nonce: oidc.randomNonce() }
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirect,
        scope: SCOPE,
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      return { url, checks }
    },

    async finish(answer, checks) {
      const config = await known()
      const claims = await claimsOf(config, answer, checks).catch((error: unknown) => {
        throw providerError(error)
      })
      return identityOf(issuer, claims, domains)
    },
  }
}
