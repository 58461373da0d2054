import { useState } from 'react'
import type { RosterEntry } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Sheet } from '../parts/dialog.tsx'

interface EraseStudentProps {
  readonly entry: RosterEntry
  readonly onErase: (student: string) => void
}

/** Erasing a student: asked for once more, with what it means, before the time to undo it begins. */
export function EraseStudent({ entry: { id, name }, onErase }: EraseStudentProps) {
  const t = useTranslations('privacy.erase')
  const cancel = useTranslations('app')('cancel')
  const [asked, setAsked] = useState(false)
  return (
    <>
      <Button className="button quiet small-button" aria-label={t('buttonOf', { name })} onPress={() => setAsked(true)}>
        {t('button')}
      </Button>
      <Sheet title={t('title', { name })} isOpen={asked} onClose={() => setAsked(false)}>
        <p>{t('text')}</p>
        <div className="actions">
          <Button
            className="button danger"
            onPress={() => {
              setAsked(false)
              onErase(id)
            }}
          >
            {t('sure')}
          </Button>
          <Button className="button quiet" autoFocus onPress={() => setAsked(false)}>
            {cancel}
          </Button>
        </div>
      </Sheet>
    </>
  )
}
