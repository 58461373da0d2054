import type { JoinDetails } from './outbox.ts'

/** The settings as they stand in the editor. */
export interface Settings {
  readonly enabled: boolean
  readonly server: string
  readonly code: string
  readonly name: string
  readonly email: string
  readonly team: string
}

/** What is wrong or missing, by setting. */
export type SettingsGap = 'server' | 'code' | 'name' | 'email'

/** What is taken for an address. */
export const EMAIL = /^[^\s@]+@[^\s@]+$/

/** The address without query and slash at the end; http is taken for addresses of this computer only when none is given. */
export function serverAddress(text: string): string | undefined {
  const typed = text.trim()
  const bare = /^(localhost|127\.|\[::1\])/.test(typed) ? 'http://' : 'https://'
  const full = /^[a-z]+:\/\//i.test(typed) ? typed : `${bare}${typed}`
  if (typed === '' || !URL.canParse(full)) return undefined
  const { protocol, origin, pathname } = new URL(full)
  if (protocol !== 'http:' && protocol !== 'https:') return undefined
  return `${origin}${pathname}`.replace(/\/+$/, '')
}

/** What the site of this page says where the person does not, and who a JupyterHub says that this is. */
export interface SiteDefaults {
  readonly server?: string
  readonly class?: string
  readonly code?: string
  readonly name?: string
  /** `opens`: the site names the class, so that no code has to be typed. */
  readonly hub?: { readonly user: string; readonly opens: boolean }
}

/** The Hub's word holds for the server that the site names, and for no other. */
function hubOf(site: SiteDefaults, server: string | undefined): SiteDefaults['hub'] {
  return server !== undefined && server === serverAddress(site.server ?? '') ? site.hub : undefined
}

/** What to join with, or what is still missing. Switched off is neither. */
export function detailsOf(settings: Settings, site: SiteDefaults = {}): { details?: JoinDetails; gaps: SettingsGap[] } {
  if (!settings.enabled) return { gaps: [] }
  const server = serverAddress(settings.server.trim() || (site.server ?? ''))
  const code = settings.code.trim() || (site.code ?? '')
  const name = settings.name.trim() || (site.name ?? '')
  const email = settings.email.trim()
  const team = settings.team.trim()
  const hub = hubOf(site, server)
  const gaps: SettingsGap[] = []
  if (server === undefined) gaps.push('server')
  if (code === '' && !hub?.opens) gaps.push('code')
  if (name === '') gaps.push('name')
  if (email !== '' && !EMAIL.test(email)) gaps.push('email')
  if (server === undefined || gaps.length > 0) return { gaps }
  const details = { server, code, name, ...(email === '' ? {} : { email }), ...(team === '' ? {} : { team }) }
  if (!hub) return { details, gaps }
  const where = site.class === undefined ? {} : { class: site.class }
  return { details: { ...details, hub: { user: hub.user, ...where } }, gaps }
}
