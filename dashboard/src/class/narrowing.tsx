import { useMemo, useState } from 'react'
import { Button, Input, SearchField } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useShortcuts } from '../app/shortcuts.ts'
import { Icon } from '../parts/icons.tsx'
import type { Narrowing } from './use-narrowing.ts'

interface NarrowingProps {
  readonly narrowing: Narrowing
}

/** Finds students by name or team; the key `/` leads here. */
export function Search({ narrowing: { search, narrow } }: NarrowingProps) {
  const t = useTranslations('students')
  // What is typed is seen at once, whatever the address takes.
  const [typed, setTyped] = useState(search)
  const [told, setTold] = useState(search)
  if (told !== search) {
    setTold(search)
    setTyped(search)
  }
  useShortcuts(useMemo(() => ({ '/': () => document.getElementById('student-search')?.focus() }), []))
  return (
    <SearchField
      className="search"
      aria-label={t('search')}
      value={typed}
      onChange={(wanted) => {
        setTyped(wanted)
        setTold(wanted)
        narrow({ search: wanted })
      }}
    >
      <Icon name="search" />
      <Input id="student-search" placeholder={t('search')} />
    </SearchField>
  )
}

/** Offers the newest order to whoever holds an older one still by being in it. */
export function UpdateButton({ changed, onUpdate }: { readonly changed: number; readonly onUpdate: () => void }) {
  const t = useTranslations('students')
  return (
    <div className="update" role="status">
      {changed > 0 && (
        <Button className="button small-button" onPress={onUpdate}>
          <Icon name="refresh" />
          {t('update', { n: changed })}
        </Button>
      )}
    </div>
  )
}

/** Said in place of the students when there are none, or none of those who are looked for. */
export function Narrowed({ narrowing, isEmpty }: NarrowingProps & { readonly isEmpty: boolean }) {
  const t = useTranslations('students')
  return (
    <div className="empty">
      <p>{isEmpty ? t('empty') : t('none')}</p>
      {narrowing.isNarrowed && (
        <Button className="button" onPress={narrowing.clear}>
          {t('clear')}
        </Button>
      )}
    </div>
  )
}
