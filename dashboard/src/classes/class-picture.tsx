import type { ClassInfo, ClassSummary } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { may } from '../class/may.ts'
import { GROUPS, minuteColumns } from '../manage/whole.ts'
import { useSummary } from '../manage/queries.ts'

const POLL_MS = 10_000
const HIGH = 24

/** Words for the groups of a summary: those of the class page, and those that stand for several. */
function useGroupName(): (group: (typeof GROUPS)[number][0]) => string {
  const kinds = useTranslations('kind')
  const whole = useTranslations('manage.whole')
  return (group) =>
    group === 'needing' || group === 'working' || group === 'others' || group === 'present'
      ? whole(group)
      : kinds(group)
}

/** Runs of the last hour, by minute. */
function Pulse({ summary }: { readonly summary: ClassSummary }) {
  const label = useTranslations('classCards')('activity')
  const [, runs] = minuteColumns(summary.minutes, summary.at)
  const most = Math.max(1, ...runs.map((count) => count ?? 0))
  return (
    <svg
      className="class-pulse"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${Math.max(1, runs.length)} ${HIGH}`}
      preserveAspectRatio="none"
    >
      {runs.map((count, minute) => {
        const height = (HIGH * (count ?? 0)) / most
        return <rect key={minute} x={minute + 0.1} width={0.8} y={HIGH - height} height={height} />
      })}
    </svg>
  )
}

function Bar({ info, summary }: { readonly info: ClassInfo; readonly summary: ClassSummary }) {
  const t = useTranslations('classCards')
  const format = useFormatter()
  const nameOf = useGroupName()
  const groups = GROUPS.flatMap(([group, colour]) => {
    const n = summary.attention[group] ?? 0
    return n > 0 ? [{ group, colour, n, said: t('group', { n, kind: nameOf(group) }) }] : []
  })
  if (groups.length === 0) return <span className="muted">{t('quiet')}</span>
  const label = t('live', { name: info.name, text: format.list(groups.map(({ said }) => said)) })
  return (
    <>
      <span className="class-bar" role="img" aria-label={label}>
        {groups.map(({ group, colour, n }) => (
          <span key={group} className={`kind-${colour}`} style={{ flexGrow: n }} />
        ))}
      </span>
      <span className="class-groups" aria-hidden="true">
        {groups.map(({ group, colour, said }) => (
          <span key={group} className={`class-group kind-${colour}`}>
            {said}
          </span>
        ))}
      </span>
    </>
  )
}

/** How a class in session is doing, asked again every few seconds; no student is told apart. */
export function ClassPicture({ info }: { readonly info: ClassInfo }) {
  const { data } = useSummary(info.id, { everyMs: POLL_MS, isWanted: may(info, 'aggregates.see') })
  if (!data) return null
  return (
    <span className="class-picture">
      <Bar info={info} summary={data} />
      <Pulse summary={data} />
    </span>
  )
}
