import type { StaffRole } from '@lectern/protocol'
import type { Directory } from '../directory/directory.ts'
import type { UserRow } from '../directory/users.ts'
import { CodedError } from '../errors.ts'
import type { NewSession, Visit } from './accounts.ts'
import { createFlows } from './flows.ts'
import type { Guesses } from './guesses.ts'
import type { createStaff } from './people.ts'
import type { RandomBytes } from './secrets.ts'

/** Who somebody is elsewhere. */
export interface ExternalIdentity {
  readonly issuer: string
  readonly subject: string
  readonly name: string
  /** Only when the provider says that it was verified. */
  readonly email: string | undefined
  /** Role of an account that is made when there is none; undefined: none is made. */
  readonly makes: StaffRole | undefined
  /** Role that the provider decides; undefined: it is kept here. */
  readonly role: StaffRole | undefined
}

/** What one sign-in keeps between the two requests of the browser. */
export interface FlowChecks {
  readonly redirect: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Somebody else who says who a person is. Both throw `provider_unavailable`, `provider_failed`, `sign_in_refused`. */
export interface Provider {
  readonly id: 'oidc' | 'jupyterhub'
  /** Shown on the button. */
  readonly name: string
  /** Where the browser is sent. */
  begin(redirect: string): Promise<{ url: URL; checks: FlowChecks }>
  /** Who came back; `answer`: the address with what the provider added. */
  finish(answer: URL, checks: FlowChecks): Promise<ExternalIdentity>
}

interface ExternalOptions {
  directory: Directory
  providers: readonly Provider[]
  staff: ReturnType<typeof createStaff>
  guesses: Guesses
  begin: (user: UserRow, method: Provider['id'], visit: Visit) => Promise<NewSession>
  /** Monotonic clock, ms. */
  now: () => number
  random: RandomBytes
}

const FLOW_MS = 10 * 60_000

/** Sign-in at an OpenID Connect provider or a JupyterHub. */
export function createExternal({ directory, providers, staff, guesses, begin, now, random }: ExternalOptions) {
  const { users, identities } = directory
  const flows = createFlows<{ provider: Provider; checks: FlowChecks }>({ now, random, forMs: FLOW_MS })

  /** The account that this identity may use, made where that is allowed. Throws `sign_in_refused`. */
  const find = async ({ issuer, subject, email, name, makes }: ExternalIdentity): Promise<UserRow> => {
    const known = await identities.owner(issuer, subject)
    if (known) return known
    const invited = email === undefined ? undefined : await users.byEmail(email)
    const user = invited ?? (makes && (await users.create({ name, email: email ?? null, role: makes })))
    if (!user) throw new CodedError('sign_in_refused', 'Nobody with this address was invited.')
    await identities.link(issuer, subject, user.id)
    return user
  }

  /** The user as the provider wants them to be. Another role ends their sessions; the last administrator stays one. */
  const follow = async (user: UserRow, { role }: ExternalIdentity): Promise<UserRow> => {
    if (role === undefined || role === user.role) return user
    const edited = await staff.edit(user.id, { role }).catch((error: unknown) => {
      if (error instanceof CodedError && error.code === 'last_administrator') return undefined
      throw error
    })
    return edited?.after ?? user
  }

  return {
    providers: providers.map(({ id, name }) => ({ id, name })),
    flowMs: FLOW_MS,

    /** Sends the browser to a provider; `secret` binds the way back to it. Throws `not_found`, `provider_unavailable`. */
    async begin(id: Provider['id'], redirect: string): Promise<{ url: string; secret: string }> {
      const provider = providers.find((one) => one.id === id)
      if (!provider) throw new CodedError('not_found', 'This way to sign in is not configured.')
      const { url, checks } = await provider.begin(redirect)
      return { url: url.href, secret: flows.begin({ provider, checks }) }
    },

    /** Takes the browser back. Throws `flow_expired`, `provider_failed`, `provider_unavailable`, `sign_in_refused`. */
    async finish(answer: URL, flow: { id: Provider['id']; secret: string }, visit: Visit): Promise<NewSession> {
      const { provider, checks } = flows.take(flow.secret)
      if (provider.id !== flow.id) throw new CodedError('provider_failed')
      const { user, identity } = await guesses.guard({ address: visit.address }, async () => {
        const came = await provider.finish(answer, checks)
        const found = await find(came)
        if (found.disabled_at !== null) throw new CodedError('sign_in_refused', 'This account is disabled.')
        return { user: found, identity: came }
      })
      return begin(await follow(user, identity), provider.id, visit)
    },
  }
}

/** See `createExternal`. */
export type External = ReturnType<typeof createExternal>
