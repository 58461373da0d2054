import { useEffect } from 'react'
import { usePreferences } from './preferences.ts'

/** What single keys do, by key. */
export type Shortcuts = Readonly<Record<string, () => void>>

/** True where a key writes text, or a dialog is open and keeps the keyboard for itself. */
function isTaken(target: EventTarget | null): boolean {
  if (document.querySelector('[role=dialog], [role=alertdialog], [role=menu]')) return true
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Lets single keys act on the page, where they are not switched off. Keep `shortcuts` the same object between renders. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const { singleKeys } = usePreferences()
  useEffect(() => {
    if (!singleKeys) return
    const act = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      const shortcut = Object.hasOwn(shortcuts, event.key) ? shortcuts[event.key] : undefined
      if (!shortcut || isTaken(event.target)) return
      event.preventDefault()
      shortcut()
    }
    document.addEventListener('keydown', act)
    return () => document.removeEventListener('keydown', act)
  }, [shortcuts, singleKeys])
}
