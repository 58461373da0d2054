import { memo } from 'react'
import { RECENT_MINUTES, type StudentState } from '@lectern/protocol'
import { useTranslations } from 'use-intl'

/** More runs a minute than this make no higher bar, so that the bars of two students can be compared. */
const HIGHEST = 6
const BAR = { width: 3, step: 4, height: 16 } as const
const WIDTH = RECENT_MINUTES * BAR.step - (BAR.step - BAR.width)

type Recent = StudentState['recent']

/** Outlines of the bars of all runs and of the failed ones, the newest minute at the right. `minute`: since the epoch. */
export function sparkPaths(recent: Recent, minute: number): { runs: string; failures: string; n: number; bad: number } {
  let [runs, failures, n, bad] = ['', '', 0, 0]
  for (let at = 0; at < RECENT_MINUTES; at += 1) {
    const counted = recent?.[minute - RECENT_MINUTES + 1 + at]
    if (!counted) continue
    const [all, failed] = counted
    const height = (count: number) => Math.ceil((BAR.height * Math.min(count, HIGHEST)) / HIGHEST)
    const bar = (count: number) => `M${at * BAR.step} ${BAR.height}v-${height(count)}h${BAR.width}v${height(count)}z`
    runs += bar(all)
    if (failed > 0) failures += bar(failed)
    n += all
    bad += failed
  }
  return { runs, failures, n, bad }
}

/** Runs of the last minutes as bars, the failed part of each in another colour; the same in words for who does not see it. */
export const Spark = memo(function Spark({ recent, minute }: { readonly recent: Recent; readonly minute: number }) {
  const t = useTranslations('wall')
  const { runs, failures, n, bad } = sparkPaths(recent, minute)
  return (
    <span className="spark-box">
      <svg
        className="spark-line"
        viewBox={`0 0 ${WIDTH} ${BAR.height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        <path className="spark-ground" d={`M0 ${BAR.height - 0.5}h${WIDTH}`} />
        <path className="spark-runs" d={runs} />
        <path className="spark-failures" d={failures} />
      </svg>
      <span className="off-screen">{t('spark', { runs: n, failures: bad, minutes: RECENT_MINUTES })}</span>
    </span>
  )
})
