import { useState } from 'react'
import { useQueries } from '@tanstack/react-query'
import type { ClassInfo, LessonReport, LessonReportInfo } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { everyMinute, figuresOf } from './figures.ts'
import { FigureCards, type Figured } from './figure-cards.tsx'
import { reportQuery, useReports } from './queries.ts'
import { ActivityPicture } from './report-activity.tsx'
import { ReportCard } from './report-card.tsx'
import { useReportName } from './report-name.ts'

interface ReportCompareProps {
  readonly info: ClassInfo
  readonly report: LessonReport
  readonly id: number
}

/** Other lessons beside this one, by the same scales. */
export function ReportCompare({ info, report, id }: ReportCompareProps) {
  const t = useTranslations('report')
  const nameOf = useReportName()
  const { data } = useReports(info.id)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const others = (data?.reports ?? []).filter((one) => one.id !== id && one.state === 'done')
  const picked = others.filter((one) => chosen.has(one.id))
  const answers = useQueries({ queries: picked.map((one) => reportQuery(info.id, one.id)) })
  const compared = picked.flatMap((one, index) => {
    const found = answers[index]?.data?.report
    return found ? [{ one, report: found }] : []
  })
  const most = Math.max(
    ...[report, ...compared.map((one) => one.report)].flatMap(({ activity }) =>
      activity.map(({ executions }) => executions),
    ),
    1,
  )
  const figured = (key: string, title: string, of: LessonReport): Figured => ({
    key,
    title,
    figures: figuresOf(of.attendance, of.absent.length),
    picture: <ActivityPicture minutes={everyMinute(of)} most={most} label={`${t('activity')}: ${title}`} />,
  })
  const toggle = ({ id: other }: LessonReportInfo) => {
    const next = new Set(chosen)
    if (!next.delete(other)) next.add(other)
    setChosen(next)
  }
  return (
    <ReportCard title={t('compare')} text={others.length === 0 ? t('compareNone') : t('compareText')}>
      {others.length > 0 && (
        <div className="compare-choice" role="group" aria-label={t('compare')}>
          {others.map((one) => (
            <label key={one.id} className="check">
              <input type="checkbox" checked={chosen.has(one.id)} onChange={() => toggle(one)} />
              {nameOf(one)}
            </label>
          ))}
        </div>
      )}
      {compared.length > 0 && (
        <FigureCards
          all={[
            figured('this', t('thisOne'), report),
            ...compared.map(({ one, report: other }) => figured(String(one.id), nameOf(one), other)),
          ]}
        />
      )}
    </ReportCard>
  )
}
