import { memo, useEffect, useMemo, useRef } from 'react'
import type { ClassState } from '@lectern/protocol'
import uPlot, { type AlignedData, type Options } from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useFormatter, useTranslations } from 'use-intl'
import { usePreferences } from '../app/preferences.ts'
import { useMedia } from '../app/use-media.ts'
import { activityColumns, lately, type ActivityColumns } from './activity.ts'
import { Panel } from './panel.tsx'

const LATELY_MINUTES = 5
const FALLBACK_PX = { width: 320, height: 160 } as const

interface Texts {
  readonly runs: string
  readonly failures: string
  readonly time: (seconds: number) => string
}

function colour(name: string): string {
  // A computed colour, since a custom property may hold light-dark(), which a canvas does not know.
  const probe = document.createElement('span')
  probe.className = `probe ${name}`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

function plotOptions(texts: Texts, size: { width: number; height: number }): Options {
  const ink = colour('probe-muted')
  const grid = { stroke: colour('probe-line'), width: 1 }
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const font = `${0.75 * rem}px ${getComputedStyle(document.body).fontFamily}`
  const axis = { stroke: ink, font, grid, ticks: { show: false } }
  return {
    ...size,
    padding: [0.5 * rem, 1.25 * rem, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(4, max * 1.1)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 4 * rem,
        size: 2 * rem,
        values: (_plot, seconds) => seconds.map(texts.time),
      },
      { ...axis, size: 2.75 * rem, space: 2.25 * rem, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
    ],
    series: [
      {},
      {
        label: texts.runs,
        stroke: colour('probe-done'),
        fill: colour('probe-done-soft'),
        width: 2,
        points: { show: false },
      },
      { label: texts.failures, stroke: colour('probe-failing'), width: 2, dash: [6, 4], points: { show: false } },
    ],
  }
}

/** The texts of the plot. */
function useTexts(): Texts {
  const t = useTranslations('activity')
  const format = useFormatter()
  return useMemo(
    () => ({
      runs: t('runs'),
      failures: t('failures'),
      time: (seconds: number) =>
        format.dateTime(seconds * 1000, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    }),
    [t, format],
  )
}

/** Runs and failures a minute, with a hole where nothing is told; everything that it says is said in words beside it. */
export function ActivityPlot({ columns }: { readonly columns: ActivityColumns }) {
  const t = useTranslations('activity')
  const texts = useTexts()
  return (
    <>
      <Plot columns={columns} texts={texts} />
      <ul className="legend">
        <li>
          <span className="swatch line-done" aria-hidden="true" />
          {t('runs')}
        </li>
        <li>
          <span className="swatch line-failing" aria-hidden="true" />
          {t('failures')}
        </li>
      </ul>
    </>
  )
}

/** The canvas. */
function Plot({ columns, texts }: { readonly columns: ActivityColumns; readonly texts: Texts }) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const { theme } = usePreferences()
  const isDark = useMedia('(prefers-color-scheme: dark)')
  const newest = useRef(columns)
  newest.current = columns

  useEffect(() => {
    const element = box.current
    if (!element) return
    const size = () => ({
      width: element.clientWidth || FALLBACK_PX.width,
      height: element.clientHeight || FALLBACK_PX.height,
    })
    const made = new uPlot(plotOptions(texts, size()), newest.current as unknown as AlignedData, element)
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize(size()))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [texts, theme, isDark])

  useEffect(() => {
    plot.current?.setData(columns as unknown as AlignedData)
  }, [columns])
  return <div className="plot" ref={box} aria-hidden="true" />
}

interface ActivityPanelProps {
  readonly activity: ClassState['activity']
  /** The server's clock in whole minutes, as ms. */
  readonly minute: number
}

/** Runs and failures a minute over the last hour. */
export const ActivityPanel = memo(function ActivityPanel({ activity, minute }: ActivityPanelProps) {
  const t = useTranslations('activity')
  const columns = useMemo(() => activityColumns(activity, minute), [activity, minute])
  return (
    <Panel id="activity" title={t('title')}>
      <p className="activity-text">{t('lately', lately(activity, minute, LATELY_MINUTES))}</p>
      <ActivityPlot columns={columns} />
    </Panel>
  )
})
