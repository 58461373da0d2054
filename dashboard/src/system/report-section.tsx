import type { ReportAnswer } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { usePreferences } from '../app/preferences.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { systemApi } from './api.ts'
import { Markdown } from './markdown.tsx'
import { Answered, Bar, Card, SureButton } from './parts.tsx'
import { useAct, usePart } from './queries.ts'
import { useUnits } from './units.ts'

function save(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'lectern-performance.md'
  link.click()
  URL.revokeObjectURL(url)
}

function Status({ report }: { readonly report: ReportAnswer }) {
  const t = useTranslations('system')
  const { date } = useUnits()
  if (report.state === 'waiting') return <p role="status">{t('reportWaiting')}</p>
  if (report.state === 'running') {
    return (
      <p role="status">
        {t('reportRunning')} <Bar share={report.progress ?? 0} />
      </p>
    )
  }
  return (
    <>
      {report.state === 'failed' && <p role="alert">{t('reportFailed', { text: report.reason ?? '' })}</p>}
      {report.state === 'none' && <p className="muted">{t('noReport')}</p>}
      {report.madeAt !== undefined && <p className="muted">{t('reportAt', { date: date(report.madeAt) })}</p>}
    </>
  )
}

const isUnderWay = ({ state }: ReportAnswer) => state === 'waiting' || state === 'running'

/** The performance report of this machine, and making one. */
export function ReportSection() {
  const t = useTranslations('system')
  const { language } = usePreferences()
  const query = usePart('report', systemApi.report, { busy: isUnderWay })
  const make = useAct('report', () => systemApi.makeReport())
  return (
    <Answered query={query}>
      {(report) => {
        const text = report.markdown?.[language]
        return (
          <>
            <Card
              title={t('report')}
              tools={
                text !== undefined && (
                  <button type="button" className="button small-button" onClick={() => save(text)}>
                    {t('saveReport')}
                  </button>
                )
              }
            >
              <Status report={report} />
              {!isUnderWay(report) && (
                <div className="actions">
                  <SureButton
                    label={t('makeReport')}
                    about={t('report')}
                    isWorking={make.isPending}
                    onConfirm={() => make.mutate(undefined)}
                  />
                  <span className="hint">{t('reportWarning')}</span>
                </div>
              )}
              {make.error && <ProblemNote error={make.error} />}
            </Card>
            {text !== undefined && (
              <article className="card system-card report-text">
                <Markdown text={text} />
              </article>
            )}
          </>
        )
      }}
    </Answered>
  )
}
