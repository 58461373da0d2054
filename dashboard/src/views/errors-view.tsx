import type { ViewProps } from '../shell/views.ts'
import { ErrorGroups } from '../talk/error-groups.tsx'

/** The mistakes that several students share. */
export function ErrorsView({ info }: ViewProps) {
  return <ErrorGroups info={info} />
}
