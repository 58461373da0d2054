import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import type { Row } from '../class/overview.ts'
import { Icon } from '../parts/icons.tsx'
import { useSay } from './say.tsx'

/** Writes to the student about where the student is; nothing where one may not. */
export function WriteButton({ row: { id, name, student, help } }: { readonly row: Row }) {
  const t = useTranslations('say')
  const say = useSay()
  if (!say) return null
  const { notebook, cell } = student
  const request = help && { request: help.event, closes: true }
  return (
    <Button
      className="button"
      aria-label={t('writeTo', { name })}
      onPress={() => say({ to: { students: [id] }, whom: name, notebook, cell, kind: 'message', ...request })}
    >
      <Icon name="talk" />
      {t('write')}
    </Button>
  )
}
