import { useSyncExternalStore } from 'react'

/** Languages of the page. */
export const LANGUAGES = ['en', 'ja'] as const
/** `system` follows the computer. */
export const THEMES = ['system', 'light', 'dark'] as const

/** What one person chose on this computer. */
export interface Preferences {
  readonly language: (typeof LANGUAGES)[number]
  readonly theme: (typeof THEMES)[number]
  /** Whether single keys act; a speech input program may need them (WCAG 2.1.4). */
  readonly singleKeys: boolean
  /** More contrast than the computer asks for. */
  readonly highContrast: boolean
  /** While the page is shown to the class: no names, and everything larger. */
  readonly isPresenting: boolean
  /** Columns that the list of students does not show. */
  readonly hiddenColumns: readonly string[]
}

const STORED_AS = 'lectern.preferences'
const listeners = new Set<() => void>()

const DEFAULTS = {
  theme: 'system',
  singleKeys: true,
  highContrast: false,
  isPresenting: false,
  hiddenColumns: [],
} as const

function first(): Preferences {
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'ja' || tag === 'en')
  return { language: spoken === 'ja' ? 'ja' : 'en', ...DEFAULTS }
}

const isText = (value: unknown): value is string => typeof value === 'string'

function load(): Preferences {
  const chosen = first()
  try {
    const stored = JSON.parse(localStorage.getItem(STORED_AS) ?? '{}') as Partial<Preferences>
    return {
      language: LANGUAGES.find((one) => one === stored.language) ?? chosen.language,
      theme: THEMES.find((one) => one === stored.theme) ?? chosen.theme,
      singleKeys: stored.singleKeys ?? chosen.singleKeys,
      highContrast: stored.highContrast === true,
      isPresenting: stored.isPresenting === true,
      hiddenColumns: Array.isArray(stored.hiddenColumns) ? stored.hiddenColumns.filter(isText) : chosen.hiddenColumns,
    }
  } catch {
    return chosen
  }
}

const wantsContrast = matchMedia('(prefers-contrast: more)')
let current = load()

function show(): void {
  const root = document.documentElement
  root.lang = current.language
  if (current.theme === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = current.theme
  root.toggleAttribute('data-presenting', current.isPresenting)
  root.toggleAttribute('data-contrast', current.highContrast || wantsContrast.matches)
}

show()
wantsContrast.addEventListener('change', show)

/** Changes and remembers; a browser that keeps nothing forgets with the page. */
export function prefer(change: Partial<Preferences>): void {
  current = { ...current, ...change }
  show()
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(current))
  } catch {
    // Storage is full or forbidden: the choice holds for this page.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current)
}
