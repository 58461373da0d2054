import { useId } from 'react'
import type { ErrorGroup } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import type { PendingResolves, Resolve } from '../class/pending-resolves.ts'
import { notebookName } from '../class/progress.ts'
import { cellNumber } from '../class/use-reason.ts'
import { stopwatch, useDuration } from '../i18n/duration.ts'
import { Icon } from '../parts/icons.tsx'
import { useProblemText } from '../parts/problem-note.tsx'
import { GoingNote } from './going-note.tsx'
import { GoingTools } from './going.tsx'
import type { Waiting } from './queue.ts'
import { useSay } from './say.tsx'

/** What every entry of a queue is shown with. */
export interface QueueContext {
  readonly classId: string
  /** Id of whoever looks. */
  readonly me: string
  /** The server's clock, ms. */
  readonly now: number
  readonly hrefOf: (student: string) => string
  readonly whereOf: (student: string) => readonly string[]
  readonly resolves: PendingResolves
  /** False where the class is shown as it was: nothing is done to it. */
  readonly isLive: boolean
}

interface EntryProps extends QueueContext {
  readonly entry: Waiting
  readonly name: string
  readonly group: ErrorGroup | undefined
  readonly resolve: Resolve | undefined
  /** It is not in this list any more. */
  readonly isGone: boolean
  /** Place among those to whom nobody goes yet. */
  readonly place?: number
}

/** What the student was doing, and the error that is in the way. */
function Doing({ entry: { student, request, of }, group, now }: EntryProps) {
  const t = useTranslations('queue')
  const help = useTranslations('help')
  const students = useTranslations('students')
  const duration = useDuration()
  const others = Object.keys(group?.students ?? {}).filter((id) => id !== student).length
  const { notebook, cell } = request
  const streak = of?.streak
  return (
    <div className="doing">
      {(notebook ?? cell) && (
        <p className="muted small">
          {notebook && notebookName(notebook)}
          {notebook && cell && ' · '}
          {cell && students('cell', { cell: cellNumber(cell.index) })}
        </p>
      )}
      {group && (
        <div className="request-error">
          <code>
            <strong>{group.name}</strong>
            {group.message !== undefined && group.message !== '' && `: ${group.message}`}
          </code>
          {others > 0 && <span className="others">{help('others', { n: others })}</span>}
        </div>
      )}
      {streak && <p className="small">{t('stuck', { n: streak.count, duration: duration(now - streak.since) })}</p>}
    </div>
  )
}

function Answer({ entry: { student, request, of }, name }: EntryProps) {
  const t = useTranslations('queue')
  const say = useSay()
  if (!say) return null
  const { notebook = of?.notebook, cell = of?.cell } = request
  const wish = { to: { students: [student] }, whom: name, request: request.event, closes: true, notebook, cell }
  return (
    <Button className="button" aria-label={t('answerTo', { name })} onPress={() => say({ ...wish, kind: 'message' })}>
      <Icon name="talk" />
      {t('answer')}
    </Button>
  )
}

function Resolving({ entry: { student, request }, name, resolve, resolves }: EntryProps) {
  const t = useTranslations('help')
  const problem = useProblemText()
  return (
    <>
      <Button
        className="button"
        aria-label={t('resolveFor', { name })}
        onPress={() => resolves.resolve(student, request)}
      >
        <Icon name="check" />
        {t('resolve')}
      </Button>
      {resolve?.is === 'failed' && (
        <p className="field-error" role="alert">
          {t('failed')}: {problem(resolve.error)}
        </p>
      )}
    </>
  )
}

function Undo({ entry: { student }, name, resolves }: EntryProps) {
  const t = useTranslations('help')
  return (
    <div className="queue-tools">
      <span className="muted">{t('resolved')}</span>
      <Button className="button" aria-label={t('undoFor', { name })} onPress={() => resolves.undo(student)}>
        <Icon name="undo" />
        {t('undo')}
      </Button>
    </div>
  )
}

/** One request of the queue: who, since when, where, on what; and what can be done about it. */
export function QueueEntry(props: EntryProps) {
  const { classId, entry, name, now, place, hrefOf, whereOf, resolve, isGone, isLive } = props
  const { student, request } = entry
  const t = useTranslations('queue')
  const help = useTranslations('help')
  const format = useFormatter()
  const heading = useId()
  const isDone = resolve?.is === 'undoable'
  const since = format.dateTime(request.since, { timeStyle: 'short' })
  return (
    <li className={`queue-entry ${isDone || isGone ? 'done' : ''}`} data-student={student} aria-labelledby={heading}>
      <div className="queue-head">
        {place !== undefined && (
          <span className="queue-place" aria-hidden="true">
            {place}
          </span>
        )}
        <h3 id={heading}>
          <a href={hrefOf(student)}>{name}</a>
        </h3>
        <span className="muted">{whereOf(student).join(' · ')}</span>
        <span className="stopwatch" title={help('waitingSince', { time: since })}>
          <span className="off-screen">{help('waiting')} </span>
          {stopwatch(now - request.since)}
        </span>
      </div>
      {isGone && <p>{t('gone')}</p>}
      {!isGone && isDone && <Undo {...props} />}
      {!isGone && !isDone && (
        <>
          {request.message ? <blockquote>{request.message}</blockquote> : <p className="muted">{help('noSentence')}</p>}
          <Doing {...props} />
          <GoingNote classId={classId} request={request} now={now} />
          {isLive && (
            <div className="queue-tools">
              <GoingTools {...props} />
              <Answer {...props} />
              <Resolving {...props} />
            </div>
          )}
        </>
      )}
    </li>
  )
}
