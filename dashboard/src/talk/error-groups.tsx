import { useMemo } from 'react'
import type { ClassInfo } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { may } from '../class/may.ts'
import { Panel } from '../class/panel.tsx'
import { cellNumber } from '../class/use-reason.ts'
import { Choice } from '../parts/fields.tsx'
import { Icon } from '../parts/icons.tsx'
import { TakeOut } from '../parts/take-out.tsx'
import { useNarrow, usePlace, useStudentHref } from '../shell/place.ts'
import { useSeen } from '../shell/seen.tsx'
import { GroupCard } from './error-group.tsx'
import { GROUP_ORDERS, groupsOf, type SharedError } from './groups.ts'
import { createGroupHistory, historyOf, type Solved } from './group-history.ts'
import { useGroupsTable } from './use-groups-table.ts'
import { useSteadyList } from './use-steady-list.ts'
import '../styles/talk.css'

const keyOf = ({ key }: SharedError): string => key

/** The pictures of sizes move on so often, ms. */
const TICK_MS = 5_000

function SolvedGroups({ solved }: { readonly solved: readonly Solved[] }) {
  const t = useTranslations('groups')
  const students = useTranslations('students')
  if (solved.length === 0) return null
  return (
    <ul className="solved-groups" aria-label={t('solvedTitle')}>
      {solved.map(({ key, group, most }) => (
        <li key={key}>
          <Icon name="check" />
          <strong>{group.name}</strong>
          <span className="muted">{students('cell', { cell: cellNumber(group.cell.index) })}</span>
          <span>{t('solved', { n: most })}</span>
        </li>
      ))}
    </ul>
  )
}

/** The mistakes that students share, how each grew and shrank, and an answer to all who have one. */
export function ErrorGroups({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('groups')
  const errorTexts = useTranslations('errors')
  const { state, names, now, isLive } = useSeen()
  const narrow = useNarrow(info.id)
  const asked = usePlace(info.id).query['order']
  const order = GROUP_ORDERS.find((one) => one === asked) ?? 'largest'
  const hrefOf = useStudentHref(info.id)
  const replayed = useMemo(createGroupHistory, [])
  // What was must not be taken for what the page saw.
  const history = isLive ? historyOf(info.id) : replayed
  const tick = Math.floor(now / TICK_MS) * TICK_MS
  useMemo(() => history.see(state.errors, now), [history, state.errors, now])
  const { groups, single } = useMemo(() => groupsOf(state, order), [state, order])
  const table = useGroupsTable()
  const { shown, hold } = useSteadyList(groups, keyOf)
  return (
    <Panel
      id="error-groups"
      title={errorTexts('title')}
      note={groups.length}
      tools={
        <>
          <Choice
            label={t('order')}
            value={order}
            options={GROUP_ORDERS.map((id) => ({ id, text: t(`orders.${id}`) }))}
            onChange={(chosen) => narrow({ order: chosen === 'largest' ? '' : chosen })}
          />
          {groups.length > 0 && may(info, 'class.edit') && (
            <TakeOut name={`${info.name} ${errorTexts('title')}`} table={() => table(groups)} print="errors" />
          )}
        </>
      }
    >
      {shown.length === 0 && <p className="empty">{errorTexts('empty')}</p>}
      <ol className="error-groups" data-print="errors" {...hold}>
        {shown.map(({ entry: { key, group, asking }, isGone }) => (
          <GroupCard
            key={key}
            classId={info.id}
            groupKey={key}
            group={group}
            sizes={history.sizes(key)}
            asking={asking}
            names={names}
            hrefOf={hrefOf}
            now={tick}
            isGone={isGone}
            mayReadCode={isLive && may(info, 'code.see')}
          />
        ))}
      </ol>
      {isLive && <SolvedGroups solved={history.solved(now)} />}
      {single > 0 && <p className="muted small groups-single">{t('single', { n: single })}</p>}
    </Panel>
  )
}
