import { memo } from 'react'
import type { ClassMessage, ErrorGroup } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useFormatter, useLocale, useTranslations } from 'use-intl'
import { nameOf, type Names } from '../class/overview.ts'
import { notebookName } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'
import { Icon, type IconName } from '../parts/icons.tsx'
import { OutcomeBar } from './outcome-bar.tsx'
import { audienceOf } from './outcomes.ts'

const ICONS = { message: 'talk', hint: 'question', cell: 'plus', banner: 'bell' } as const satisfies Readonly<
  Record<ClassMessage['kind'], IconName>
>
const NAMES_SHOWN = 3

interface SaidProps {
  readonly id: string
  readonly message: ClassMessage
  readonly group: ErrorGroup | undefined
  readonly names: Names
  readonly hrefOf: (student: string) => string
  /** What the member of staff is called. */
  readonly by: string
  /** It is about to be withdrawn, which can still be undone. */
  readonly isGoing: boolean
  /** Absent where nothing may be changed. */
  readonly onWithdraw?: ((id: string) => void) | undefined
  readonly onUndo: (id: string) => void
}

/** To whom it went, in words. */
function useAudience({ message, group, names }: Pick<SaidProps, 'message' | 'group' | 'names'>): string {
  const t = useTranslations('talk')
  const students = useTranslations('students')
  const format = useFormatter()
  // A list without "and", which follows with the number of the others; Japanese has none.
  const type = useLocale() === 'ja' ? 'conjunction' : 'unit'
  const audience = audienceOf(message)
  if (audience.is === 'everyone') return t('toEveryone')
  if (audience.is === 'group') {
    if (!group) return t('toGroupGone')
    return t('toGroup', { error: group.name, cell: students('cell', { cell: cellNumber(group.cell.index) }) })
  }
  const shown = audience.students.slice(0, NAMES_SHOWN).map((id) => nameOf(names, id))
  const rest = audience.students.length - shown.length
  return t('toStudents', { name: format.list(shown, { type, style: 'short' }), n: rest })
}

function Tools({ id, message, isGoing, onWithdraw, onUndo }: SaidProps) {
  const t = useTranslations('talk')
  if (message.ended) return <span className="muted">{message.kind === 'banner' ? t('over') : t('withdrawn')}</span>
  if (!onWithdraw) return null
  if (isGoing) {
    return (
      <Button className="button small-button" onPress={() => onUndo(id)}>
        <Icon name="undo" />
        {t('undo')}
      </Button>
    )
  }
  return (
    <Button className="button small-button" onPress={() => onWithdraw(id)}>
      {message.kind === 'banner' ? t('end') : t('withdraw')}
    </Button>
  )
}

/** Something that was said, to whom, and what came of it. */
export const SaidMessage = memo(function SaidMessage(props: SaidProps) {
  const { message, names, hrefOf, by, isGoing } = props
  const t = useTranslations('talk')
  const say = useTranslations('say')
  const students = useTranslations('students')
  const format = useFormatter()
  const audience = useAudience(props)
  const { kind, text, notebook, cell, at, ended } = message
  const isOver = ended === true || isGoing
  return (
    <li className={`said ${isOver ? 'over' : ''}`} data-kind={kind}>
      <div className="said-head">
        <Icon name={ICONS[kind]} />
        <strong>{say(`kinds.${kind}`)}</strong>
        <span>{audience}</span>
        <span className="muted small said-when">
          {t('byAt', { name: by, time: format.dateTime(at, { timeStyle: 'short' }) })}
        </span>
      </div>
      {kind === 'cell' ? <pre className="said-code">{text}</pre> : <p className="said-text">{text}</p>}
      {(notebook ?? cell) && (
        <p className="muted small">
          {notebook && notebookName(notebook)}
          {cell && ` · ${students('cell', { cell: cellNumber(cell.index) })}`}
        </p>
      )}
      <div className="said-foot">
        <OutcomeBar message={message} names={names} hrefOf={hrefOf} />
        <Tools {...props} />
      </div>
    </li>
  )
})
