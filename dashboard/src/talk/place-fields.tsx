import { useMemo } from 'react'
import type { CellRef, NotebookRef } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { notebookName, progressOf } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'
import { Select } from '../parts/select.tsx'
import { useSeen } from '../shell/seen.tsx'

/** Where in the class's notebooks something belongs. */
export interface Spot {
  readonly notebook: NotebookRef
  readonly cell: CellRef
}

interface PlaceFieldsProps {
  readonly notebook: NotebookRef | undefined
  readonly cell: CellRef | undefined
  readonly isNeeded: boolean
  readonly onChange: (spot: Spot | undefined) => void
}

/** The notebook by its file name alone: folders of one student are nobody else's business. */
export const withoutFolders = ({ id, path }: NotebookRef): NotebookRef => ({
  id,
  path: (path || id).split('/').at(-1) ?? id,
})

/** Chooses a cell that somebody in the class has run. */
export function PlaceFields({ notebook, cell, isNeeded, onChange }: PlaceFieldsProps) {
  const t = useTranslations('say')
  const students = useTranslations('students')
  const { cells } = useSeen().state
  const books = useMemo(() => progressOf(cells), [cells])
  const book = books.find((one) => one.notebook.id === notebook?.id)
  const spotOf = (id: string, cellId?: string): Spot | undefined => {
    const found = books.find((one) => one.notebook.id === id)
    const at = found?.cells.find((one) => one.cell.id === cellId) ?? found?.cells[0]
    return found && at && { notebook: withoutFolders(found.notebook), cell: at.cell }
  }
  if (books.length === 0) return isNeeded ? <p className="hint">{t('noCells')}</p> : null
  const none = { id: '', text: isNeeded ? t('choose') : t('nowhere') }
  return (
    <div className="place-fields">
      <Select
        label={t('notebook')}
        value={book?.notebook.id ?? ''}
        options={[none, ...books.map((one) => ({ id: one.notebook.id, text: notebookName(one.notebook) }))]}
        onChange={(id) => onChange(spotOf(id))}
      />
      {book && (
        <Select
          label={t('cell')}
          value={cell?.id ?? ''}
          options={book.cells.map((one) => ({
            id: one.cell.id,
            text: students('cell', { cell: cellNumber(one.cell.index) }),
          }))}
          onChange={(id) => onChange(spotOf(book.notebook.id, id))}
        />
      )}
    </div>
  )
}
