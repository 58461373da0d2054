import { HelpPanel } from '../class/help-panel.tsx'
import { useResolves } from '../class/use-resolves.ts'
import { useSeen } from '../shell/seen.tsx'
import type { ViewProps } from '../shell/views.ts'

/** Who asked for help. */
export function HelpView({ info }: ViewProps) {
  const { state, names, now } = useSeen()
  const resolves = useResolves(info.id)
  return (
    <HelpPanel classId={info.id} help={state.help} errors={state.errors} names={names} now={now} resolves={resolves} />
  )
}
