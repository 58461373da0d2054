import { ErrorsPanel } from '../class/errors-panel.tsx'
import { useSeen } from '../shell/seen.tsx'
import type { ViewProps } from '../shell/views.ts'
import { wholeMinute } from './whole-minute.ts'

/** The mistakes that several students share. */
export function ErrorsView({ info }: ViewProps) {
  const { state, names, now } = useSeen()
  return <ErrorsPanel classId={info.id} errors={state.errors} names={names} minute={wholeMinute(now)} />
}
