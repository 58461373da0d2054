import { useState, type JSX } from 'react'
import { LIMITS } from '../../../protocol/src/limits.ts'
import type { HelpState } from '../core/help-word.ts'
import { requestHelp, withdrawHelp } from '../lab/ask-help.ts'
import type { Room } from '../lab/room.ts'
import { clockTime } from '../texts/clock-time.ts'
import { helpLine } from '../texts/help-line.ts'
import { PanelButton } from './panel-button.tsx'
import { useStore } from './use-store.ts'

/** Nothing is asked: a sentence, and the hand. */
function Ask({ room }: { readonly room: Room }): JSX.Element {
  const { help } = room.texts
  const [sentence, setSentence] = useState('')
  const ask = () => {
    setSentence('')
    void requestHelp(room, sentence)
  }
  return (
    <>
      <label className="lectern-field">
        <span>{help.sentence}</span>
        <textarea
          className="jp-mod-styled lectern-sentence"
          rows={3}
          maxLength={LIMITS.helpMessageChars}
          value={sentence}
          onChange={({ target }) => setSentence(target.value)}
        />
      </label>
      <p className="lectern-hint">{help.carries}</p>
      <div className="lectern-actions">
        <PanelButton primary onClick={ask} label={help.ask} />
      </div>
    </>
  )
}

/** The hand is up: how the request stands, and a way back. */
function Asked({ room, request }: { readonly room: Room; readonly request: HelpState }): JSX.Element {
  const { texts } = room
  const { since, message, coming } = request
  return (
    <>
      <div className={coming === undefined ? 'lectern-request' : 'lectern-request lectern-request-coming'}>
        <p role="status" className="lectern-request-state">
          {helpLine(texts, request)}
        </p>
        {since !== undefined && <p className="lectern-hint">{texts.help.since(clockTime(since, texts.language))}</p>}
        {message !== undefined && <blockquote>{message}</blockquote>}
      </div>
      <div className="lectern-actions">
        <PanelButton onClick={() => void withdrawHelp(room)} label={texts.help.withdrawShort} />
      </div>
    </>
  )
}

/** Asking for help, and how the request stands. */
export function createHelpSection(room: Room): () => JSX.Element {
  return function HelpSection() {
    const { status, standing } = useStore(room.shown)
    if (standing.kind !== 'in') return <p>{room.texts.help.notJoined}</p>
    const request = status.join?.help
    return request?.open ? <Asked room={room} request={request} /> : <Ask room={room} />
  }
}
