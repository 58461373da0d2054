import { memo, useMemo } from 'react'
import type { ClassState, ErrorGroup } from '@lectern/protocol'
import { useFormatter, useLocale, useTranslations } from 'use-intl'
import { useDuration } from '../i18n/duration.ts'
import { useStudentHref } from '../shell/place.ts'
import { nameOf, type Names } from './overview.ts'
import { Panel } from './panel.tsx'
import { notebookName } from './progress.ts'
import { cellNumber } from './use-reason.ts'

/** Groups that are shown; a class has a long tail of single mistakes, which the list of students tells. */
const GROUPS_SHOWN = 12
const NAMES_SHOWN = 4

interface ErrorsPanelProps {
  readonly classId: string
  readonly errors: ClassState['errors']
  readonly names: Names
  /** The server's clock in whole minutes, as ms. */
  readonly minute: number
}

interface GroupProps extends Omit<ErrorsPanelProps, 'errors' | 'classId'> {
  readonly hrefOf: (student: string) => string
  readonly group: ErrorGroup
  /** Students of the largest group: the length of a whole bar. */
  readonly most: number
}

function Who({ hrefOf, group, names }: Pick<GroupProps, 'hrefOf' | 'group' | 'names'>) {
  const t = useTranslations('errors')
  const format = useFormatter()
  // A list without "and", which follows with the number of the others; Japanese has none.
  const type = useLocale() === 'ja' ? 'conjunction' : 'unit'
  const longestFirst = Object.entries(group.students).sort(([, a], [, b]) => a.since - b.since)
  const shown = longestFirst.slice(0, longestFirst.length > NAMES_SHOWN + 1 ? NAMES_SHOWN : NAMES_SHOWN + 1)
  const rest = longestFirst.length - shown.length
  const links = shown.map(([id]) => (
    <a key={id} href={hrefOf(id)}>
      {nameOf(names, id)}
    </a>
  ))
  return (
    <p className="who">
      {format.list(links, { type, style: 'short' })}
      {rest > 0 && <span> {t('more', { n: rest })}</span>}
    </p>
  )
}

const Group = memo(function Group({ group, most, minute, hrefOf, names }: GroupProps) {
  const t = useTranslations('errors')
  const students = useTranslations('students')
  const duration = useDuration()
  const count = Object.keys(group.students).length
  return (
    <li className="group">
      <div className="group-count">
        <strong>{count}</strong>
        <span className="off-screen">{t('now', { n: count })}</span>
        <span className="group-bar" aria-hidden="true">
          <span style={{ height: `${(100 * count) / most}%` }} />
        </span>
      </div>
      <div className="group-text">
        <p className="group-name">
          <strong>{group.name}</strong>{' '}
          <span className="muted">{students('cell', { cell: cellNumber(group.cell.index) })}</span>
        </p>
        {group.message !== undefined && group.message !== '' && <code className="group-message">{group.message}</code>}
        <p className="muted small">
          {notebookName(group.notebook)} · {t('since', { duration: duration(minute - group.since) })} ·{' '}
          {t('total', { n: group.total })}
        </p>
        <Who hrefOf={hrefOf} group={group} names={names} />
      </div>
    </li>
  )
})

/** The same mistake of several students, the most shared first. */
export const ErrorsPanel = memo(function ErrorsPanel({ classId, errors, names, minute }: ErrorsPanelProps) {
  const t = useTranslations('errors')
  const groups = useMemo(
    () =>
      Object.entries(errors)
        .map(([key, group]) => ({ key, group, count: Object.keys(group.students).length }))
        .filter(({ count }) => count > 1)
        .sort((a, b) => b.count - a.count || b.group.lastAt - a.group.lastAt),
    [errors],
  )
  const hrefOf = useStudentHref(classId)
  const most = groups[0]?.count ?? 1
  return (
    <Panel id="errors" title={t('title')} note={groups.length}>
      {groups.length === 0 && <p className="empty">{t('empty')}</p>}
      <ol className="groups">
        {groups.slice(0, GROUPS_SHOWN).map(({ key, group }) => (
          <Group key={key} group={group} most={most} minute={minute} hrefOf={hrefOf} names={names} />
        ))}
      </ol>
    </Panel>
  )
})
