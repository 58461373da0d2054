import { useEffect, useState, type JSX } from 'react'
import type { EventType } from '../../../protocol/src/events.ts'
import { jsonPieces } from '../core/json-pieces.ts'
import type { SentEntry } from '../core/sent-log.ts'
import type { Room } from '../lab/room.ts'
import { clockTime } from '../texts/clock-time.ts'
import type { Texts } from '../texts/texts.ts'
import { PanelButton } from './panel-button.tsx'
import { useStore } from './use-store.ts'

const PAGE = 50

/** An event of the list; one that waits has not left yet. */
interface Row {
  readonly id: string
  readonly type: string
  readonly at: number
  readonly json: string
  readonly state: SentEntry['state'] | 'waiting'
  readonly code?: string
}

function stateText({ sent }: Texts, { state, code }: Row): string {
  if (code === undefined) return sent.states[state]
  return `${sent.states[state]} (${sent.reasons[code] ?? code})`
}

function EventRow({ row, texts }: { readonly row: Row; readonly texts: Texts }): JSX.Element {
  const [isOpen, setOpen] = useState(false)
  const name = texts.sent.types[row.type as EventType] ?? row.type
  return (
    <li className={`lectern-event lectern-event-${row.state}`}>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <time dateTime={new Date(row.at).toISOString()}>{clockTime(row.at, texts.language)}</time>
          <span className="lectern-event-name">{name}</span>
          <span className="lectern-event-state">{stateText(texts, row)}</span>
        </summary>
        {isOpen && (
          // A long line of JSON can be scrolled by keyboard.
          <pre tabIndex={0} aria-label={row.type}>
            {jsonPieces(row.json).map(({ depth, text }, index) => (
              <span key={index} style={{ paddingInlineStart: `${depth}em` }}>
                {text}
              </span>
            ))}
          </pre>
        )}
      </details>
    </li>
  )
}

/** What waits and what was sent, read anew whenever one of their numbers changes. */
function useRows({ client, shown }: Room, limit: number): { waiting: Row[]; sent: Row[] } {
  const { status } = useStore(shown)
  const [rows, setRows] = useState<{ waiting: Row[]; sent: Row[] }>({ waiting: [], sent: [] })
  const { join, waiting } = status
  useEffect(() => {
    let isCurrent = true
    void client.trace(limit).then((trace) => {
      if (!isCurrent) return
      const left = new Set(trace.sent.map(({ id }) => id))
      const waits = trace.waiting.filter(({ id }) => !left.has(id))
      setRows({
        waiting: waits.map((event) => {
          const { id, type, at } = event
          return { id, type, at: Date.parse(at), json: JSON.stringify(event), state: 'waiting' }
        }),
        sent: trace.sent,
      })
    })
    return () => void (isCurrent = false)
  }, [client, limit, waiting, join?.install, join?.sent, join?.refused, status.problem])
  return rows
}

function Figures({ room }: { readonly room: Room }): JSX.Element {
  const { texts, shown } = room
  const { status } = useStore(shown)
  const { figures } = texts.sent
  const numbers = [
    [figures.sent, status.join?.sent ?? 0],
    [figures.waiting, status.waiting],
    [figures.refused, status.join?.refused ?? 0],
  ] as const
  return (
    <dl className="lectern-figures">
      {numbers.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value.toLocaleString(texts.language)}</dd>
        </div>
      ))}
    </dl>
  )
}

function EventList({
  title,
  rows,
  texts,
}: {
  readonly title: string
  readonly rows: readonly Row[]
  readonly texts: Texts
}) {
  return (
    <div>
      <h3>{title}</h3>
      <ol className="lectern-events" aria-label={title}>
        {rows.map((row) => (
          <EventRow key={row.id} row={row} texts={texts} />
        ))}
      </ol>
    </div>
  )
}

/** Every event as it left this browser, what waits, and what was refused and why. */
export function createSentSection(room: Room): () => JSX.Element {
  return function SentSection() {
    const { texts } = room
    const { sent: said } = texts
    const [limit, setLimit] = useState(PAGE)
    const { waiting, sent } = useRows(room, limit)
    return (
      <>
        <Figures room={room} />
        <p>{waiting.length + sent.length === 0 ? said.none : said.intro}</p>
        {waiting.length > 0 && <EventList title={said.waitingTitle} rows={waiting} texts={texts} />}
        {sent.length > 0 && <EventList title={said.sentTitle} rows={sent} texts={texts} />}
        {sent.length >= limit && <PanelButton onClick={() => setLimit(limit + 4 * PAGE)} label={said.more} />}
        {sent.length > 0 && <p className="lectern-hint">{said.kept}</p>}
      </>
    )
  }
}
