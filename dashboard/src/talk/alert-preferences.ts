import { useSyncExternalStore } from 'react'

/** Ways in which the page says that somebody asks for help. */
export const ALERTS = ['title', 'sound', 'desktop'] as const
export type Alert = (typeof ALERTS)[number]
export type AlertPreferences = Readonly<Record<Alert, boolean>>

const STORED_AS = 'lectern.alerts'
const FIRST: AlertPreferences = { title: true, sound: false, desktop: false }
const listeners = new Set<() => void>()

function load(): AlertPreferences {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED_AS) ?? '{}') as Partial<AlertPreferences>
    return { ...FIRST, ...Object.fromEntries(ALERTS.map((name) => [name, stored[name] ?? FIRST[name]])) }
  } catch {
    return FIRST
  }
}

let current = load()

/** Chooses, and remembers on this computer; a browser that keeps nothing forgets with the page. */
export function preferAlerts(change: Partial<AlertPreferences>): void {
  current = { ...current, ...change }
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

/** What was chosen on this computer. */
export function useAlertPreferences(): AlertPreferences {
  return useSyncExternalStore(subscribe, () => current)
}
