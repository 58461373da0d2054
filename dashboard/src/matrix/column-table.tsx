import { useFormatter, useTranslations } from 'use-intl'
import { cellNumber } from '../class/use-reason.ts'
import type { Column } from './grid.ts'
import { useSpan } from './use-cell-words.ts'

interface ColumnTableProps {
  readonly columns: readonly Column[]
  readonly hardest: Column | undefined
}

/** The sums of the cells as a table, for whoever reads rather than looks. */
export function ColumnTable({ columns, hardest }: ColumnTableProps) {
  const t = useTranslations('matrix')
  const format = useFormatter()
  const span = useSpan()
  return (
    <details className="matrix-table">
      <summary>{t('summary')}</summary>
      <div className="table-scroll" role="region" aria-label={t('summary')} tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('cellName', { cell: '' }).trim()}</th>
              {(['reached', 'done', 'failing', 'held', 'tries', 'medianTime', 'medianTries'] as const).map((name) => (
                <th key={name} scope="col" className="number">
                  {t(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {columns.map(({ at, cell, medianSeconds, medianTries, ...sums }) => (
              <tr key={at} className={at === hardest?.at ? 'hardest' : ''}>
                <th scope="row">{t('cellName', { cell: cellNumber(cell.index) })}</th>
                {(['reached', 'done', 'failing', 'held', 'tries'] as const).map((name) => (
                  <td key={name} className="number">
                    {format.number(sums[name])}
                  </td>
                ))}
                <td className="number">{medianSeconds === undefined ? '–' : span(medianSeconds)}</td>
                <td className="number">{medianTries === undefined ? '–' : format.number(medianTries)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
