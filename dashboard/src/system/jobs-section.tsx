import { useState } from 'react'
import type { JobInfo, JobsAnswer } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useClasses } from '../http/queries.ts'
import { Choice } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { resultUrl, systemApi } from './api.ts'
import { Answered, Bar, Card, Sign, SureButton } from './parts.tsx'
import { useAct, usePart } from './queries.ts'
import { useUnits } from './units.ts'
import { useKnown } from './use-known.ts'

const STATES = ['all', 'waiting', 'running', 'done', 'dead'] as const
const SIGNS = { waiting: 'waiting', running: 'waiting', done: 'good', dead: 'bad' } as const

function Pool({ data: { pool, runners } }: { readonly data: JobsAnswer }) {
  const t = useTranslations('system')
  const { number, bytes, duration } = useUnits()
  return (
    <div className="system-columns">
      <Card title={t('pool')}>
        <ul className="threads" aria-hidden="true">
          {Array.from({ length: pool.ceiling }, (_, index) => (
            <li key={index} className={index < pool.busy ? 'is-busy' : index < pool.threads ? 'is-idle' : ''} />
          ))}
        </ul>
        <p>{t('poolText', { n: number(pool.threads), all: number(pool.ceiling), text: number(pool.busy) })}</p>
        <p className="muted">
          {[
            pool.oldestMs > 0 ? t('oldest', { duration: duration(pool.oldestMs) }) : undefined,
            t('crashes', { n: number(pool.crashes) }),
            `${t('heap')} ${bytes(pool.heapBytes)}`,
          ]
            .filter((text) => text !== undefined)
            .join(' · ')}
        </p>
      </Card>
      <Card title={t('runners')}>
        <ul className="runners">
          {runners.map((runner) => (
            <li key={runner.name}>
              <Sign is={runner.state === 'failed' ? 'bad' : 'good'}>
                <strong>{runner.name}</strong>
              </Sign>
              <span className="muted">
                {t('lag', { n: number(runner.lag) })} · {t('handled', { n: number(runner.handled) })} ·{' '}
                {t('failures', { n: runner.failures })}
              </span>
              {runner.reason !== undefined && <p>{runner.reason}</p>}
            </li>
          ))}
        </ul>
      </Card>
    </div>
  )
}

function StartJob({ kinds }: Pick<JobsAnswer, 'kinds'>) {
  const t = useTranslations('system')
  const classes = useClasses()
  const known = useKnown()
  const add = useAct('jobs', systemApi.addJob)
  const [kind, setKind] = useState(kinds[0]?.kind ?? '')
  const [chosen, setChosen] = useState('')
  const info = kinds.find((one) => one.kind === kind)
  const classId = chosen || (classes.data?.classes[0]?.id ?? '')
  return (
    <Card title={t('startJob')}>
      <div className="actions">
        <label className="picker">
          {t('job')}
          <select value={kind} onChange={({ target }) => setKind(target.value)}>
            {kinds.map((one) => (
              <option key={one.kind} value={one.kind}>
                {one.kind}
              </option>
            ))}
          </select>
        </label>
        {info?.ofClass && (
          <label className="picker">
            {t('ofClass')}
            <select value={classId} onChange={({ target }) => setChosen(target.value)}>
              {classes.data?.classes.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <Button
          className="button primary"
          isDisabled={add.isPending || (info?.ofClass === true && classId === '')}
          onPress={() => add.mutate(info?.ofClass ? { kind, class: classId } : { kind })}
        >
          {t('start')}
        </Button>
      </div>
      {info && <p className="hint">{known(info.kind, info.what)}</p>}
      {add.error && <ProblemNote error={add.error} />}
    </Card>
  )
}

function JobRow({ job }: { readonly job: JobInfo }) {
  const t = useTranslations('system')
  const { date, number } = useUnits()
  const replay = useAct('jobs', systemApi.replayJob)
  const remove = useAct('jobs', systemApi.removeJob)
  const { id, kind, state, attempts, maxAttempts, createdAt, reason, result, progress } = job
  return (
    <tr data-job={id}>
      <th scope="row">
        {id} {kind}
        <span className="muted row-note">{date(createdAt)}</span>
      </th>
      <td>
        <Sign is={SIGNS[state]}>{t(`job_${state}`)}</Sign>
        {state === 'running' && progress !== undefined && <Bar share={progress} />}
      </td>
      <td>
        {number(attempts)} / {number(maxAttempts)}
      </td>
      <td className="row-reason">
        {reason ?? (result === undefined || result === null ? '' : JSON.stringify(result))}
      </td>
      <td className="actions">
        {state === 'done' && kind === 'export' && <a href={resultUrl(id)}>{t('download')}</a>}
        {state === 'dead' && (
          <Button
            className="button small-button"
            aria-label={`${t('replay')}: ${id}`}
            isDisabled={replay.isPending}
            onPress={() => replay.mutate(id)}
          >
            {t('replay')}
          </Button>
        )}
        {state !== 'running' && (
          <SureButton
            label={t('remove')}
            about={String(id)}
            isWorking={remove.isPending}
            onConfirm={() => remove.mutate(id)}
          />
        )}
      </td>
    </tr>
  )
}

/** Threads, what follows the log, and every job. */
export function JobsSection() {
  const t = useTranslations('system')
  const { number } = useUnits()
  const [state, setState] = useState<(typeof STATES)[number]>('all')
  const wanted = state === 'all' ? undefined : state
  const query = usePart('jobs', () => systemApi.jobs(wanted), {
    more: state,
    busy: ({ counts }) => counts.waiting + counts.running > 0,
  })
  return (
    <Answered query={query}>
      {(data) => (
        <>
          <Pool data={data} />
          <StartJob kinds={data.kinds} />
          <Card
            title={t('job')}
            tools={
              <Choice
                label={t('state')}
                value={state}
                options={STATES.map((id) => ({
                  id,
                  text: id === 'all' ? t('kind_all') : `${t(`job_${id}`)} ${number(data.counts[id])}`,
                }))}
                onChange={setState}
              />
            }
          >
            <div className="table-scroll">
              <table>
                <thead>
                  <tr>
                    {(['job', 'state', 'attempts', 'reason'] as const).map((name) => (
                      <th key={name} scope="col">
                        {t(name)}
                      </th>
                    ))}
                    <th scope="col">{t('remove')}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.jobs.map((job) => (
                    <JobRow key={job.id} job={job} />
                  ))}
                </tbody>
              </table>
              {data.jobs.length === 0 && <p className="muted">{t('nothing')}</p>}
            </div>
          </Card>
        </>
      )}
    </Answered>
  )
}
