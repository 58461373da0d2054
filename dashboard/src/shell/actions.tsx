import type { ClassInfo } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { hrefOfClass } from '../app/route.ts'
import { may } from '../class/may.ts'
import { Icon } from '../parts/icons.tsx'

/** Dialogs over a class. */
export type SheetName = 'join' | 'keys'

interface ActionsProps {
  readonly info: ClassInfo
  readonly onSheet: (sheet: SheetName) => void
}

/** What can be done in a class, as far as one may. */
export function Actions({ info, onSheet }: ActionsProps) {
  const join = useTranslations('join')('button')
  const settings = useTranslations('settings')('button')
  const keys = useTranslations('keys')('title')
  return (
    <>
      {may(info, 'codes.see') && (
        <Button className="button" onPress={() => onSheet('join')} aria-label={join}>
          <Icon name="key" />
          <span className="wide-only">{join}</span>
        </Button>
      )}
      {may(info, 'class.edit') && (
        <a
          className="button icon-only"
          aria-label={settings}
          title={settings}
          href={hrefOfClass({ id: info.id, view: 'settings' })}
        >
          <Icon name="settings" />
        </a>
      )}
      <Button className="button icon-only wide-only" aria-label={keys} onPress={() => onSheet('keys')}>
        <Icon name="question" />
      </Button>
    </>
  )
}
