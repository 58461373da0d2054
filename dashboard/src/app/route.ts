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

/** What a view of a class is narrowed to, and who is looked at beside it: the part of the address after `?`. */
export type Query = Readonly<Record<string, string>>

/** One view of a class: `#/class/K/VIEW/PART?student=S`. Which views there are says the table `class-page/views.ts`. */
export interface ClassPlace {
  readonly id: string
  /** `wall` unless named. */
  readonly view: string
  /** What the view is about, for a view of one thing: the student of `student`, the lesson of `lessons`. */
  readonly part?: string
  /** Without members that are empty. */
  readonly query: Query
}

/** The view that a class begins with. */
export const FIRST_VIEW = 'wall'

/** What the fragment of the address names. */
export type Route =
  | { readonly page: 'classes' }
  | { readonly page: 'welcome'; readonly link: string }
  | { readonly page: 'account' }
  | { readonly page: 'people' }
  /** A sign-in elsewhere that failed, with the code of the error. */
  | { readonly page: 'refused'; readonly code: string }
  | { readonly page: 'system'; readonly section: SystemSection }
  | ({ readonly page: 'class' } & ClassPlace)
  | { readonly page: 'unknown' }

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

function readQuery(text: string): Query {
  return Object.fromEntries([...new URLSearchParams(text)].filter(([, value]) => value !== ''))
}

/** Reads a fragment such as `#/class/K/list?student=S`. */
export function readRoute(fragment: string): Route {
  const [path = '', query = ''] = fragment.replace(/^#\/?/, '').split('?', 2)
  const parts = path.split('/').filter(Boolean).map(decoded)
  const [page, id, view, part] = parts
  if (page === undefined && parts.length === 0) return { page: 'classes' }
  if (page === 'classes' && parts.length === 1) return { page }
  if ((page === 'account' || page === 'people') && parts.length === 1) return { page }
  if (page === 'refused' && id !== undefined && parts.length === 2) return { page, code: id }
  if (page === 'system' && parts.length <= 2) {
    const section = SYSTEM_SECTIONS.find((name) => name === (id ?? 'overview'))
    if (section) return { page, section }
  }
  if (page === 'welcome') return { page, link: new URLSearchParams(query).get('link') ?? '' }
  if (page === 'class' && id !== undefined && parts.length <= 4 && !parts.includes(undefined)) {
    return { page, id, view: view ?? FIRST_VIEW, ...(part === undefined ? {} : { part }), query: readQuery(query) }
  }
  return { page: 'unknown' }
}

/** The fragment that names a view of a class. */
export function hrefOfClass({ id, view = FIRST_VIEW, part, query = {} }: Partial<ClassPlace> & { id: string }): string {
  const steps = view === FIRST_VIEW && part === undefined ? [id] : [id, view, ...(part === undefined ? [] : [part])]
  const kept = Object.entries(query).filter(([, value]) => value !== '')
  const asked = kept.length === 0 ? '' : `?${new URLSearchParams(kept).toString()}`
  return `#/class/${steps.map(encodeURIComponent).join('/')}${asked}`
}

/** The fragment that names a route. */
export function hrefOf(route: Route): string {
  if (route.page === 'class') return hrefOfClass(route)
  if (route.page === 'welcome') return `#/welcome?link=${encodeURIComponent(route.link)}`
  if (route.page === 'system') return route.section === 'overview' ? '#/system' : `#/system/${route.section}`
  if (route.page === 'refused') return `#/refused/${encodeURIComponent(route.code)}`
  return route.page === 'account' || route.page === 'people' ? `#/${route.page}` : '#/classes'
}

/** Goes to a fragment; `replace` leaves no step for the back button. */
export function goTo(href: string, { replace = false } = {}): void {
  if (replace) location.replace(href)
  else location.hash = href
}

/** Goes to a page; `replace` leaves no step for the back button. */
export function go(route: Route, options: { replace?: boolean } = {}): void {
  goTo(hrefOf(route), options)
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

/** The fragment of the address, as it changes. */
export function useFragment(): string {
  return useSyncExternalStore(subscribe, () => location.hash)
}
