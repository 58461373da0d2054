import type { ClassState, ErrorGroup, HelpRequest } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { stopwatch } from '../i18n/duration.ts'
import { Icon } from '../parts/icons.tsx'
import { useProblemText } from '../parts/problem-note.tsx'
import { GoingNote } from '../talk/going-note.tsx'
import { useStudentHref } from '../shell/place.ts'
import { nameOf, type Names } from './overview.ts'
import { Panel } from './panel.tsx'
import type { PendingResolves, Resolve } from './pending-resolves.ts'
import { notebookName } from './progress.ts'
import { cellNumber } from './use-reason.ts'

interface HelpPanelProps {
  readonly classId: string
  readonly help: ClassState['help']
  readonly errors: ClassState['errors']
  readonly names: Names
  /** The server's clock, ms. */
  readonly now: number
  readonly resolves: PendingResolves & { readonly all: ReadonlyMap<string, Resolve> }
}

interface RequestProps {
  readonly classId: string
  readonly hrefOf: (student: string) => string
  readonly student: string
  readonly name: string
  readonly request: HelpRequest
  readonly group: ErrorGroup | undefined
  readonly now: number
  readonly resolve: Resolve | undefined
  readonly resolves: PendingResolves
}

/** The error of the request, and how many share it. */
function RequestError({ student, group }: Pick<RequestProps, 'student' | 'group'>) {
  const t = useTranslations('help')
  if (!group) return null
  const others = Object.keys(group.students).filter((id) => id !== student).length
  return (
    <div className="request-error">
      <code>
        <strong>{group.name}</strong>
        {group.message !== undefined && group.message !== '' && `: ${group.message}`}
      </code>
      {others > 0 && <span className="others">{t('others', { n: others })}</span>}
    </div>
  )
}

function RequestTools({ student, name, request, resolve, resolves }: RequestProps) {
  const t = useTranslations('help')
  const problem = useProblemText()
  if (resolve?.is === 'undoable') {
    return (
      <Button className="button" aria-label={t('undoFor', { name })} onPress={() => resolves.undo(student)}>
        <Icon name="undo" />
        {t('undo')}
      </Button>
    )
  }
  return (
    <>
      {resolve?.is === 'failed' && (
        <p className="field-error" role="alert">
          {t('failed')}: {problem(resolve.error)}
        </p>
      )}
      <Button
        className="button"
        aria-label={t('resolveFor', { name })}
        onPress={() => resolves.resolve(student, request)}
      >
        <Icon name="check" />
        {t('resolve')}
      </Button>
    </>
  )
}

function Request(props: RequestProps) {
  const { classId, hrefOf, student, name, request, now, resolve } = props
  const t = useTranslations('help')
  const students = useTranslations('students')
  const format = useFormatter()
  const isDone = resolve?.is === 'undoable'
  const time = format.dateTime(request.since, { timeStyle: 'short' })
  return (
    <li className={`request ${isDone ? 'done' : ''}`} data-student={student}>
      <div className="request-head">
        <a href={hrefOf(student)}>{name}</a>
        <span className="stopwatch" title={t('waitingSince', { time })}>
          <span className="off-screen">{t('waiting')} </span>
          {isDone ? t('resolved') : stopwatch(now - request.since)}
        </span>
      </div>
      {!isDone && (
        <>
          {request.message ? <blockquote>{request.message}</blockquote> : <p className="muted">{t('noSentence')}</p>}
          <RequestError {...props} />
          <GoingNote classId={classId} request={request} now={now} />
        </>
      )}
      <div className="request-foot">
        <span className="muted small">
          {request.notebook && notebookName(request.notebook)}
          {request.cell && ` · ${students('cell', { cell: cellNumber(request.cell.index) })}`}
        </span>
        <RequestTools {...props} />
      </div>
    </li>
  )
}

/** Who asked for help, the longest waiting first. */
export function HelpPanel({ classId, help, errors, names, now, resolves }: HelpPanelProps) {
  const t = useTranslations('help')
  const hrefOf = useStudentHref(classId)
  const open = Object.entries(help)
    .map(([student, request]) => {
      const resolve = resolves.all.get(student)
      return { student, request, resolve: resolve?.event === request.event ? resolve : undefined }
    })
    .filter(({ resolve }) => resolve?.is !== 'sent')
    .sort((a, b) => a.request.since - b.request.since)
  return (
    <Panel id="help" title={t('title')} note={open.length}>
      {open.length === 0 && <p className="empty">{t('empty')}</p>}
      <ol className="requests">
        {open.map(({ student, request, resolve }) => (
          <Request
            key={request.event}
            classId={classId}
            hrefOf={hrefOf}
            student={student}
            name={nameOf(names, student)}
            request={request}
            group={request.group === undefined ? undefined : errors[request.group]}
            now={now}
            resolve={resolve}
            resolves={resolves}
          />
        ))}
      </ol>
    </Panel>
  )
}
