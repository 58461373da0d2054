import { useMemo, useState, type ReactNode } from 'react'
import type { CellRef, NotebookRef } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { nameOf, type Names } from '../class/overview.ts'
import { Panel } from '../class/panel.tsx'
import { notebookName } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'
import { changesBetween, type Changed, type Moved } from './changes-between.ts'
import { clockText, timeOn } from './clock-text.ts'
import type { Playing, ReplayControls } from './replay-source.ts'

/** What is compared where nothing else was chosen. */
const MINUTES_MS = 15 * 60_000
const MOST = 12

interface PartProps {
  readonly title: string
  readonly none: string
  readonly count: number
  readonly children: ReactNode
}

function Part({ title, none, count, children }: PartProps) {
  return (
    <section className="between-part">
      <h3>
        {title} <span className="muted">{count}</span>
      </h3>
      {count === 0 ? <p className="muted">{none}</p> : children}
    </section>
  )
}

function People({
  ids,
  names,
  title,
}: {
  readonly ids: readonly string[]
  readonly names: Names
  readonly title: string
}) {
  const t = useTranslations('replay')
  return (
    <Part title={title} none={t('nobody')} count={ids.length}>
      <ul className="between-names">
        {ids.map((id) => (
          <li key={id}>{nameOf(names, id)}</li>
        ))}
      </ul>
    </Part>
  )
}

function Worked({ moved, names }: { readonly moved: readonly Moved[]; readonly names: Names }) {
  const t = useTranslations('replay')
  const way = ({ before, after }: Moved) => {
    if (!after.cell) return ''
    const to = cellNumber(after.cell.index)
    const from = before?.cell && before.notebook?.id === after.notebook?.id ? cellNumber(before.cell.index) : to
    return from === to ? t('inCell', { to }) : t('fromTo', { from, to })
  }
  return (
    <Part title={t('moved')} none={t('nobody')} count={moved.length}>
      <ul className="between-list">
        {moved.map((one) => (
          <li key={one.id}>
            <span>{nameOf(names, one.id)}</span>
            <span className="muted">
              {way(one)} · {t('runs', { n: one.runs, failures: one.failures })}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Errors({ errors, title }: { readonly errors: Changed['errors']; readonly title: string }) {
  const t = useTranslations('replay')
  const words = ({ name, cell, notebook }: { name: string; cell: CellRef; notebook: NotebookRef }) =>
    t('newError', { error: name || t('someError'), cell: cellNumber(cell.index), notebook: notebookName(notebook) })
  return (
    <Part title={title} none={t('none')} count={errors.length}>
      <ul className="between-list">
        {errors.slice(0, MOST).map(([key, group]) => (
          <li key={key}>
            <span>{t('errorOf', { text: words(group), n: Object.keys(group.students).length })}</span>
            {group.message !== undefined && <code className="muted">{group.message}</code>}
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Cells({ cells }: Pick<Changed, 'cells'>) {
  const t = useTranslations('replay')
  return (
    <Part title={t('cells')} none={t('none')} count={cells.length}>
      <ul className="between-list">
        {cells.slice(0, MOST).map(({ key, cell, done }) => (
          <li key={key}>
            {t('cellDone', { cell: cellNumber(cell.cell.index), notebook: notebookName(cell.notebook), n: done })}
          </li>
        ))}
      </ul>
    </Part>
  )
}

interface TimeFieldProps {
  readonly label: string
  readonly time: number
  readonly onTime: (time: number) => void
  readonly now: () => void
}

function TimeField({ label, time, onTime, now }: TimeFieldProps) {
  const t = useTranslations('replay')
  return (
    <div className="between-time">
      <label className="field">
        {label}
        <input
          type="time"
          step={1}
          required
          value={clockText(time)}
          onChange={({ target }) => {
            const found = timeOn(time, target.value)
            if (found !== undefined) onTime(found)
          }}
        />
      </label>
      <button type="button" className="button quiet small-button" onClick={now}>
        {t('now')}
      </button>
    </div>
  )
}

interface BetweenProps {
  readonly playing: Playing
  readonly controls: ReplayControls
  readonly names: Names
}

/** What changed between two times of a replay. */
export function Between({ playing, controls, names }: BetweenProps) {
  const t = useTranslations('replay')
  const [times, setTimes] = useState<{ from?: number; to?: number }>({})
  const to = times.to ?? playing.until
  const from = times.from ?? Math.max(playing.from, to - MINUTES_MS)
  const { marks, time } = playing
  const changed = useMemo(() => {
    const [before, after] = [controls.at(Math.min(from, to)), controls.at(Math.max(from, to))]
    const between = marks.filter(({ at }) => at > Math.min(from, to) && at <= Math.max(from, to))
    return before && after && changesBetween(before.state, after.state, between)
  }, [controls, from, to, marks])
  return (
    <Panel id="between" title={t('between')} note={t('betweenText')}>
      <div className="between-times">
        <TimeField
          label={t('from')}
          time={from}
          onTime={(at) => setTimes({ ...times, from: at })}
          now={() => setTimes({ ...times, from: time })}
        />
        <TimeField
          label={t('to')}
          time={to}
          onTime={(at) => setTimes({ ...times, to: at })}
          now={() => setTimes({ ...times, to: time })}
        />
      </div>
      {changed && (
        <div className="between" role="region" aria-live="polite" aria-label={t('between')}>
          <Worked moved={changed.moved} names={names} />
          <Cells cells={changed.cells} />
          <Errors errors={changed.errors} title={t('errors')} />
          <Errors errors={changed.solved} title={t('solved')} />
          <People ids={changed.asked} names={names} title={t('help')} />
          <People ids={changed.waiting} names={names} title={t('waiting')} />
          <People ids={changed.came} names={names} title={t('came')} />
          <People ids={changed.left} names={names} title={t('left')} />
          <People ids={changed.still} names={names} title={t('still')} />
        </div>
      )}
    </Panel>
  )
}
