import { HelpPanel } from '../class/help-panel.tsx'
import { ErrorsPanel } from '../class/errors-panel.tsx'
import { useResolves } from '../class/use-resolves.ts'
import { useSeen } from '../shell/seen.tsx'
import { WallPanel } from '../wall/wall-panel.tsx'
import '../styles/wall.css'
import { wholeMinute } from './whole-minute.ts'
import type { ViewProps } from '../shell/views.ts'

/** The students, who needs attention first, with the help queue and the shared errors beside them. */
export function WallView({ info }: ViewProps) {
  const { state, names, overview, now } = useSeen()
  const resolves = useResolves(info.id)
  return (
    <div className="panels">
      <WallPanel classId={info.id} rows={overview.rows} now={now} />
      <div className="panels-needs">
        <HelpPanel
          classId={info.id}
          help={state.help}
          errors={state.errors}
          names={names}
          now={now}
          resolves={resolves}
        />
        <ErrorsPanel classId={info.id} errors={state.errors} names={names} minute={wholeMinute(now)} />
      </div>
    </div>
  )
}
