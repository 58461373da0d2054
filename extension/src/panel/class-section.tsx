import type { JSX } from 'react'
import { leaveClass } from '../lab/join.ts'
import type { Room, Shown } from '../lab/room.ts'
import { obstacleText } from '../lab/tip-text.ts'
import { problemText } from '../texts/problem-text.ts'
import { clockTime } from '../texts/clock-time.ts'
import { PanelButton } from './panel-button.tsx'
import { useStore } from './use-store.ts'

interface Props {
  readonly room: Room
  readonly now: Shown
}

function connectionText({ texts: { panel } }: Room, { status }: Shown): string {
  if (status.state !== 'joined') return panel.connecting
  return status.live ? panel.live : panel.byPost
}

/** What a student can do next, by how things stand. */
function NextSteps({ room, now: { standing } }: Props): JSX.Element {
  const { app, texts, memberships } = room
  const run = (command: string) => () => void app.commands.execute(command)
  return (
    <div className="lectern-actions">
      {standing.kind === 'unanswered' && standing.preview && (
        <PanelButton primary onClick={run('lectern:consent')} label={texts.join.answer} />
      )}
      {standing.kind === 'unanswered' && standing.problem && (
        <PanelButton onClick={() => void memberships.retry()} label={texts.join.again} />
      )}
      {standing.kind === 'left' && (
        <PanelButton primary onClick={() => void memberships.comeBack()} label={texts.join.back} />
      )}
      {standing.kind === 'incomplete' && (
        <PanelButton primary onClick={run('lectern:join')} label={texts.join.button} />
      )}
      {(standing.kind === 'left' || standing.kind === 'unanswered') && (
        <PanelButton onClick={run('lectern:join')} label={texts.join.other} />
      )}
      {standing.kind === 'off' && app.commands.hasCommand('settingeditor:open') && (
        <PanelButton
          onClick={() => void app.commands.execute('settingeditor:open', { query: 'Lectern' })}
          label={texts.panel.openSettings}
        />
      )}
    </div>
  )
}

function PauseNote({ room: { texts, pause }, now: { paused } }: Props): JSX.Element | null {
  if (paused === undefined) return null
  const { paused: open, pausedUntil, resume } = texts.panel.pause
  return (
    <div className="lectern-notice" role="status">
      <p>{paused === 'resumed' ? open : pausedUntil(clockTime(paused, texts.language))}</p>
      <PanelButton onClick={() => pause.end()} label={resume} />
    </div>
  )
}

function ClassHead({ room, now }: Props): JSX.Element {
  const { texts } = room
  const { status, standing } = now
  const { join, problem } = status
  return (
    <>
      <h2 className="lectern-class-name">{join?.member?.class.name ?? texts.panel.title}</h2>
      {standing.kind === 'in' && (
        <dl className="lectern-rows">
          <dt>{texts.panel.name}</dt>
          <dd>{standing.details.name}</dd>
          <dt>{texts.panel.server}</dt>
          <dd>{standing.details.server}</dd>
          <dt>{texts.panel.connection}</dt>
          <dd>
            <span role="status">{problem ? problemText(texts, problem.code) : connectionText(room, now)}</span>
          </dd>
        </dl>
      )}
    </>
  )
}

/** The head of the panel: the class, how the student stands to it, and what can be done about that. */
export function createClassSection(room: Room): () => JSX.Element {
  return function ClassSection() {
    const { texts, shown } = room
    const now = useStore(shown)
    const obstacle = obstacleText(texts, now)
    const { status, standing } = now
    return (
      <header className="lectern-section-body lectern-head">
        <ClassHead room={room} now={now} />
        {obstacle !== undefined && <p role="status">{obstacle}</p>}
        {status.storage === 'memory' && <p className="lectern-notice">{texts.panel.storageMemory}</p>}
        {standing.kind === 'in' ? <PauseNote room={room} now={now} /> : <NextSteps room={room} now={now} />}
        {status.waitingElsewhere > 0 && <p>{texts.panel.elsewhere(status.waitingElsewhere)}</p>}
      </header>
    )
  }
}

/** Leaving, and joining another class; the last section. */
export function createMembershipSection(room: Room): () => JSX.Element {
  return function MembershipSection() {
    const { app, texts, shown } = room
    const { standing } = useStore(shown)
    return (
      <div className="lectern-actions">
        <PanelButton onClick={() => void app.commands.execute('lectern:join')} label={texts.join.other} />
        {standing.kind === 'in' && <PanelButton onClick={() => void leaveClass(room)} label={texts.join.leave} />}
      </div>
    )
  }
}
