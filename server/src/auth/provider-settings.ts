import type { StaffRole } from '@lectern/protocol'
import { Refused, type Setting } from '../setting.ts'
import type { HubConfig, HubRole } from './jupyterhub.ts'
import type { OidcConfig } from './oidc.ts'

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]'])
const ROLES: readonly StaffRole[] = ['admin', 'instructor', 'member']
const SECRET_CHARS = 16

/** An address over https, or on this machine; without a slash at the end. */
function parseAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOCAL.has(url.hostname))
  if (!url || !isSafe || url.search || url.hash || url.username) throw new Refused()
  return url.href.replace(/\/$/, '')
}

function parseWord(text: string): string {
  if (!/^[\x21-\x7e]{1,255}$/.test(text)) throw new Refused()
  return text
}

function parseSecret(text: string): string {
  if (text.length < SECRET_CHARS) throw new Refused()
  return text
}

function parseName(text: string): string {
  const name = text.trim()
  if (name === '' || name.length > 60) throw new Refused()
  return name
}

function parseDomains(text: string): string[] {
  const domains = text.split(',').map((one) => one.trim().toLowerCase().replace(/^@/, ''))
  const wrong = domains.find((one) => !/^[a-z0-9.-]+\.[a-z0-9-]+$/.test(one))
  if (wrong !== undefined) throw new Refused(`"${wrong}" is none`)
  return domains
}

function parseRoles(text: string): HubRole[] {
  return text.split(',').map((entry) => {
    const [, who = '', what] = /^\s*(admin|group:[^=,]+)\s*=\s*(\w+)\s*$/.exec(entry) ?? []
    const role = ROLES.find((one) => one === what)
    if (who === '' || role === undefined) throw new Refused(`"${entry.trim()}" is none`)
    return { of: who === 'admin' ? who : { group: who.slice('group:'.length).trim() }, role }
  })
}

const ADDRESS = 'an https address, or http on this machine'

/** Sign-in of the staff at an OpenID Connect provider. */
export const OIDC_SETTINGS = {
  issuer: {
    key: 'LECTERN_OIDC_ISSUER',
    fallback: undefined,
    what: 'OpenID Connect provider at which the staff may sign in; needs the client id and secret. It calls back at `/api/v2/session/oidc/callback`.',
    allowed: ADDRESS,
    parse: parseAddress,
  },
  clientId: {
    key: 'LECTERN_OIDC_CLIENT_ID',
    fallback: undefined,
    what: 'What the provider knows this server as.',
    allowed: 'printable characters without spaces',
    parse: parseWord,
  },
  clientSecret: {
    key: 'LECTERN_OIDC_CLIENT_SECRET',
    fallback: undefined,
    what: 'With what this server shows the provider who it is.',
    allowed: `at least ${SECRET_CHARS} characters`,
    secret: true,
    parse: parseSecret,
  },
  name: {
    key: 'LECTERN_OIDC_NAME',
    fallback: 'Single sign-on',
    what: 'Name of the provider on the sign-in page.',
    allowed: 'at most 60 characters',
    parse: parseName,
  },
  domains: {
    key: 'LECTERN_OIDC_DOMAINS',
    fallback: undefined,
    what: 'Domains of verified addresses whose owners may sign in without an invitation, as `member`; not set: only who was invited.',
    allowed: 'domains such as `school.example`, separated by commas',
    parse: parseDomains,
  },
} as const satisfies Record<string, Setting<unknown>>

/** Sign-in of the staff at a JupyterHub, and who its users' tokens belong to. */
export const HUB_SETTINGS = {
  url: {
    key: 'LECTERN_JUPYTERHUB_URL',
    fallback: undefined,
    what: 'JupyterHub whose users are known here; with a client id and secret the staff may sign in at it. It calls back at `/api/v2/session/jupyterhub/callback`.',
    allowed: `${ADDRESS}, up to the part before \`/hub\``,
    parse: parseAddress,
  },
  clientId: {
    key: 'LECTERN_JUPYTERHUB_CLIENT_ID',
    fallback: undefined,
    what: 'OAuth client id of this server as a service of the Hub, such as `service-lectern`.',
    allowed: 'printable characters without spaces',
    parse: parseWord,
  },
  clientSecret: {
    key: 'LECTERN_JUPYTERHUB_CLIENT_SECRET',
    fallback: undefined,
    what: 'API token of the service, which is its OAuth secret.',
    allowed: `at least ${SECRET_CHARS} characters`,
    secret: true,
    parse: parseSecret,
  },
  name: {
    key: 'LECTERN_JUPYTERHUB_NAME',
    fallback: 'JupyterHub',
    what: 'Name of the Hub on the sign-in page.',
    allowed: 'at most 60 characters',
    parse: parseName,
  },
  roles: {
    key: 'LECTERN_JUPYTERHUB_ROLES',
    fallback: 'admin=admin',
    what: 'Which users of the Hub may sign in, and as what; the first that fits holds, and who fits none is refused.',
    allowed: 'entries such as `admin=admin,group:teachers=instructor,group:tutors=member`',
    parse: parseRoles,
  },
} as const satisfies Record<string, Setting<unknown>>

/** Settings of a provider as parsed: those without a default may be missing. */
type Parsed<T> = { [key in keyof T]: T[key] | undefined }

const isWhole = <T extends object>(parsed: Parsed<T>, keys: readonly (keyof T)[]): parsed is T =>
  keys.every((key) => parsed[key] !== undefined)

/** The provider that the settings describe; a sentence is added to `faults` when one of them is missing. */
export function oidcConfig(parsed: Parsed<OidcConfig>, faults: string[]): OidcConfig | undefined {
  const given = parsed.issuer ?? parsed.clientId ?? parsed.clientSecret
  if (given === undefined) return undefined
  const whole = { ...parsed, domains: parsed.domains ?? [] }
  if (isWhole<OidcConfig>(whole, ['issuer', 'clientId', 'clientSecret', 'name'])) return whole
  if (faults.length === 0) {
    faults.push(
      'LECTERN_OIDC_ISSUER, LECTERN_OIDC_CLIENT_ID and LECTERN_OIDC_CLIENT_SECRET need each other; set all or none.',
    )
  }
  return undefined
}

/** A Hub, with sign-in of the staff only where client id and secret are given. */
export type HubSettings = Pick<HubConfig, 'url'> & { readonly signIn: HubConfig | undefined }

/** The Hub that the settings describe; a sentence is added to `faults` when one of them is missing. */
export function hubSettings(parsed: Parsed<HubConfig>, faults: string[]): HubSettings | undefined {
  const { url, clientId, clientSecret } = parsed
  const isHalf = (clientId === undefined) !== (clientSecret === undefined)
  if (isHalf || (url === undefined && clientId !== undefined)) {
    if (faults.length === 0) {
      faults.push(
        'LECTERN_JUPYTERHUB_CLIENT_ID and LECTERN_JUPYTERHUB_CLIENT_SECRET need each other and LECTERN_JUPYTERHUB_URL.',
      )
    }
    return undefined
  }
  if (url === undefined) return undefined
  return {
    url,
    signIn: isWhole<HubConfig>(parsed, ['url', 'clientId', 'clientSecret', 'name', 'roles']) ? parsed : undefined,
  }
}
