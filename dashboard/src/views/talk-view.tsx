import type { ViewProps } from '../shell/views.ts'
import { Talk } from '../talk/talk.tsx'

/** What staff say to students, and what came of it. */
export function TalkView({ info, user }: ViewProps) {
  return <Talk info={info} user={user} />
}
