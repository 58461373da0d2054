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
  /** Columns that the list of students does not show. */
  readonly hiddenColumns: readonly string[]
}

const STORED_AS = 'lectern.preferences'
const listeners = new Set<() => void>()

function first(): Preferences {
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'ja' || tag === 'en')
  return { language: spoken === 'ja' ? 'ja' : 'en', theme: 'system', singleKeys: true, hiddenColumns: [] }
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
      hiddenColumns: Array.isArray(stored.hiddenColumns) ? stored.hiddenColumns.filter(isText) : chosen.hiddenColumns,
    }
  } catch {
    return chosen
  }
}

let current = load()

function show(): void {
  const root = document.documentElement
  root.lang = current.language
  if (current.theme === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = current.theme
}

show()

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
