import type { ReactNode } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { histogram, type Figures } from './figures.ts'

const BARS = 12

/** Something with figures: a group, or a lesson. */
export interface Figured {
  readonly key: string
  readonly title: ReactNode
  readonly figures: Figures
  readonly picture?: ReactNode
}

function DoneBars({ figures, most, tallest }: { figures: Figures; most: number; tallest: number }) {
  const t = useTranslations('report')
  const { step, counts } = histogram(figures.done, { most, bars: BARS })
  const range = (index: number) => (step === 1 ? String(index) : `${index * step}–${(index + 1) * step - 1}`)
  return (
    <ul className="done-bars">
      {counts.map((count, index) => (
        <li key={range(index)}>
          <span className="done-line" aria-hidden="true">
            <span style={{ height: `${(100 * count) / Math.max(1, tallest)}%` }} />
          </span>
          <span className="done-label" aria-hidden="true">
            {index * step}
          </span>
          <span className="off-screen">{t('doneBar', { n: count, text: range(index) })}</span>
        </li>
      ))}
    </ul>
  )
}

interface FigureCardProps {
  readonly one: Figured
  readonly most: number
  readonly tallest: number
}

function FigureCard({ one: { title, figures, picture }, most, tallest }: FigureCardProps) {
  const t = useTranslations('report')
  const format = useFormatter()
  const { students, there, runsEach, failed, doneMedian, minutesMedian } = figures
  const rows: readonly (readonly [string, string | undefined])[] = [
    [t('figureThere'), t('figureOf', { n: there, all: students })],
    [t('figureDone'), doneMedian === undefined ? undefined : format.number(doneMedian)],
    [t('figureRuns'), format.number(runsEach, { maximumFractionDigits: 1 })],
    [t('figureFailed'), failed === undefined ? undefined : format.number(failed, { style: 'percent' })],
    [t('figureMinutes'), minutesMedian === undefined ? undefined : format.number(minutesMedian)],
  ]
  return (
    <li className="figure-card">
      <h3>{title}</h3>
      <dl>
        {rows.map(([what, figure]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{figure ?? '–'}</dd>
          </div>
        ))}
      </dl>
      <DoneBars figures={figures} most={most} tallest={tallest} />
      {picture}
    </li>
  )
}

/** Small pictures side by side, all with the same scales. */
export function FigureCards({ all }: { readonly all: readonly Figured[] }) {
  const most = Math.max(0, ...all.flatMap(({ figures }) => figures.done))
  const tallest = Math.max(1, ...all.flatMap(({ figures }) => histogram(figures.done, { most, bars: BARS }).counts))
  return (
    <ul className="figure-cards">
      {all.map((one) => (
        <FigureCard key={one.key} one={one} most={most} tallest={tallest} />
      ))}
    </ul>
  )
}
