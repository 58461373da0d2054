import { createSign, generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { Provider } from 'oidc-provider'

/** Somebody with an account at the provider. */
export interface ProviderAccount {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
}

type Forge = (body: Record<string, unknown>) => Record<string, unknown>

/** A real OpenID Connect provider on a free port, which signs in whom the test names, and may be made to lie. */
export interface TestProvider extends AsyncDisposable {
  issuer: string
  clientId: string
  clientSecret: string
  /** Who sits in front of the browser. */
  account: ProviderAccount
  /** Changes what the token endpoint answers. */
  forge: Forge | undefined
  /** Changes what it says of itself. */
  describe: Forge | undefined
  /** A token with these claims, signed with the provider's own key. */
  sign: (claims: object) => string
  /** Goes through the provider's pages as a browser; gives the address that it sends back to. */
  follow: (address: string) => Promise<string>
}

const CLIENT = { id: 'lectern', secret: 'a-secret-of-the-client-0123456789' }

/** Lets the test change what the provider answers. */
const rewriting =
  (provider: TestProvider, handle: Handler): Handler =>
  (request, response) => {
    const { url = '' } = request
    const describes = url.startsWith('/.well-known/openid-configuration')
    const forge = url.startsWith('/token') ? provider.forge : describes ? provider.describe : undefined
    if (forge) {
      const end = response.end.bind(response) as (text: string) => ServerResponse
      response.end = ((chunk: unknown) => {
        const text = JSON.stringify(forge(JSON.parse(String(chunk)) as Record<string, unknown>))
        response.setHeader('content-length', Buffer.byteLength(text))
        return end(text)
      }) as typeof response.end
    }
    void handle(request, response)
  }

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

/** A key to sign tokens with, and as what the provider publishes it. */
function createSigner() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const sign = (claims: object): string => {
    const text = `${part({ alg: 'RS256', kid: 'test' })}.${part(claims)}`
    return `${text}.${createSign('sha256').update(text).sign(privateKey).toString('base64url')}`
  }
  return { jwk, sign }
}

/** Keeps the cookies of one provider. */
function createJar() {
  const cookies = new Map<string, string>()
  return {
    header: () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    take(answer: Response) {
      for (const line of answer.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s)
        if (value === '') cookies.delete(name)
        else cookies.set(name, value)
      }
    },
  }
}

/** Starts it; `redirects`: where it may send back to. */
export async function startProvider(redirects: readonly string[]): Promise<TestProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { jwk, sign } = createSigner()
  const provider: TestProvider = {
    issuer,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    account: { sub: 'sub-1' },
    forge: undefined,
    describe: undefined,
    sign,
    async follow(address) {
      const jar = createJar()
      let at = address
      for (let hops = 0; hops < 12; hops += 1) {
        const answer = await fetch(at, { headers: { cookie: jar.header() }, redirect: 'manual' })
        jar.take(answer)
        const to = answer.headers.get('location')
        if (to === null) throw new Error(`${answer.status} at ${at}: ${await answer.text()}`)
        at = new URL(to, at).href
        if (!at.startsWith(issuer)) return at
      }
      throw new Error(`too many redirects, last to ${at}`)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((settle) => server.close(settle))
    },
  }
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [...redirects],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    jwks: { keys: [jwk] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['only for tests'] },
    findAccount: (_context: unknown, sub: string) => ({ accountId: sub, claims: () => ({ ...provider.account, sub }) }),
    interactions: { url: (_context: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
  })
  const handle = rewriting(provider, oidc.callback())
  // Whoever comes is signed in as the account of the test and agrees to everything.
  const interact = async (request: IncomingMessage, response: ServerResponse) => {
    const { params, prompt, grantId } = await oidc.interactionDetails(request, response)
    if (prompt.name === 'login') {
      return oidc.interactionFinished(request, response, { login: { accountId: provider.account.sub } })
    }
    const grant = grantId
      ? await oidc.Grant.find(grantId)
      : new oidc.Grant({ accountId: provider.account.sub, clientId: String(params['client_id']) })
    grant?.addOIDCScope(String(params['scope']))
    return oidc.interactionFinished(
      request,
      response,
      { consent: { grantId: await grant?.save() } },
      { mergeWithLastSubmission: true },
    )
  }
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/')) void interact(request, response)
    else void handle(request, response)
  })
  return provider
}
