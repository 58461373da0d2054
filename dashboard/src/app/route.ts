import { useSyncExternalStore } from 'react'

/** Parts of the system page. */
export const SYSTEM_SECTIONS = [
  'overview',
  'services',
  'sockets',
  'routes',
  'jobs',
  'flags',
  'privacy',
  'report',
] as const

/** One part of the system page. */
export type SystemSection = (typeof SYSTEM_SECTIONS)[number]

/** What the fragment of the address names. */
export type Route =
  | { readonly page: 'classes' }
  | { readonly page: 'welcome'; readonly link: string }
  | { readonly page: 'account' }
  | { readonly page: 'people' }
  /** A sign-in elsewhere that failed, with the code of the error. */
  | { readonly page: 'refused'; readonly code: string }
  | { readonly page: 'system'; readonly section: SystemSection }
  | { readonly page: 'class'; readonly id: string; readonly student?: string }
  | { readonly page: 'people-of-class'; readonly id: string }
  | { readonly page: 'unknown' }

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** Reads a fragment such as `#/class/K/student/S`. */
export function readRoute(fragment: string): Route {
  const [path = '', query = ''] = fragment.replace(/^#\/?/, '').split('?')
  const parts = path.split('/').filter(Boolean).map(decoded)
  const [page, id, what, student] = parts
  if (page === undefined && parts.length === 0) return { page: 'classes' }
  if (page === 'classes' && parts.length === 1) return { page }
  if ((page === 'account' || page === 'people') && parts.length === 1) return { page }
  if (page === 'refused' && id !== undefined && parts.length === 2) return { page, code: id }
  if (page === 'system' && parts.length <= 2) {
    const section = SYSTEM_SECTIONS.find((name) => name === (id ?? 'overview'))
    if (section) return { page, section }
  }
  if (page === 'welcome') return { page, link: new URLSearchParams(query).get('link') ?? '' }
  if (page === 'class' && id !== undefined && parts.length === 2) return { page, id }
  if (page === 'class' && id !== undefined && what === 'student' && student !== undefined) return { page, id, student }
  if (page === 'class' && id !== undefined && what === 'people' && parts.length === 3) {
    return { page: 'people-of-class', id }
  }
  return { page: 'unknown' }
}

/** The fragment that names a route. */
export function hrefOf(route: Route): string {
  if (route.page === 'class') {
    const student = route.student === undefined ? '' : `/student/${encodeURIComponent(route.student)}`
    return `#/class/${encodeURIComponent(route.id)}${student}`
  }
  if (route.page === 'people-of-class') return `#/class/${encodeURIComponent(route.id)}/people`
  if (route.page === 'welcome') return `#/welcome?link=${encodeURIComponent(route.link)}`
  if (route.page === 'system') return route.section === 'overview' ? '#/system' : `#/system/${route.section}`
  if (route.page === 'refused') return `#/refused/${encodeURIComponent(route.code)}`
  return route.page === 'account' || route.page === 'people' ? `#/${route.page}` : '#/classes'
}

/** Goes to a page; `replace` leaves no step for the back button. */
export function go(route: Route, { replace = false } = {}): void {
  if (replace) location.replace(hrefOf(route))
  else location.hash = hrefOf(route)
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

/** The fragment of the address, as it changes. */
export function useFragment(): string {
  return useSyncExternalStore(subscribe, () => location.hash)
}
