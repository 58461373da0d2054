import { lazy, Suspense, useState } from 'react'
import type { ClassInfo, StaffUser } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { prefer, usePreferences } from '../app/preferences.ts'
import { ArchivedNote } from '../class/archived-note.tsx'
import { Icon } from '../parts/icons.tsx'
import { PasswordBanner } from '../session/account.tsx'
import { useSources } from './seen.tsx'

const ReplayBar = lazy(async () => ({ default: (await import('../replay/replay-bar.tsx')).ReplayBar }))

/** Says that what is seen is not what is, moves it through time, and leads back. */
function ReplayBanner() {
  const t = useTranslations('replay')
  const close = useTranslations('app')('close')
  const { shown } = useSources()
  const [isBroken, setBroken] = useState(false)
  if (shown.controls) return <ReplayBar controls={shown.controls} onBroken={() => setBroken(true)} />
  if (!isBroken) return null
  return (
    <div className="banner" role="status">
      <Icon name="replay" />
      <span>{t('broken')}</span>
      <Button className="button small-button" onPress={() => setBroken(false)}>
        {close}
      </Button>
    </div>
  )
}

/** Names are hidden for the projector: said, lest somebody looks for them. */
function PresentingBanner() {
  const t = useTranslations('menu')
  const { isPresenting } = usePreferences()
  if (!isPresenting) return null
  return (
    <div className="banner">
      <Icon name="whole" />
      <span>{t('presenting')}</span>
      <Button className="button small-button" onPress={() => prefer({ isPresenting: false })}>
        {t('presentEnd')}
      </Button>
    </div>
  )
}

interface BannersProps {
  readonly info: ClassInfo
  readonly user: StaffUser
  /** False for those who may not see students: they have no state, so no replay of it. */
  readonly ofState: boolean
}

/** What stands above every view: what everyone in the class, or of the staff, has to know now. */
export function Banners({ info, user, ofState }: BannersProps) {
  return (
    <div className="banners">
      <PasswordBanner user={user} />
      <PresentingBanner />
      {info.archivedAt !== undefined && <ArchivedNote info={info} />}
      {ofState && (
        <Suspense>
          <ReplayBanner />
        </Suspense>
      )}
    </div>
  )
}
