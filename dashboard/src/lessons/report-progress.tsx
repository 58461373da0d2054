import type { ReactNode } from 'react'
import type { LessonReport } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { notebookName } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'
import { stopwatch } from '../i18n/duration.ts'
import { ReportCard } from './report-card.tsx'

type Book = LessonReport['notebooks'][number]
type CellOf = Book['cells'][number]

interface CellRowProps {
  readonly cell: CellOf
  /** Students who were there. */
  readonly there: number
}

function CellRow({ cell: { cell, reached, done, failing, spentMs, doneMs, tries }, there }: CellRowProps) {
  const t = useTranslations('report')
  const time = doneMs ?? spentMs
  const left = Math.max(0, reached - done - failing)
  const part = (n: number) => ({ width: `${(100 * n) / Math.max(1, there)}%` })
  const said = t('cellRow', { cell: cellNumber(cell.index), done, failing, left, n: there })
  return (
    <tr>
      <th scope="row">{cellNumber(cell.index)}</th>
      <td className="progress-cell">
        <span className="progress-bar" role="img" aria-label={said} title={said}>
          <span className="part-done" style={part(done)} />
          <span className="part-failing" style={part(failing)} />
          <span className="part-tried" style={part(left)} />
        </span>
      </td>
      <td>{done}</td>
      <td>{failing}</td>
      <td>{time > 0 ? stopwatch(time) : '–'}</td>
      <td>{tries}</td>
    </tr>
  )
}

function BookTable({ book, there }: { readonly book: Book; readonly there: number }) {
  const t = useTranslations('report')
  return (
    <table className="report-table progress-table">
      <caption>{notebookName(book.notebook)}</caption>
      <thead>
        <tr>
          <th scope="col">{t('cell')}</th>
          <th scope="col">
            <span className="progress-key" aria-hidden="true">
              <span className="swatch part-done" /> {t('done_')}
              <span className="swatch part-failing" /> {t('failing')}
              <span className="swatch part-tried" /> {t('tried')}
            </span>
            <span className="off-screen">{t('progress')}</span>
          </th>
          <th scope="col">{t('done_')}</th>
          <th scope="col">{t('failing')}</th>
          <th scope="col">{t('time')}</th>
          <th scope="col">{t('tries')}</th>
        </tr>
      </thead>
      <tbody>
        {book.cells.map((cell) => (
          <CellRow key={cell.cell.id} cell={cell} there={there} />
        ))}
      </tbody>
    </table>
  )
}

/** How far the class came, cell by cell. */
export function ReportProgress({ report, tools }: { readonly report: LessonReport; readonly tools: ReactNode }) {
  const t = useTranslations('report')
  return (
    <ReportCard title={t('progress')} tools={tools}>
      {report.notebooks.map((book) => (
        <BookTable key={book.notebook.id} book={book} there={report.attendance.length} />
      ))}
    </ReportCard>
  )
}

/** The cells in which students spent the most time. */
export function ReportSlowest({ report }: { readonly report: LessonReport }) {
  const t = useTranslations('report')
  const cells = new Map(
    report.notebooks.flatMap(({ notebook, cells: all }) =>
      all.map(
        ({ cell }) => [`${notebook.id}#${cell.id}`, { name: notebookName(notebook), index: cell.index }] as const,
      ),
    ),
  )
  const [longest] = report.slowest
  return (
    <ReportCard title={t('slowest')} text={longest && t('slowestText')}>
      {!longest && <p className="muted">{t('noSlowest')}</p>}
      <ol className="slowest">
        {report.slowest.map(({ notebook, cell, spentMs }) => {
          const place = cells.get(`${notebook}#${cell}`)
          return (
            <li key={`${notebook}#${cell}`}>
              <span className="slowest-name">
                {place && `${t('cell')} ${cellNumber(place.index)}`} <span className="muted">{place?.name}</span>
              </span>
              <span className="slowest-line" aria-hidden="true">
                <span style={{ width: `${(100 * spentMs) / Math.max(1, longest?.spentMs ?? 1)}%` }} />
              </span>
              <strong>{stopwatch(spentMs)}</strong>
            </li>
          )
        })}
      </ol>
    </ReportCard>
  )
}
