import { useTranslations } from 'use-intl'
import { notebookName } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'
import { momentCell, type Table } from '../parts/download.ts'
import type { SharedError } from './groups.ts'

/** The shared mistakes as they are taken out: a row a mistake. */
export function useGroupsTable(): (groups: readonly SharedError[]) => Table {
  const t = useTranslations('report')
  return (groups) => ({
    columns: [t('error'), t('message'), t('notebook'), t('cell'), t('students'), t('from'), t('to')],
    rows: groups.map(({ group: { name, message, notebook, cell, students, since, lastAt } }) => [
      name,
      message,
      notebookName(notebook),
      cellNumber(cell.index),
      Object.keys(students).length,
      momentCell(since),
      momentCell(lastAt),
    ]),
  })
}
