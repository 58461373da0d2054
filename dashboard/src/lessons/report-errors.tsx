import type { ReactNode } from 'react'
import type { LessonReport } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { notebookName } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'
import { ReportCard } from './report-card.tsx'

const MOST_SHOWN = 25

/** The mistakes of a lesson, those of most students first. */
export function ReportErrors({ report, tools }: { readonly report: LessonReport; readonly tools: ReactNode }) {
  const t = useTranslations('report')
  const shown = report.errors.slice(0, MOST_SHOWN)
  const more = report.errorGroups - shown.length
  return (
    <ReportCard title={t('errors')} tools={shown.length > 0 && tools}>
      {shown.length === 0 && <p className="muted">{t('noErrors')}</p>}
      {shown.length > 0 && (
        <table className="report-table">
          <thead>
            <tr>
              <th scope="col">{t('error')}</th>
              <th scope="col">{t('students')}</th>
              <th scope="col">{t('stillFailing')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ group, name, message, notebook, cell, students, failing }) => (
              <tr key={group}>
                <th scope="row" className="error-text">
                  <strong>{name}</strong>
                  {message !== undefined && <code>{message}</code>}
                  <span className="muted small">
                    {t('cell')} {cellNumber(cell.index)}, {notebookName(notebook)}
                  </span>
                </th>
                <td>{students.length}</td>
                <td>{failing.length}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more > 0 && <p className="muted">{t('moreErrors', { n: more })}</p>}
    </ReportCard>
  )
}
