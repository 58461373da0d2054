import type { StaffUser } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { Icon } from '../parts/icons.tsx'
import { PasswordBanner } from '../session/account.tsx'
import { useMaybeSeen, useSources } from './seen.tsx'

/** Says that what is seen is not what is, and leads back. */
function ReplayBanner() {
  const t = useTranslations('shell')
  const format = useFormatter()
  const seen = useMaybeSeen()
  const { show } = useSources()
  if (!seen || seen.isLive) return null
  return (
    <div className="banner replay-banner" role="status">
      <Icon name="replay" />
      <span>{t('replayed', { time: format.dateTime(seen.now, { timeStyle: 'short', dateStyle: 'medium' }) })}</span>
      <Button className="button small-button" onPress={() => show()}>
        {t('toLive')}
      </Button>
    </div>
  )
}

interface BannersProps {
  readonly user: StaffUser
  /** False for those who may not see students: they have no state, so no replay of it. */
  readonly ofState: boolean
}

/** What stands above every view: what everyone in the class, or of the staff, has to know now. */
export function Banners({ user, ofState }: BannersProps) {
  return (
    <div className="banners">
      <PasswordBanner user={user} />
      {ofState && <ReplayBanner />}
    </div>
  )
}
