import { useFormatter, useTranslations } from 'use-intl'
import { nameOf, type Names } from '../class/overview.ts'
import { Panel } from '../class/panel.tsx'
import { notebookName } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'
import { Icon } from '../parts/icons.tsx'
import type { Mark } from './replay.ts'
import type { Playing, ReplayControls } from './replay-source.ts'

const MOST = 300

interface EventsPanelProps {
  readonly playing: Playing
  readonly controls: ReplayControls
  readonly names: Names
}

function useMarkWords({ controls, names }: Pick<EventsPanelProps, 'controls' | 'names'>): (mark: Mark) => string {
  const t = useTranslations('replay')
  return ({ is, key, at }) => {
    if (is === 'help') return t('asked', { name: nameOf(names, key) })
    const group = controls.at(at)?.state.errors[key]
    if (!group) return t('someError')
    const { name, cell, notebook } = group
    return t('newError', {
      error: name || t('someError'),
      cell: cellNumber(cell.index),
      notebook: notebookName(notebook),
    })
  }
}

/** Requests for help and new errors, to jump to. */
export function EventsPanel({ playing, controls, names }: EventsPanelProps) {
  const t = useTranslations('replay')
  const format = useFormatter()
  const words = useMarkWords({ controls, names })
  const marks = playing.marks.slice(0, MOST)
  return (
    <Panel id="events" title={t('events')}>
      {marks.length === 0 && <p className="empty">{t('noEvents')}</p>}
      <ol className="replay-events">
        {marks.map((mark) => (
          <li key={`${mark.at} ${mark.is} ${mark.key}`}>
            <button
              type="button"
              aria-current={playing.time === mark.at ? 'step' : undefined}
              onClick={() => controls.seek(mark.at)}
            >
              <time>{format.dateTime(mark.at, { timeStyle: 'medium' })}</time>
              <Icon name={mark.is === 'help' ? 'help' : 'errors'} className={`is-${mark.is}`} />
              <span>{words(mark)}</span>
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
