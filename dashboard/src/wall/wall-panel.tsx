import { Panel } from '../class/panel.tsx'
import type { Row } from '../class/overview.ts'
import { useFrozenRows } from '../class/use-frozen-rows.ts'
import { Narrowed, Search, UpdateButton } from '../class/narrowing.tsx'
import { useNarrowing } from '../class/use-narrowing.ts'
import { useTranslations } from 'use-intl'
import { WallTiles } from './wall-tiles.tsx'

const NEEDING = new Set<Row['phase']['kind']>(['help', 'stuck'])

interface WallPanelProps {
  readonly classId: string
  readonly rows: readonly Row[]
  /** The server's clock, ms. */
  readonly now: number
}

/** The wall: who needs somebody first. The order stands still while somebody reads or clicks in it. */
export function WallPanel({ classId, rows, now }: WallPanelProps) {
  const t = useTranslations('students')
  const narrowing = useNarrowing(classId)
  const { rows: shown, changed, update, hold, kindOf } = useFrozenRows(rows, narrowing.belongs)
  const calm = shown.findIndex((row) => !NEEDING.has(kindOf(row)))
  return (
    <Panel
      id="wall"
      title={t('title')}
      note={narrowing.isNarrowed ? t('shown', { shown: shown.length, all: rows.length }) : rows.length}
      tools={
        <>
          <UpdateButton changed={changed} onUpdate={update} />
          <Search narrowing={narrowing} />
        </>
      }
    >
      <div className="wall-hold" {...hold}>
        {shown.length > 0 ? (
          <WallTiles classId={classId} rows={shown} needing={calm < 0 ? shown.length : calm} now={now} />
        ) : (
          <Narrowed narrowing={narrowing} isEmpty={rows.length === 0} />
        )}
      </div>
    </Panel>
  )
}
