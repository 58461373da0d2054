import { may } from '../class/may.ts'
import type { ViewProps } from '../shell/views.ts'
import { CodesSection } from './codes-section.tsx'
import { RosterSection } from './roster-section.tsx'
import { StaffSection } from './staff-section.tsx'
import '../styles/manage.css'

/** Staff, join codes and students of a class, each as far as one may see it. */
export function PeoplePage({ info }: Pick<ViewProps, 'info'>) {
  return (
    <div className="manage-page">
      {may(info, 'staff.manage') && <StaffSection classId={info.id} />}
      {may(info, 'codes.see') && <CodesSection classId={info.id} mayManage={may(info, 'codes.manage')} />}
      {may(info, 'roster.see') && <RosterSection info={info} />}
    </div>
  )
}
