import { memo, type ReactNode } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { notebookName } from '../class/progress.ts'
import { cellNumber, useReason } from '../class/use-reason.ts'
import { useDuration } from '../i18n/duration.ts'
import { KindBadge } from '../parts/icons.tsx'
import { Spark } from '../wall/spark.tsx'
import type { ColumnName, Listed } from './columns.ts'

const MINUTE_MS = 60_000

interface StudentRowProps extends Listed {
  readonly columns: readonly ColumnName[]
  /** Gives the address that opens a student. */
  readonly hrefOf: (student: string) => string
  /** The server's clock, ms, in coarse steps. */
  readonly clock: number
  readonly isTabStop: boolean
}

/** What stands in the cells, by column. */
function useCells({ row, entry, hrefOf, clock, isTabStop }: StudentRowProps): Record<ColumnName, () => ReactNode> {
  const t = useTranslations('student')
  const kinds = useTranslations('kind')
  const format = useFormatter()
  const duration = useDuration()
  const reason = useReason({ isBrief: true })
  const { student, phase } = row
  return {
    name: () => (
      <>
        <KindBadge kind={phase.kind} />
        <a className="list-link" href={hrefOf(row.id)} tabIndex={isTabStop ? 0 : -1} data-student={row.id}>
          {row.name}
        </a>
      </>
    ),
    need: () => (
      <span className="list-reason">
        <span className="off-screen">{kinds(phase.kind)}: </span>
        {reason(phase, clock)}
      </span>
    ),
    team: () => entry?.team,
    seat: () => entry?.seat,
    notebook: () => student.notebook && notebookName(student.notebook),
    cell: () => student.cell && format.number(cellNumber(student.cell.index)),
    recent: () => <Spark recent={student.recent} minute={Math.floor(clock / MINUTE_MS)} />,
    runs: () => format.number(student.executions),
    failures: () => format.number(student.failures),
    seen: () => t('ago', { duration: duration(clock - student.lastAt) }),
  }
}

/** One student of the list; a press anywhere in the row opens them. */
export const StudentRow = memo(function StudentRow(props: StudentRowProps) {
  const cells = useCells(props)
  return (
    <>
      {props.columns.map((name) => (
        <span key={name} role="cell" className={`list-cell list-${name}`}>
          {cells[name]()}
        </span>
      ))}
    </>
  )
})
