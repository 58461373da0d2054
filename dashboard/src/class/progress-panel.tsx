import { memo, useState, type KeyboardEvent } from 'react'
import { useTranslations } from 'use-intl'
import { Panel } from './panel.tsx'
import type { NotebookProgress } from './progress.ts'
import { cellNumber } from './use-reason.ts'

type Cell = NotebookProgress['cells'][number]

const share = (part: number, all: number) => `${all === 0 ? 0 : (100 * part) / all}%`

function useCellText(students: number): (cell: Cell) => string {
  const t = useTranslations('progress')
  return ({ cell, done, failing, reached, tries }) =>
    t('cell', { cell: cellNumber(cell.index), done, failing, left: students - reached, tries })
}

interface ColumnProps {
  readonly cell: Cell
  readonly students: number
  readonly isHardest: boolean
  readonly isTabStop: boolean
  readonly isChosen: boolean
  readonly onChoose: (key: string) => void
}

/** One cell as a column: how many are done, fail, have run it, of all who work in the notebook. */
function Column({ cell, students, isHardest, isTabStop, isChosen, onChoose }: ColumnProps) {
  const text = useCellText(students)
  return (
    <li className={`column ${isHardest ? 'hardest' : ''} ${isChosen ? 'chosen' : ''}`}>
      <button
        type="button"
        tabIndex={isTabStop ? 0 : -1}
        aria-label={text(cell)}
        aria-pressed={isChosen}
        data-cell={cell.key}
        onFocus={() => onChoose(cell.key)}
        onPointerEnter={() => onChoose(cell.key)}
        onClick={() => onChoose(cell.key)}
      >
        <span className="column-bar">
          <span className="part done" style={{ height: share(cell.done, students) }} />
          <span className="part failing" style={{ height: share(cell.failing, students) }} />
          <span
            className="part reached"
            style={{ height: share(Math.max(0, cell.reached - cell.done - cell.failing), students) }}
          />
        </span>
        <span className="column-number" aria-hidden="true">
          {cellNumber(cell.cell.index)}
        </span>
      </button>
    </li>
  )
}

function Legend({ hasUnknown }: { readonly hasUnknown: boolean }) {
  const t = useTranslations('progress')
  const kinds = hasUnknown ? (['done', 'failing', 'reached', 'left'] as const) : (['done', 'failing', 'left'] as const)
  return (
    <ul className="legend">
      {kinds.map((kind) => (
        <li key={kind}>
          <span className={`swatch ${kind}`} aria-hidden="true" />
          {t(kind)}
        </li>
      ))}
    </ul>
  )
}

function Columns({ progress }: { readonly progress: NotebookProgress }) {
  const t = useTranslations('progress')
  const text = useCellText(progress.students)
  const { cells, students, hardest } = progress
  const [chosen, setChosen] = useState<string>()
  const at = Math.max(
    0,
    cells.findIndex(({ key }) => key === (chosen ?? hardest)),
  )
  const shown = cells.find(({ key }) => key === chosen)
  const worst = cells.find(({ key }) => key === hardest)
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const next = step === undefined ? undefined : cells[at + step]
    if (!next) return
    event.preventDefault()
    setChosen(next.key)
    const list = event.currentTarget
    requestAnimationFrame(() => list.querySelector<HTMLElement>('[tabindex="0"]')?.focus())
  }
  return (
    <>
      <p className="progress-verdict">
        {worst ? t('hardest', { cell: cellNumber(worst.cell.index), n: worst.failing }) : t('smooth')}{' '}
        <span className="muted">{t('of', { n: students })}</span>
      </p>
      <ol className="columns" aria-label={t('title')} onKeyDown={move} onPointerLeave={() => setChosen(undefined)}>
        {cells.map((cell, index) => (
          <Column
            key={cell.key}
            cell={cell}
            students={students}
            isHardest={cell.key === hardest}
            isTabStop={index === at}
            isChosen={cell.key === chosen}
            onChoose={setChosen}
          />
        ))}
      </ol>
      <div className="progress-foot">
        {shown ? <p className="cell-text">{text(shown)}</p> : <Legend hasUnknown={cells.some(hasUnknown)} />}
      </div>
    </>
  )
}

const hasUnknown = ({ reached, done, failing }: Cell) => reached > done + failing

/** How far the class is, cell by cell, and where it is held up. */
export const ProgressPanel = memo(function ProgressPanel({ progress }: { progress: NotebookProgress | undefined }) {
  const t = useTranslations('progress')
  return (
    <Panel id="progress" title={t('title')}>
      {progress ? <Columns key={progress.notebook.id} progress={progress} /> : <p className="empty">{t('empty')}</p>}
    </Panel>
  )
})
