import { useTranslations } from 'use-intl'
import { prefer, usePreferences } from '../app/preferences.ts'
import { Sheet } from './dialog.tsx'

const KEYS = [
  ['/', 'search'],
  ['c', 'join'],
  ['↑ ↓ ← →', 'move'],
  ['Enter', 'open'],
  ['Esc', 'close'],
  ['?', 'help'],
] as const

/** A key of the page that is shown, and what it does. */
export interface PageKey {
  readonly key: string
  readonly what: string
}

interface KeySheetProps {
  /** Keys of the page, before those that every page has. */
  readonly keys?: readonly PageKey[]
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** What every key does. */
export function KeySheet({ keys = [], isOpen, onClose }: KeySheetProps) {
  const t = useTranslations('keys')
  const { singleKeys } = usePreferences()
  const all = [...keys, ...KEYS.map(([key, what]) => ({ key, what: t(what) }))]
  return (
    <Sheet title={t('title')} isOpen={isOpen} onClose={onClose}>
      <dl className="keys">
        {all.map(({ key, what }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label className="check">
        <input type="checkbox" checked={singleKeys} onChange={({ target }) => prefer({ singleKeys: target.checked })} />
        <span>
          {t('single')} <span className="muted">{t('singleText')}</span>
        </span>
      </label>
    </Sheet>
  )
}
