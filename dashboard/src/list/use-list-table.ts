import { useTranslations } from 'use-intl'
import { notebookName } from '../class/progress.ts'
import { cellNumber, useReason } from '../class/use-reason.ts'
import { momentCell, type Table } from '../parts/download.ts'
import type { ColumnName, Listed } from './columns.ts'

const TAKEN = ['name', 'team', 'seat', 'need', 'notebook', 'cell', 'runs', 'failures', 'seen'] as const

/** The list as it is taken out. `now`: the server's clock, ms. */
export function useListTable(now: number): (rows: readonly Listed[]) => Table {
  const t = useTranslations('wall.columns')
  const kinds = useTranslations('kind')
  const reason = useReason()
  const cellsOf = ({ row, entry }: Listed): Record<(typeof TAKEN)[number], string | number | undefined> => ({
    name: row.name,
    team: entry?.team,
    seat: entry?.seat,
    need: `${kinds(row.phase.kind)}: ${reason(row.phase, now)}`,
    notebook: row.student.notebook && notebookName(row.student.notebook),
    cell: row.student.cell && cellNumber(row.student.cell.index),
    runs: row.student.executions,
    failures: row.student.failures,
    seen: momentCell(row.student.lastAt) as string,
  })
  return (rows) => ({
    columns: TAKEN.map((name: ColumnName) => t(name)),
    rows: rows.map((one) => {
      const cells = cellsOf(one)
      return TAKEN.map((name) => cells[name])
    }),
  })
}
