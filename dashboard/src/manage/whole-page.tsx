import { useState, type KeyboardEvent } from 'react'
import type { CellSummary, ClassInfo, ClassSummary } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { ActivityPlot } from '../class/activity-panel.tsx'
import { may } from '../class/may.ts'
import { Panel } from '../class/panel.tsx'
import { notebookName } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'
import { classPath } from '../http/api.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import type { ViewProps } from '../shell/views.ts'
import { useSummary } from './queries.ts'
import { byNotebook, GROUPS, latelyTold, minuteColumns, PARTS } from './whole.ts'
import '../styles/manage.css'

const share = (part: number, all: number) => `${all === 0 ? 0 : (100 * part) / all}%`

interface SummaryProps {
  readonly summary: ClassSummary
  readonly students: number
}

/** Names of groups: those of single needs are the ones that the class page has. */
function useGroupName() {
  const kinds = useTranslations('kind')
  const t = useTranslations('manage.whole')
  return (group: (typeof GROUPS)[number][0]): string => {
    if (group === 'needing' || group === 'working' || group === 'others' || group === 'present') return t(group)
    return kinds(group)
  }
}

function Needs({ summary, students }: SummaryProps) {
  const t = useTranslations('manage.whole')
  const format = useFormatter()
  const nameOf = useGroupName()
  const shown = GROUPS.flatMap(([group, kind]) => {
    const count = summary.attention[group]
    return count === undefined ? [] : [{ group, kind, count }]
  })
  return (
    <Panel id="needs" title={t('needs')} note={t('students', { n: students })}>
      {shown.length === 0 && <p className="empty">{t('untold')}</p>}
      <ul className="bars">
        {shown.map(({ group, kind, count }) => (
          <li key={group} className={`bar kind-${kind}`} data-group={group} data-count={count}>
            <span className="bar-name">{nameOf(group)}</span>
            <span className="bar-line" aria-hidden="true">
              <span style={{ width: share(count, students) }} />
            </span>
            <span className="bar-number">{format.number(count)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** What is told of a cell, in words. */
function useCellText(): (cell: CellSummary) => string {
  const t = useTranslations('manage.whole')
  return (cell) => {
    const told = PARTS.flatMap(([part]) => {
      const count = cell[part]
      return count === undefined ? [] : [t('part', { name: t(part), n: count })]
    })
    return `${t('cell', { cell: cellNumber(cell.index) })}: ${told.join(', ') || t('hidden')}`
  }
}

interface ColumnProps {
  readonly cell: CellSummary
  readonly students: number
  readonly isChosen: boolean
  readonly isTabStop: boolean
  readonly onChoose: (index: number) => void
}

function CellColumn({ cell, students, isChosen, isTabStop, onChoose }: ColumnProps) {
  const text = useCellText()
  const told = PARTS.filter(([part]) => cell[part] !== undefined)
  const choose = () => onChoose(cell.index)
  return (
    <li className={`column ${isChosen ? 'chosen' : ''}`}>
      <button
        type="button"
        aria-label={text(cell)}
        aria-pressed={isChosen}
        tabIndex={isTabStop ? 0 : -1}
        onFocus={choose}
        onPointerEnter={choose}
        onClick={choose}
      >
        <span className={`column-bar ${told.length === 0 ? 'is-hidden' : ''}`}>
          {told.map(([part, look]) => (
            <span key={part} className={`part ${look}`} style={{ height: share(cell[part] ?? 0, students) }} />
          ))}
        </span>
        <span className="column-number" aria-hidden="true">
          {cellNumber(cell.index)}
        </span>
      </button>
    </li>
  )
}

interface BookProps {
  readonly notebook: string
  readonly cells: readonly CellSummary[]
  readonly students: number
}

/** The cells of a notebook; arrow keys go from one to the next, and what is told of it is said below. */
function Book({ notebook, cells, students }: BookProps) {
  const text = useCellText()
  const [chosen, setChosen] = useState<number>()
  const at = Math.max(
    0,
    cells.findIndex(({ index }) => index === chosen),
  )
  const shown = cells.find(({ index }) => index === chosen)
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const next = step === undefined ? undefined : cells[at + step]
    if (!next) return
    event.preventDefault()
    setChosen(next.index)
    const list = event.currentTarget
    requestAnimationFrame(() => list.querySelector<HTMLElement>('[tabindex="0"]')?.focus())
  }
  const name = notebookName({ id: notebook, path: '' })
  return (
    <section aria-label={name}>
      <h3 className="book-name">{name}</h3>
      <ol className="columns" onKeyDown={move} onPointerLeave={() => setChosen(undefined)}>
        {cells.map((cell, index) => (
          <CellColumn
            key={cell.index}
            cell={cell}
            students={students}
            isChosen={cell.index === chosen}
            isTabStop={index === at}
            onChoose={setChosen}
          />
        ))}
      </ol>
      <p className="book-text">{shown ? text(shown) : '\u00a0'}</p>
    </section>
  )
}

function Cells({ summary, students }: SummaryProps) {
  const t = useTranslations('manage.whole')
  const books = byNotebook(summary.cells)
  const looks = [...new Map(PARTS.map(([part, look]) => [look, part])).entries()]
  return (
    <Panel id="progress" title={t('cells')}>
      {books.length === 0 && <p className="empty">{t('noCells', { n: summary.smallest })}</p>}
      {books.map(([notebook, cells]) => (
        <Book key={notebook} notebook={notebook} cells={cells} students={students} />
      ))}
      {books.length > 0 && (
        <ul className="legend">
          {looks.map(([look, part]) => (
            <li key={look}>
              <span className={`swatch ${look}`} aria-hidden="true" />
              {look === 'left' ? t('open') : t(part)}
            </li>
          ))}
          <li>
            <span className="swatch is-hidden" aria-hidden="true" />
            {t('hidden')}
          </li>
        </ul>
      )}
    </Panel>
  )
}

function Errors({ summary, students }: SummaryProps) {
  const t = useTranslations('manage.whole')
  const format = useFormatter()
  return (
    <Panel id="errors" title={t('errors')}>
      {summary.errors.length === 0 && <p className="empty">{t('noErrors', { n: summary.smallest })}</p>}
      <ul className="bars">
        {summary.errors.map(({ name, students: count }) => (
          <li key={name} className="bar kind-stuck">
            <code className="bar-name">{name}</code>
            <span className="bar-line" aria-hidden="true">
              <span style={{ width: share(count, students) }} />
            </span>
            <span className="bar-number">{format.number(count)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Activity({ summary: { minutes, at } }: { readonly summary: ClassSummary }) {
  const t = useTranslations('manage.whole')
  const activity = useTranslations('activity')
  return (
    <Panel id="activity" title={t('activity')}>
      <p className="activity-text">{activity('lately', latelyTold(minutes, at))}</p>
      <ActivityPlot columns={minuteColumns(minutes, at)} />
    </Panel>
  )
}

function Whole({ summary }: { readonly summary: ClassSummary }) {
  const t = useTranslations('manage.whole')
  const { students, smallest, minutes } = summary
  if (students === undefined) return <p className="empty card">{t('few', { n: smallest })}</p>
  if (students === 0) return <p className="empty card">{t('empty')}</p>
  return (
    <div className="whole">
      <Needs summary={summary} students={students} />
      <Errors summary={summary} students={students} />
      <Cells summary={summary} students={students} />
      {minutes.length > 0 && <Activity summary={summary} />}
    </div>
  )
}

function Following({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('manage.whole')
  const loading = useTranslations('app')('loading')
  const { data, error, refetch } = useSummary(info.id)
  return (
    <>
      {data && <p className="muted">{t('text', { n: data.smallest })}</p>}
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <p role="status">{loading}</p>}
      {data && <Whole summary={data} />}
    </>
  )
}

/** What a researcher takes out. */
function Research({ classId }: { readonly classId: string }) {
  const t = useTranslations('manage.research')
  const path = `/api/v2${classPath(classId)}/research`
  return (
    <section className="card manage-card" aria-labelledby="research-title">
      <h2 id="research-title">{t('title')}</h2>
      <p className="muted">{t('text')}</p>
      <p className="actions">
        <a className="button primary" href={path} download>
          {t('download')}
        </a>
        <a className="button" href={`${path}?times=kept`} download>
          {t('kept')}
        </a>
      </p>
    </section>
  )
}

/** A class for those who may not see its students. */
export function WholePage({ info }: Pick<ViewProps, 'info'>) {
  const t = useTranslations('manage.whole')
  const roles = useTranslations('manage.role')
  return (
    <div className="whole-page">
      <p>{t('member', { role: roles(info.role) })}</p>
      {may(info, 'aggregates.see') && <Following info={info} />}
      {may(info, 'research.export') && <Research classId={info.id} />}
    </div>
  )
}
