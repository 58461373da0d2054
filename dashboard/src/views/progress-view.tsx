import { ActivityPanel } from '../class/activity-panel.tsx'
import { ProgressPanel } from '../class/progress-panel.tsx'
import { useSeen } from '../shell/seen.tsx'
import { wholeMinute } from './whole-minute.ts'

/** How far the class is, and how busy it was. */
export function ProgressView() {
  const { state, now } = useSeen()
  return (
    <div className="pictures">
      <ProgressPanel cells={state.cells} />
      <ActivityPanel activity={state.activity} minute={wholeMinute(now)} />
    </div>
  )
}
