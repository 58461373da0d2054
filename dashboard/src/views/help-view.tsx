import type { ViewProps } from '../shell/views.ts'
import { HelpQueue } from '../talk/help-queue.tsx'

/** Who asked for help, and who goes there. */
export function HelpView({ info, user }: ViewProps) {
  return <HelpQueue classId={info.id} user={user} />
}
