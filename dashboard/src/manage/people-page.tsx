import { useTranslations } from 'use-intl'
import { hrefOf } from '../app/route.ts'
import { may } from '../class/may.ts'
import { useClass } from '../http/queries.ts'
import { TopBar } from '../parts/frame.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { CodesSection } from './codes-section.tsx'
import { RosterSection } from './roster-section.tsx'
import { StaffSection } from './staff-section.tsx'
import '../styles/manage.css'

/** Staff, join codes and students of a class, each as far as one may see it. */
export function PeoplePage({ classId }: { readonly classId: string }) {
  const t = useTranslations('manage')
  const loading = useTranslations('app')('loading')
  const { data: info, error, refetch } = useClass(classId)
  return (
    <div className="manage-page">
      <TopBar title={info ? t('title', { name: info.name }) : loading}>
        <a className="button" href={hrefOf({ page: 'class', id: classId })}>
          <Icon name="back" />
          <span className="wide-only">{t('back')}</span>
          <span className="off-screen">{t('back')}</span>
        </a>
      </TopBar>
      <main id="main" className="page" tabIndex={-1}>
        {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
        {info && may(info, 'staff.manage') && <StaffSection classId={classId} />}
        {info && may(info, 'codes.see') && <CodesSection classId={classId} mayManage={may(info, 'codes.manage')} />}
        {info && may(info, 'roster.see') && <RosterSection info={info} />}
      </main>
    </div>
  )
}
