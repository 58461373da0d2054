import type { RetentionEntry, RetentionReport } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { usePeople } from '../session/queries.ts'
import { systemApi } from './api.ts'
import { Answered, Card, Sign, SureButton } from './parts.tsx'
import { useAct, usePart } from './queries.ts'
import { useUnits } from './units.ts'

function Plan({ classes }: { readonly classes: readonly RetentionEntry[] }) {
  const t = useTranslations('privacy.retention')
  const { date } = useUnits()
  if (classes.length === 0) return <p className="empty">{t('empty')}</p>
  return (
    <div className="table-scroll">
      <table>
        <thead>
          <tr>
            {(['class', 'ended', 'clears', 'size'] as const).map((name) => (
              <th key={name} scope="col">
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((one) => (
            <tr key={one.class}>
              <th scope="row">{one.name}</th>
              <td>{date(one.endedAt)}</td>
              <td>{one.due ? <Sign is="waiting">{t('due')}</Sign> : date(one.clearsAt)}</td>
              <td>{t('sizeOf', { students: one.students, events: one.events })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const SIGNS = { waiting: 'waiting', running: 'waiting', done: 'good', dead: 'bad' } as const

function Report({ report, who }: { readonly report: RetentionReport; readonly who: string }) {
  const t = useTranslations('privacy.retention')
  const { date } = useUnits()
  const { state, dryRun, createdAt, classes = [] } = report
  const failed = dryRun ? 0 : classes.filter(({ removed }) => !removed).length
  const said = state === 'done' ? t(dryRun ? 'wouldRemove' : 'removed', { n: classes.length - failed }) : t(state)
  return (
    <li>
      <Sign is={failed > 0 ? 'bad' : SIGNS[state]}>
        <time dateTime={new Date(createdAt).toISOString()}>{date(createdAt)}</time>
      </Sign>
      <span>
        {said}
        {failed > 0 && ` ${t('notRemoved', { n: failed })}`} <span className="muted">{t('by', { name: who })}</span>
      </span>
      {classes.length > 0 && (
        <ul className="muted">
          {classes.map((one) => (
            <li key={one.class}>
              {t('one', { name: one.name, text: t('sizeOf', { students: one.students, events: one.events }) })}
              {!dryRun && !one.removed && ` ${t('stays')}`}
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

function Reports({ reports }: { readonly reports: readonly RetentionReport[] }) {
  const t = useTranslations('privacy.retention')
  const actors = useTranslations('privacy.audit')
  const names = new Map(usePeople().data?.people.map(({ id, name }) => [id, name]))
  if (reports.length === 0) return null
  const whoOf = ({ by }: RetentionReport) => (by === 'script' || by === 'system' ? actors(by) : (names.get(by) ?? by))
  return (
    <>
      <h3>{t('reports')}</h3>
      <ul className="retention-reports">
        {reports.map((report) => (
          <Report key={report.id} report={report} who={whoOf(report)} />
        ))}
      </ul>
    </>
  )
}

/** What is removed when its time is over: the plan, a dry run or the removal now, and the reports of those before. */
export function RetentionCard() {
  const t = useTranslations('privacy.retention')
  const query = usePart('privacy', systemApi.retention, { more: 'retention' })
  const run = useAct('privacy', systemApi.runRetention)
  const due = query.data?.classes.filter((one) => one.due) ?? []
  return (
    <Card
      title={t('title')}
      tools={
        <div className="actions">
          <WorkingButton className="button small-button" isWorking={run.isPending} onPress={() => run.mutate(true)}>
            {t('dryRun')}
          </WorkingButton>
          {due.length > 0 && (
            <SureButton
              label={t('run')}
              about={t('runAbout', { n: due.length })}
              className="danger"
              isWorking={run.isPending}
              onConfirm={() => run.mutate(false)}
            />
          )}
        </div>
      }
    >
      <p className="muted">{t('text')}</p>
      {run.error && <ProblemNote error={run.error} />}
      <Answered query={query}>
        {({ classes, reports }) => (
          <>
            <Plan classes={classes} />
            <Reports reports={reports} />
          </>
        )}
      </Answered>
    </Card>
  )
}
