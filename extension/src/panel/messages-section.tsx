import { useEffect, useRef, useState, type JSX } from 'react'
import type { OwnMessage } from '../../../protocol/src/talk.ts'
import { goToCell, openCellOf, openNotebookOf } from '../lab/message-place.ts'
import type { OwnNotebooks } from '../lab/progress.ts'
import type { Room } from '../lab/room.ts'
import type { Suggestions } from '../lab/suggestions.ts'
import { timeOrDay } from '../texts/clock-time.ts'
import type { Texts } from '../texts/texts.ts'
import { PanelButton } from './panel-button.tsx'
import { useStore } from './use-store.ts'

/** The others on demand: progress and sharing stand below. */
const SHOWN = 5

interface Parts {
  readonly room: Room
  readonly suggestions: Suggestions
  readonly notebooks: OwnNotebooks
}

interface ItemProps extends Parts {
  readonly message: OwnMessage
}

const fileName = (path: string): string => path.split('/').at(-1) ?? path

/** What it is, and where it belongs. */
function labelOf({ talk }: Texts, { kind, notebook, cell }: OwnMessage, ownRequest: boolean): string {
  const what = { message: ownRequest ? talk.answer : '', hint: talk.hint, cell: talk.cell, banner: talk.everyone }[kind]
  const where = notebook && cell ? talk.at((cell.index ?? 0) + 1, fileName(notebook.path ?? notebook.id)) : ''
  return [what, where].filter((part) => part !== '').join(' · ')
}

/** True if its place is open: a cell can go into a notebook whose own cell is gone, a hint can not. */
function canBeApplied({ tracker }: Room, message: OwnMessage): boolean {
  if (openCellOf(tracker, message)) return true
  return message.kind === 'cell' && openNotebookOf(tracker, message) !== undefined
}

/** Who wants to try alone first is not shown a hint before asking for it, unless it can stand nowhere else. */
const isCovered = (room: Room, message: OwnMessage): boolean =>
  message.kind === 'hint' && !['applied', 'declined'].includes(message.state) && canBeApplied(room, message)

/** What can be done with a suggestion; nothing once it was answered for good. */
function Actions({ room, message, suggestions, notebooks }: ItemProps): JSX.Element | null {
  const { texts, app, tracker } = room
  const { talk } = texts
  const { kind, state, notebook } = message
  if (kind !== 'hint' && kind !== 'cell') return null
  if (state === 'declined') return <p className="lectern-hint">{talk.outcome.declined}</p>
  const cell = openCellOf(tracker, message)
  const go = () => cell && void goToCell((id) => app.shell.activateById(id), cell)
  if (state === 'applied') {
    return (
      <div className="lectern-actions">
        <span className="lectern-hint">{talk.outcome.applied[kind]}</span>
        {cell && <PanelButton onClick={go} label={talk.showCell} />}
      </div>
    )
  }
  const canApply = canBeApplied(room, message)
  const path = notebook && notebooks.pathOf(notebook.id)
  const isClosed = !canApply && path !== undefined && openNotebookOf(tracker, message) === undefined
  return (
    <>
      {!canApply && <p className="lectern-hint">{talk.noPlace}</p>}
      <div className="lectern-actions">
        {canApply && <PanelButton primary onClick={() => void suggestions.apply(message)} label={talk.apply[kind]} />}
        {isClosed && app.commands.hasCommand('docmanager:open') && (
          <PanelButton
            onClick={() => void app.commands.execute('docmanager:open', { path })}
            label={talk.openNotebook}
          />
        )}
        {state !== 'later' && <PanelButton onClick={() => suggestions.answer(message, 'later')} label={talk.later} />}
        <PanelButton onClick={() => suggestions.answer(message, 'declined')} label={talk.decline} />
      </div>
    </>
  )
}

function Item(props: ItemProps): JSX.Element {
  const { room, message } = props
  const { texts, shown } = room
  const { at, from, kind, text, request } = message
  const isOwn = request !== undefined && request === shown.get().status.join?.help.event
  const label = labelOf(texts, message, isOwn)
  return (
    <li>
      <p className="lectern-message-head">
        <strong>{from}</strong>
        <time dateTime={new Date(at).toISOString()}>{timeOrDay(at, texts.language)}</time>
      </p>
      {label !== '' && <p className="lectern-hint">{label}</p>}
      {kind === 'cell' && <pre>{text}</pre>}
      {kind !== 'cell' && !isCovered(room, message) && <p className="lectern-message-text">{text}</p>}
      <Actions {...props} />
    </li>
  )
}

/** What staff wrote to this student, the newest first. */
export function createMessagesSection(parts: Parts): () => JSX.Element {
  const { room } = parts
  const { talk, texts } = room
  return function MessagesSection() {
    const messages = useStore(talk.messages)
    useStore(room.shown)
    const list = useRef<HTMLOListElement>(null)
    useEffect(() => {
      // Those for which there was no notice: they came while nobody was there.
      const observer = new IntersectionObserver((entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) for (const message of messages) talk.seen(message)
      })
      if (list.current) observer.observe(list.current)
      return () => observer.disconnect()
    }, [messages])
    const [isAll, setAll] = useState(false)
    if (messages.length === 0) return <p className="lectern-hint">{texts.talk.none}</p>
    const newest = messages.toReversed()
    const shown = isAll ? newest : newest.slice(0, SHOWN)
    return (
      <>
        <ol className="lectern-messages" ref={list}>
          {shown.map((message) => (
            <Item key={message.id} {...parts} message={message} />
          ))}
        </ol>
        {shown.length < newest.length && (
          <div className="lectern-actions">
            <PanelButton onClick={() => setAll(true)} label={texts.talk.older(newest.length - shown.length)} />
          </div>
        )}
      </>
    )
  }
}
