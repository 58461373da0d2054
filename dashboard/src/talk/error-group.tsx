import { memo, useState } from 'react'
import type { ErrorGroup } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useFormatter, useLocale, useTranslations } from 'use-intl'
import { nameOf, type Names } from '../class/overview.ts'
import { notebookName } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'
import { useDuration } from '../i18n/duration.ts'
import { Icon } from '../parts/icons.tsx'
import { ExampleCode } from './example-code.tsx'
import type { Size } from './group-history.ts'
import { useSay } from './say.tsx'
import { SizeSpark } from './size-spark.tsx'
import { withoutFolders } from './place-fields.tsx'

const NAMES_SHOWN = 8

interface GroupProps {
  readonly classId: string
  readonly groupKey: string
  readonly group: ErrorGroup
  readonly sizes: readonly Size[]
  /** Of the group, those who asked for help. */
  readonly asking: number
  readonly names: Names
  readonly hrefOf: (student: string) => string
  /** The server's clock, ms, told now and then. */
  readonly now: number
  readonly mayReadCode: boolean
  /** At most one has it any more; it keeps its place while somebody is in the list. */
  readonly isGone: boolean
}

/** Who is in the group, the longest first; all of them on demand. */
function Members({ group, names, hrefOf }: Pick<GroupProps, 'group' | 'names' | 'hrefOf'>) {
  const t = useTranslations('groups')
  const format = useFormatter()
  const type = useLocale() === 'ja' ? 'conjunction' : 'unit'
  const [isWhole, setWhole] = useState(false)
  const all = Object.entries(group.students).sort(([, a], [, b]) => a.since - b.since)
  const shown = isWhole ? all : all.slice(0, NAMES_SHOWN)
  const links = shown.map(([id]) => (
    <a key={id} href={hrefOf(id)}>
      {nameOf(names, id)}
    </a>
  ))
  return (
    <p className="who">
      {format.list(links, { type, style: 'short' })}{' '}
      {all.length > NAMES_SHOWN && (
        <button type="button" className="inline-button" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('fewer') : t('all', { n: all.length })}
        </button>
      )}
    </p>
  )
}

function AnswerAll({ groupKey, group, asking }: Pick<GroupProps, 'groupKey' | 'group' | 'asking'>) {
  const t = useTranslations('groups')
  const students = useTranslations('students')
  const say = useSay()
  if (!say) return null
  const { cell, notebook, name } = group
  const whom = `${name} · ${students('cell', { cell: cellNumber(cell.index) })}`
  return (
    <Button
      className="button primary"
      onPress={() =>
        say({
          to: { group: groupKey },
          whom,
          kind: 'hint',
          notebook: withoutFolders(notebook),
          cell,
          closes: asking > 0,
        })
      }
    >
      <Icon name="talk" />
      {t('answer', { n: Object.keys(group.students).length })}
    </Button>
  )
}

/** The same mistake of several students: where, since when, how it grew and shrank, who, and answering all of them. */
export const GroupCard = memo(function GroupCard(props: GroupProps) {
  const { classId, groupKey, group, sizes, asking, names, now, mayReadCode, isGone } = props
  const t = useTranslations('groups')
  const errors = useTranslations('errors')
  const students = useTranslations('students')
  const duration = useDuration()
  const count = Object.keys(group.students).length
  return (
    <li className="error-group" data-group={groupKey}>
      <div className="error-group-size">
        <strong>{count}</strong>
        <span className="off-screen">{errors('now', { n: count })}</span>
        <SizeSpark sizes={sizes} now={now} />
      </div>
      <div className="error-group-text">
        <h3>
          {group.name}{' '}
          <span className="muted">
            {students('cell', { cell: cellNumber(group.cell.index) })} · {notebookName(group.notebook)}
          </span>
        </h3>
        {group.message !== undefined && group.message !== '' && <code className="group-message">{group.message}</code>}
        <p className="muted small">
          {errors('since', { duration: duration(now - group.since) })} · {errors('total', { n: group.total })}
          {asking > 0 && <strong className="asking"> · {t('asking', { n: asking })}</strong>}
        </p>
        <Members {...props} />
        {isGone ? (
          <p className="good">{t('shrunk')}</p>
        ) : (
          <div className="queue-tools">
            <AnswerAll {...props} />
            {mayReadCode && <ExampleCode classId={classId} groupKey={groupKey} group={group} names={names} />}
          </div>
        )}
      </div>
    </li>
  )
})
