import type { ClassState } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { Panel } from '../class/panel.tsx'
import { stopwatch } from '../i18n/duration.ts'
import { useHelpFigures, useHelpers } from './queries.ts'

interface FiguresProps {
  readonly classId: string
  readonly help: ClassState['help']
  /** Id of whoever looks. */
  readonly me: string
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** How help was given in this lesson: how long it took until somebody came, and by whom. */
export function HelpFigures({ classId, help, me }: FiguresProps) {
  const t = useTranslations('queue')
  const format = useFormatter()
  const figures = useHelpFigures(classId, help)
  const { nameOf } = useHelpers(classId)
  const most = Math.max(1, ...(figures?.by ?? []).map(({ claimed, resolved }) => Math.max(claimed, resolved)))
  const name = (user: string) => (user === me ? t('you') : (nameOf(user) ?? t('colleague')))
  return (
    <Panel id="help-figures" title={t('figures')} note={t(figures?.lesson === undefined ? 'lately' : 'thisLesson')}>
      <dl className="figures">
        <Figure name={t('waitingNow')} value={format.number(Object.keys(help).length)} />
        <Figure
          name={t('medianWait')}
          value={figures?.waitMedianMs === undefined ? '–' : stopwatch(figures.waitMedianMs)}
        />
        <Figure name={t('closed')} value={figures ? format.number(figures.resolved) : '–'} />
        <Figure name={t('withdrawn')} value={figures ? format.number(figures.withdrawn) : '–'} />
      </dl>
      {figures && figures.by.length > 0 && (
        <ul className="helpers">
          {figures.by.map(({ user, claimed, resolved, helpingMs }) => (
            <li key={user}>
              <span className="helper-name">{name(user)}</span>
              <span className="helper-bar" aria-hidden="true">
                <span style={{ width: `${(100 * Math.max(claimed, resolved)) / most}%` }} />
              </span>
              <span className="muted small">
                {t('didHelp', { done: resolved, left: claimed, duration: stopwatch(helpingMs) })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
