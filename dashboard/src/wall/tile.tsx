import { memo } from 'react'
import type { AttentionKind } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { isSamePhase, type Row } from '../class/overview.ts'
import { notebookName } from '../class/progress.ts'
import { cellNumber, useReason } from '../class/use-reason.ts'
import { Icon, KindBadge } from '../parts/icons.tsx'
import { Spark } from './spark.tsx'
import type { TileShape } from './wall-layout.ts'

const MINUTE_MS = 60_000
/** There is one at a time. */
const DOT_WORDS = 'dot-words'

interface TileProps {
  readonly row: Row
  readonly shape: Exclude<TileShape, 'chip' | 'dot'>
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

/** What a student needs, in words. */
function Why({ row, clock }: Pick<TileProps, 'row' | 'clock'>) {
  const kinds = useTranslations('kind')
  const reason = useReason({ isBrief: true })
  return (
    <span className="tile-reason">
      <span className="off-screen">{kinds(row.phase.kind)}: </span>
      {reason(row.phase, clock)}
    </span>
  )
}

/** True if both say the same: of a student at work much changes with every run that no tile shows. */
function saysSame(a: TileProps, b: TileProps): boolean {
  const [x, y] = [a.row, b.row]
  return (
    a.shape === b.shape &&
    a.clock === b.clock &&
    a.isTabStop === b.isTabStop &&
    a.hrefOf === b.hrefOf &&
    x.id === y.id &&
    x.name === y.name &&
    x.help?.message === y.help?.message &&
    x.student.recent === y.student.recent &&
    x.student.notebook === y.student.notebook &&
    x.student.cell?.index === y.student.cell?.index &&
    isSamePhase(x.phase, y.phase)
  )
}

/** One student on the wall: who, what for, where, and how the last minutes went. */
export const Tile = memo(function Tile({ row, shape, hrefOf, clock, isTabStop }: TileProps) {
  const { student, phase, help } = row
  return (
    <a
      className={`tile tile-${shape} kind-${phase.kind}`}
      href={hrefOf(row.id)}
      tabIndex={isTabStop ? 0 : -1}
      data-student={row.id}
      data-kind={phase.kind}
    >
      <KindBadge kind={phase.kind} />
      <span className="tile-name">{row.name}</span>
      <Why row={row} clock={clock} />
      {shape === 'large' && help?.message !== undefined && help.message !== '' && (
        <span className="tile-message">{help.message}</span>
      )}
      {shape === 'large' && <Place row={row} />}
      <Spark recent={student.recent} minute={Math.floor(clock / MINUTE_MS)} />
    </a>
  )
}, saysSame)

interface DotProps {
  readonly shape: Extract<TileShape, 'chip' | 'dot'>
  readonly id: string
  readonly name: string
  readonly kind: AttentionKind
  /** Gives the address that opens a student. */
  readonly hrefOf: (student: string) => string
  readonly isTabStop: boolean
}

/** One student among many, by the sign of what they need, and the name where there is room; `DotWords` says the rest of the one that is pointed at. */
export const Dot = memo(function Dot({ shape, id, name, kind, hrefOf, isTabStop }: DotProps) {
  const kinds = useTranslations('kind')
  return (
    <a
      className={`tile tile-${shape} kind-${kind}`}
      href={hrefOf(id)}
      tabIndex={isTabStop ? 0 : -1}
      aria-label={`${name}, ${kinds(kind)}`}
      aria-describedby={DOT_WORDS}
      data-student={id}
      data-kind={kind}
    >
      <Icon name={kind} />
      {shape === 'chip' && <span className="tile-name">{name}</span>}
    </a>
  )
})

/** Who the dot is that is pointed at, and why, above it. */
export function DotWords({ row, clock }: Pick<TileProps, 'row' | 'clock'>) {
  return (
    <span className="dot-words" id={DOT_WORDS} role="tooltip">
      <strong>{row.name}</strong> <Why row={row} clock={clock} />
    </span>
  )
}
