/** What a link to a class says: `?lectern-server=…&lectern-code=…`, whatever page it leads to. */
export interface DeepLink {
  readonly server?: string
  readonly code?: string
}

const MEMBERS = { 'lectern-server': 'server', 'lectern-code': 'code' } as const

/** The class of a link, or undefined if it names none. */
export function deepLinkOf(url: string): DeepLink | undefined {
  const query = url.includes('?') ? new URLSearchParams(url.slice(url.indexOf('?')).split('#')[0]) : undefined
  const found: { server?: string; code?: string } = {}
  for (const [name, member] of Object.entries(MEMBERS)) {
    const value = query?.get(name)?.trim()
    if (value) found[member] = value
  }
  return found.server === undefined && found.code === undefined ? undefined : found
}

/** The address without the class, so that neither a reload nor a copy of it asks again. */
export function withoutDeepLink(url: string): string {
  const parsed = new URL(url)
  for (const name of Object.keys(MEMBERS)) parsed.searchParams.delete(name)
  return parsed.href
}
