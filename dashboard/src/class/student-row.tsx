import { memo } from 'react'
import { useTranslations } from 'use-intl'
import { KindBadge } from '../parts/icons.tsx'
import type { Row } from './overview.ts'
import { notebookName } from './progress.ts'
import { cellNumber, useReason } from './use-reason.ts'

interface StudentRowProps {
  /** Gives the address that opens a student. */
  readonly hrefOf: (student: string) => string
  readonly row: Row
  /** The server's clock, ms, in coarse steps. */
  readonly clock: number
  readonly isTabStop: boolean
}

/** One student: who, why, where. */
export const StudentRow = memo(function StudentRow({ hrefOf, row, clock, isTabStop }: StudentRowProps) {
  const t = useTranslations('students')
  const kinds = useTranslations('kind')
  const reason = useReason()
  const { student, phase } = row
  return (
    <a
      className={`student-row kind-${phase.kind}`}
      href={hrefOf(row.id)}
      tabIndex={isTabStop ? 0 : -1}
      data-student={row.id}
      data-kind={phase.kind}
    >
      <KindBadge kind={phase.kind} />
      <span className="student-name">{row.name}</span>
      <span className="student-reason">
        <span className="off-screen">{kinds(phase.kind)}: </span>
        {reason(phase, clock)}
      </span>
      <span className="student-place">
        {student.notebook ? (
          <>
            <span className="student-notebook">{notebookName(student.notebook)}</span>
            {student.cell && <span>{t('cell', { cell: cellNumber(student.cell.index) })}</span>}
          </>
        ) : (
          <span>{t('nowhere')}</span>
        )}
      </span>
    </a>
  )
})
