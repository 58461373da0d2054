import { memo } from 'react'
import { useTranslations } from 'use-intl'
import type { Row } from '../class/overview.ts'
import { notebookName } from '../class/progress.ts'
import { cellNumber, useReason } from '../class/use-reason.ts'
import { Icon, KindBadge } from '../parts/icons.tsx'
import { Spark } from './spark.tsx'
import type { TileShape } from './wall-layout.ts'

const MINUTE_MS = 60_000

interface TileProps {
  readonly row: Row
  readonly shape: TileShape
  /** Gives the address that opens a student. */
  readonly hrefOf: (student: string) => string
  /** The server's clock, ms, in coarse steps. */
  readonly clock: number
  readonly isTabStop: boolean
}

/** Where the student works. */
function Place({ row: { student } }: Pick<TileProps, 'row'>) {
  const t = useTranslations('students')
  if (!student.notebook) return <span className="tile-place">{t('nowhere')}</span>
  return (
    <span className="tile-place">
      <span className="tile-notebook">{notebookName(student.notebook)}</span>
      {student.cell && <span className="tile-cell">{t('cell', { cell: cellNumber(student.cell.index) })}</span>}
    </span>
  )
}

/** What is written on a tile; a dot has only its sign, and says the rest when it is pointed at. */
function Face({ row, shape, clock }: Pick<TileProps, 'row' | 'shape' | 'clock'>) {
  const kinds = useTranslations('kind')
  const reason = useReason({ isBrief: true })
  const { student, phase, help } = row
  const why = (
    <span className="tile-reason">
      <span className="off-screen">{kinds(phase.kind)}: </span>
      {reason(phase, clock)}
    </span>
  )
  if (shape === 'dot') {
    return (
      <>
        <Icon name={phase.kind} />
        <span className="dot-words">
          <strong>{row.name}</strong> {why}
        </span>
      </>
    )
  }
  return (
    <>
      <KindBadge kind={phase.kind} />
      <span className="tile-name">{row.name}</span>
      {why}
      {shape === 'large' && help?.message !== undefined && help.message !== '' && (
        <span className="tile-message">{help.message}</span>
      )}
      {shape === 'large' && <Place row={row} />}
      <Spark recent={student.recent} minute={Math.floor(clock / MINUTE_MS)} />
    </>
  )
}

/** One student on the wall: who, what for, where, and how the last minutes went. */
export const Tile = memo(function Tile({ row, shape, hrefOf, clock, isTabStop }: TileProps) {
  return (
    <a
      className={`tile tile-${shape} kind-${row.phase.kind}`}
      href={hrefOf(row.id)}
      tabIndex={isTabStop ? 0 : -1}
      data-student={row.id}
      data-kind={row.phase.kind}
    >
      <Face row={row} shape={shape} clock={clock} />
    </a>
  )
})
