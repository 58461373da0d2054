import { useCallback, useEffect, useState, type JSX } from 'react'
import type { ConsentEntry } from '../../../protocol/src/consent.ts'
import { levelOf, sharesNothing, type Join } from '../core/outbox.ts'
import type { Room } from '../lab/room.ts'
import { dayAndTime } from '../texts/clock-time.ts'
import { problemText } from '../texts/problem-text.ts'
import type { Texts } from '../texts/texts.ts'
import { PanelButton } from './panel-button.tsx'
import { useStore } from './use-store.ts'

const QUARTER_MS = 15 * 60_000
const HOUR_MS = 60 * 60_000

function entryText(
  { consent, join, sharing }: Texts,
  { sharing: shares, level, research, version }: ConsentEntry,
): string {
  const said = shares ? sharing.yes(consent.levels[level]?.name ?? '') : sharing.no
  return [said, ...(research ? [sharing.withResearch] : []), sharing.version(version)].join(join.and)
}

function History({ room }: { readonly room: Room }): JSX.Element {
  const { client, texts, shown } = room
  const { status } = useStore(shown)
  const [found, setFound] = useState<readonly ConsentEntry[] | string>()
  const consent = JSON.stringify(status.join?.member?.consent)
  const load = useCallback(async () => {
    const answer = await client.own({ method: 'GET', path: '/me/consent' })
    if (answer.ok) setFound((answer.value['history'] ?? []) as ConsentEntry[])
    else setFound(problemText(texts, answer.problem.code))
  }, [client, texts])
  useEffect(() => {
    if (status.state === 'joined') void load()
  }, [consent, load, status.state])
  if (typeof found === 'string') return <p>{found}</p>
  if (!found || found.length === 0) return <p>{texts.sharing.historyNone}</p>
  return (
    <ol className="lectern-list">
      {found.toReversed().map((entry) => (
        <li key={entry.at}>
          <time dateTime={new Date(entry.at).toISOString()}>{dayAndTime(entry.at, texts.language)}</time>
          <span>{entryText(texts, entry)}</span>
        </li>
      ))}
    </ol>
  )
}

/** Everything that is collected now, level by level. */
function Collected({ texts, join }: { readonly texts: Texts; readonly join: Join }): JSX.Element {
  const { consent, sharing } = texts
  return (
    <div>
      <h3>{sharing.now}</h3>
      {sharesNothing(join) ? (
        <p>{consent.sharesNothing}</p>
      ) : (
        <ul>
          {consent.levels.slice(0, levelOf(join) + 1).map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** What is collected now, how to change it or pause it, and every answer given. */
export function createSharingSection(room: Room): () => JSX.Element {
  const { texts, pause, app, shown } = room
  const { sharing, panel } = texts
  return function SharingSection() {
    const { status, standing, paused } = useStore(shown)
    const { join } = status
    const [problem, setProblem] = useState<string>()
    const stop = async () => {
      const version = join?.member?.consent?.asks.version
      if (version === undefined) return setProblem(texts.consent.unknown)
      const failed = await room.answer({ sharing: false, level: 0, version })
      setProblem(failed && problemText(texts, failed.code))
    }
    if (standing.kind !== 'in' || !join) return <p>{texts.own.notJoined}</p>
    return (
      <>
        <Collected texts={texts} join={join} />
        <div className="lectern-actions">
          <PanelButton onClick={() => void app.commands.execute('lectern:consent')} label={sharing.change} />
          {!sharesNothing(join) && <PanelButton onClick={() => void stop()} label={sharing.withdraw} />}
        </div>
        {problem !== undefined && <p role="alert">{problem}</p>}
        <div>
          <h3>{panel.pause.title}</h3>
          <p>{panel.pause.text}</p>
        </div>
        <div className="lectern-actions" role="group" aria-label={panel.pause.title}>
          <PanelButton onClick={() => pause.begin(QUARTER_MS)} label={panel.pause.quarter} />
          <PanelButton onClick={() => pause.begin(HOUR_MS)} label={panel.pause.hour} />
          <PanelButton onClick={() => pause.begin(undefined)} label={panel.pause.open} />
          {paused !== undefined && <PanelButton primary onClick={() => pause.end()} label={panel.pause.resume} />}
        </div>
        <div>
          <h3>{sharing.history}</h3>
          <History room={room} />
        </div>
      </>
    )
  }
}
