import { lazy, Suspense } from 'react'
import type { ClassInfo, StaffUser } from '@lectern/protocol'
import { ArchivedNote } from '../class/archived-note.tsx'
import { PasswordBanner } from '../session/account.tsx'
import { useSources } from './seen.tsx'

const ReplayBar = lazy(async () => ({ default: (await import('../replay/replay-bar.tsx')).ReplayBar }))

/** Says that what is seen is not what is, moves it through time, and leads back. */
function ReplayBanner() {
  const { shown } = useSources()
  return shown.controls && <ReplayBar controls={shown.controls} />
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
      {info.archivedAt !== undefined && <ArchivedNote info={info} />}
      {ofState && (
        <Suspense>
          <ReplayBanner />
        </Suspense>
      )}
    </div>
  )
}
