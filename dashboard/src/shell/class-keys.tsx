import { useTranslations } from 'use-intl'
import { KeySheet } from '../parts/key-sheet.tsx'
import type { ClassView } from './views.ts'

interface ClassKeysProps {
  readonly views: readonly ClassView[]
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** What every key does in a class: those of the views that one may see, then the others. */
export function ClassKeys({ views, ...sheet }: ClassKeysProps) {
  const t = useTranslations('shell')
  const keys = views.flatMap(({ name, shortcut }) =>
    shortcut === undefined ? [] : [{ key: shortcut, what: t(`views.${name}`) }],
  )
  return <KeySheet keys={keys} {...sheet} />
}
