import { useCallback, useEffect, useState, type JSX } from 'react'
import { eraseAll } from '../lab/erase.ts'
import { saveOwnData } from '../lab/save-own-data.ts'
import type { Room } from '../lab/room.ts'
import { dayAndTime } from '../texts/clock-time.ts'
import { problemText } from '../texts/problem-text.ts'
import { PanelButton } from './panel-button.tsx'
import { useStore } from './use-store.ts'

interface View {
  readonly at: number
  readonly by: string
  readonly what: string
}

function Views({ room }: { readonly room: Room }): JSX.Element {
  const { client, texts } = room
  const [found, setFound] = useState<readonly View[] | string>()
  const load = useCallback(async () => {
    const answer = await client.own({ method: 'GET', path: '/me/views' })
    setFound(answer.ok ? ((answer.value['views'] ?? []) as View[]) : problemText(texts, answer.problem.code))
  }, [client, texts])
  useEffect(() => void load(), [load])
  return (
    <div className="lectern-part">
      <h3>{texts.own.views}</h3>
      {typeof found === 'string' && <p role="alert">{found}</p>}
      {typeof found === 'object' && found.length === 0 && <p>{texts.own.viewsNone}</p>}
      {typeof found === 'object' && found.length > 0 && (
        <ol className="lectern-list">
          {found.map(({ at, by, what }, index) => (
            <li key={`${at} ${by} ${index}`}>
              <time dateTime={new Date(at).toISOString()}>{dayAndTime(at, texts.language)}</time>
              <span>
                {by}: {texts.own.what[what] ?? what}
              </span>
            </li>
          ))}
        </ol>
      )}
      <PanelButton onClick={() => void load()} label={texts.own.reload} />
    </div>
  )
}

/** What the class has of the student: who looked, all of it to take along, and its end. */
export function createOwnSection(room: Room): () => JSX.Element {
  return function OwnSection() {
    const { texts, shown } = room
    const { status } = useStore(shown)
    const [problem, setProblem] = useState<string>()
    if (status.state !== 'joined') return <p>{texts.own.notJoined}</p>
    const save = async () => {
      const failed = await saveOwnData(room)
      setProblem(failed && problemText(texts, failed.code))
    }
    return (
      <>
        <Views room={room} />
        <div>
          <h3>{texts.own.copy}</h3>
          <p>{texts.own.downloadHint}</p>
          {problem !== undefined && <p role="alert">{problem}</p>}
        </div>
        <PanelButton onClick={() => void save()} label={texts.own.download} />
        <div>
          <h3>{texts.own.end}</h3>
          <p>{texts.own.endHint}</p>
        </div>
        <PanelButton danger onClick={() => void eraseAll(room)} label={texts.own.erase} />
      </>
    )
  }
}
