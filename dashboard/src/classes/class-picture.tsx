import { COUNTED_MINUTES, type ClassInfo } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { KINDS } from '../class/kinds.ts'
import { may } from '../class/may.ts'
import { GROUPS, minuteColumns } from '../manage/whole.ts'
import { useSummary } from '../manage/queries.ts'
import { useCounts } from './queries.ts'

const SUMMARY_POLL_MS = 10_000
const HIGH = 24
const MINUTE_MS = 60_000

/** Students who need the same, with the colour of it. */
interface Group {
  readonly key: string
  readonly name: string
  readonly colour: string
  readonly n: number
}

/** Runs by minute, up to now. */
function Pulse({ runs }: { readonly runs: readonly number[] }) {
  const label = useTranslations('classCards')('activity')
  const most = Math.max(1, ...runs)
  return (
    <svg
      className="class-pulse"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${Math.max(1, runs.length)} ${HIGH}`}
      preserveAspectRatio="none"
    >
      {runs.map((count, minute) => {
        const height = (HIGH * count) / most
        return <rect key={minute} x={minute + 0.1} width={0.8} y={HIGH - height} height={height} />
      })}
    </svg>
  )
}

function Bar({ info, groups }: { readonly info: ClassInfo; readonly groups: readonly Group[] }) {
  const t = useTranslations('classCards')
  const format = useFormatter()
  const there = groups.filter(({ n }) => n > 0)
  if (there.length === 0) return <span className="muted">{t('quiet')}</span>
  const saidOf = ({ n, name }: Group) => t('group', { n, kind: name })
  return (
    <>
      <span
        className="class-bar"
        role="img"
        aria-label={t('live', { name: info.name, text: format.list(there.map(saidOf)) })}
      >
        {there.map(({ key, colour, n }) => (
          <span key={key} className={`kind-${colour}`} style={{ flexGrow: n }} />
        ))}
      </span>
      <span className="class-groups" aria-hidden="true">
        {there.map((group) => (
          <span key={group.key} className={`class-group kind-${group.colour}`}>
            {saidOf(group)}
          </span>
        ))}
      </span>
    </>
  )
}

/** The picture for who may see the students: exact counts. */
function CountedPicture({ info }: { readonly info: ClassInfo }) {
  const kinds = useTranslations('kind')
  const { data } = useCounts(info.id)
  if (!data) return null
  const known = new Map(data.minutes.map(({ minute, executions }) => [minute, executions]))
  const first = Math.floor(data.at / MINUTE_MS) - COUNTED_MINUTES + 1
  const runs = Array.from({ length: COUNTED_MINUTES }, (_, index) => known.get(first + index) ?? 0)
  return (
    <span className="class-picture">
      <Bar info={info} groups={KINDS.map((kind) => ({ key: kind, name: kinds(kind), colour: kind, n: data[kind] }))} />
      <Pulse runs={runs} />
    </span>
  )
}

/** The picture for who may see only the class as a whole: no small group is told apart. */
function ToldPicture({ info }: { readonly info: ClassInfo }) {
  const kinds = useTranslations('kind')
  const whole = useTranslations('manage.whole')
  const { data } = useSummary(info.id, { everyMs: SUMMARY_POLL_MS })
  if (!data) return null
  const nameOf = (group: (typeof GROUPS)[number][0]) =>
    group === 'needing' || group === 'working' || group === 'others' || group === 'present'
      ? whole(group)
      : kinds(group)
  const groups = GROUPS.map(([key, colour]) => ({ key, colour, name: nameOf(key), n: data.attention[key] ?? 0 }))
  const [, runs] = minuteColumns(data.minutes, data.at)
  return (
    <span className="class-picture">
      <Bar info={info} groups={groups} />
      <Pulse runs={runs.map((count) => count ?? 0)} />
    </span>
  )
}

/** How a class in session is doing, asked again every few seconds, as far as one may see it. */
export function ClassPicture({ info }: { readonly info: ClassInfo }) {
  if (may(info, 'students.see')) return <CountedPicture info={info} />
  return may(info, 'aggregates.see') ? <ToldPicture info={info} /> : null
}
