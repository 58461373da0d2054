import { useTranslations } from 'use-intl'
import { prefer, usePreferences } from '../app/preferences.ts'
import { Sheet } from './dialog.tsx'

const KEYS = [
  ['?', 'help'],
  ['/', 'search'],
  ['s', 'students'],
  ['h', 'helpRequests'],
  ['e', 'errors'],
  ['p', 'progress'],
  ['c', 'join'],
  ['↑ ↓ ← →', 'move'],
  ['Enter', 'open'],
  ['Esc', 'close'],
] as const

interface KeySheetProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** What every key does. */
export function KeySheet({ isOpen, onClose }: KeySheetProps) {
  const t = useTranslations('keys')
  const { singleKeys } = usePreferences()
  return (
    <Sheet title={t('title')} isOpen={isOpen} onClose={onClose}>
      <dl className="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(what)}</dd>
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
