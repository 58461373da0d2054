import type { ViewProps } from '../shell/views.ts'
import { GeneralSection } from './general-section.tsx'
import { HubSection } from './hub-section.tsx'
import { LifeSection } from './life-section.tsx'
import { RulesSection } from './rules-section.tsx'
import '../styles/manage.css'
import '../styles/lessons.css'
import '../styles/settings.css'

/** How a class is run: what is collected, when somebody counts as stuck, and what becomes of it. */
export function SettingsView({ info, user }: ViewProps) {
  const isArchived = info.archivedAt !== undefined
  return (
    <div className="manage-page settings-page">
      {/* A name or level that was changed elsewhere fills the form anew. */}
      {!isArchived && <GeneralSection key={`${info.name} ${info.level}`} info={info} />}
      {!isArchived && info.hub && <HubSection classId={info.id} hub={info.hub} />}
      {!isArchived && <RulesSection info={info} />}
      <LifeSection info={info} user={user} />
    </div>
  )
}
