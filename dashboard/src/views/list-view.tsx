import { ListPanel } from '../list/list-panel.tsx'
import { useSeen } from '../shell/seen.tsx'
import type { ViewProps } from '../shell/views.ts'
import '../styles/wall.css'
import '../styles/list.css'

/** The students as a table: search, filters, sorts, columns. */
export function ListView({ info }: ViewProps) {
  const { overview, now } = useSeen()
  return <ListPanel info={info} rows={overview.rows} now={now} />
}
