import type { StaffUser } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { nameOf } from '../class/overview.ts'
import { Panel } from '../class/panel.tsx'
import { useResolves } from '../class/use-resolves.ts'
import { Choice } from '../parts/fields.tsx'
import { useNarrow, usePlace, useStudentHref } from '../shell/place.ts'
import { useSeen } from '../shell/seen.tsx'
import { AlertSwitches } from './alert-switches.tsx'
import { HelpFigures } from './help-figures.tsx'
import { useWhereabouts } from './queries.ts'
import { ORDERS, queueOf, type Waiting } from './queue.ts'
import { QueueEntry } from './queue-entry.tsx'
import { useSteadyList, type Steady } from './use-steady-list.ts'
import '../styles/talk.css'

const eventOf = ({ request }: Waiting): string => request.event

interface HelpQueueProps {
  readonly classId: string
  readonly user: StaffUser
}

/** The queue of who asked for help, who goes to whom, and how that went so far. */
export function HelpQueue({ classId, user }: HelpQueueProps) {
  const t = useTranslations('queue')
  const { state, names, now, isLive } = useSeen()
  const narrow = useNarrow(classId)
  const asked = usePlace(classId).query['order']
  const order = ORDERS.find((one) => one === asked) ?? 'waiting'
  const resolves = useResolves(classId)
  const context = {
    classId,
    me: user.id,
    now,
    hrefOf: useStudentHref(classId),
    whereOf: useWhereabouts(classId),
    resolves,
    isLive,
  }
  const { waiting, going } = queueOf(state, order, now)
  const resolveOf = ({ student, request }: Waiting) => {
    const resolve = resolves.all.get(student)
    return resolve?.event === request.event ? resolve : undefined
  }
  const shown = (entries: readonly Waiting[]) => entries.filter((entry) => resolveOf(entry)?.is !== 'sent')
  const steadyWaiting = useSteadyList(shown(waiting), eventOf)
  const steadyGoing = useSteadyList(shown(going), eventOf)
  const entryOf = ({ entry, isGone }: Steady<Waiting>, place?: number) => (
    <QueueEntry
      key={entry.request.event}
      {...context}
      entry={entry}
      name={nameOf(names, entry.student)}
      group={entry.request.group === undefined ? undefined : state.errors[entry.request.group]}
      resolve={resolveOf(entry)}
      isGone={isGone}
      {...(place === undefined ? {} : { place })}
    />
  )
  return (
    <div className="queue-page">
      <Panel
        id="queue"
        title={t('title')}
        note={shown(waiting).length}
        tools={
          <>
            <Choice
              label={t('order')}
              value={order}
              options={ORDERS.map((id) => ({ id, text: t(`orders.${id}`) }))}
              onChange={(chosen) => narrow({ order: chosen === 'waiting' ? '' : chosen })}
            />
            {isLive && <AlertSwitches />}
          </>
        }
      >
        {order === 'need' && <p className="muted small queue-hint">{t('needText')}</p>}
        {steadyWaiting.shown.length === 0 && <p className="empty">{t('empty')}</p>}
        <ol className="queue" {...steadyWaiting.hold}>
          {steadyWaiting.shown.map((entry, index) => entryOf(entry, index + 1))}
        </ol>
      </Panel>
      <div className="queue-side">
        <Panel id="going" title={t('going')} note={shown(going).length}>
          {steadyGoing.shown.length === 0 && <p className="empty">{t('nobodyGoes')}</p>}
          <ul className="queue" {...steadyGoing.hold}>
            {steadyGoing.shown.map((entry) => entryOf(entry))}
          </ul>
        </Panel>
        {isLive && <HelpFigures classId={classId} help={state.help} me={user.id} />}
      </div>
    </div>
  )
}
