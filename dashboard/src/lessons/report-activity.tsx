import type { LessonReport } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { everyMinute } from './figures.ts'
import { ReportCard } from './report-card.tsx'

const MINUTE_MS = 60_000
const HEIGHT = 100

type Minute = LessonReport['activity'][number]

interface ActivityPictureProps {
  readonly minutes: readonly Minute[]
  /** What the highest bar stands for, so that several pictures have one scale. */
  readonly most: number
  readonly label: string
}

/** Runs by minute, failed ones at the foot of each bar. */
export function ActivityPicture({ minutes, most, label }: ActivityPictureProps) {
  const high = (runs: number) => (HEIGHT * runs) / Math.max(1, most)
  return (
    <svg
      className="activity-picture"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${Math.max(1, minutes.length)} ${HEIGHT}`}
      preserveAspectRatio="none"
    >
      {minutes.map(({ minute, executions, failures }, index) => (
        <g key={minute}>
          <rect
            className="bar-runs"
            x={index + 0.1}
            width={0.8}
            y={HEIGHT - high(executions)}
            height={high(executions)}
          />
          <rect
            className="bar-failed"
            x={index + 0.1}
            width={0.8}
            y={HEIGHT - high(failures)}
            height={high(failures)}
          />
        </g>
      ))}
    </svg>
  )
}

/** The line of how many students did anything, over the bars. */
function StudentsLine({ minutes }: { readonly minutes: readonly Minute[] }) {
  const most = Math.max(1, ...minutes.map(({ students }) => students))
  const points = minutes.map(({ students }, index) => `${index + 0.5},${HEIGHT - (HEIGHT * students) / most}`).join(' ')
  return (
    <svg
      className="activity-line"
      viewBox={`0 0 ${Math.max(1, minutes.length)} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polyline points={points} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}

/** What happened when. */
export function ReportActivity({ report }: { readonly report: LessonReport }) {
  const t = useTranslations('report')
  const format = useFormatter()
  const minutes = everyMinute(report)
  const [first] = minutes
  if (!first) return null
  const time = (minute: number) => format.dateTime(minute * MINUTE_MS, { timeStyle: 'short' })
  const busiest = minutes.reduce((a, b) => (b.executions > a.executions ? b : a))
  const { executions: runs, failures, students } = busiest
  return (
    <ReportCard title={t('activity')} text={t('activityText')}>
      <div className="activity-frame">
        <ActivityPicture
          minutes={minutes}
          most={busiest.executions}
          label={t('minute', { time: time(busiest.minute), runs, failures, students })}
        />
        <StudentsLine minutes={minutes} />
      </div>
      <p className="attendance-scale activity-scale" aria-hidden="true">
        <span>{time(first.minute)}</span>
        <span>{t('minute', { time: time(busiest.minute), runs, failures, students })}</span>
        <span>{time(minutes.at(-1)?.minute ?? first.minute)}</span>
      </p>
    </ReportCard>
  )
}
