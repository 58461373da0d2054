import { useState } from 'react'
import type { ExperimentInfo, FlagInfo, FlagsAnswer, ShadowInfo } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Choice } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { systemApi } from './api.ts'
import { Answered, Card, Sign, SureButton } from './parts.tsx'
import { useAct, usePart } from './queries.ts'
import { useUnits } from './units.ts'
import { useKnown } from './use-known.ts'

const WHOLE = 100

type Edit = Parameters<typeof systemApi.editFlag>[1]

/** The first two variants share; more than two are a matter for the file. */
function Rollout({ flag, onApply }: { readonly flag: FlagInfo; readonly onApply: (edit: Edit) => void }) {
  const t = useTranslations('system')
  const [first = '', second = ''] = flag.variants
  const inForce = flag.shares?.[second] ?? 0
  const [share, setShare] = useState(inForce)
  return (
    <div className="rollout">
      <span>
        {t('rollout')} <span className="muted">{t(`rolloutOf_${flag.sticky}`)}</span>
      </span>
      <input
        type="range"
        min={0}
        max={WHOLE}
        step={5}
        value={share}
        aria-label={t('share', { name: second, n: share })}
        onChange={({ target }) => setShare(Number(target.value))}
      />
      <span>
        {t('share', { name: first, n: WHOLE - share })} · {t('share', { name: second, n: share })}
      </span>
      <Button
        className="button small-button"
        onPress={() => onApply({ shares: { [first]: WHOLE - share, [second]: share } })}
      >
        {t('apply')}
      </Button>
      {flag.shares && (
        <Button className="button quiet small-button" onPress={() => onApply({ shares: null })}>
          {t('noRollout')}
        </Button>
      )}
    </div>
  )
}

function Flag({ flag }: { readonly flag: FlagInfo }) {
  const t = useTranslations('system')
  const edit = useAct('flags', (body: Edit) => systemApi.editFlag(flag.key, body))
  const known = useKnown()
  const killed = flag.state === 'killed'
  return (
    <Card
      title={<code>{flag.key}</code>}
      className="flag"
      tools={<Sign is={killed ? 'bad' : 'good'}>{killed ? t('flagKilled') : t('flagEnabled')}</Sign>}
    >
      <p>{known(flag.key, flag.what)}</p>
      <p className="muted">{t('flagOwner', { name: flag.owner, text: flag.removeWhen })}</p>
      <div className="flag-row" data-flag={flag.key}>
        <span>{t('default')}</span>
        <Choice
          label={`${t('default')}: ${flag.key}`}
          value={flag.defaultVariant}
          options={flag.variants.map((id) => ({ id, text: id }))}
          onChange={(defaultVariant) => edit.mutate({ defaultVariant })}
        />
        {killed ? (
          <Button className="button small-button" onPress={() => edit.mutate({ state: 'enabled' })}>
            {t('revive')}
          </Button>
        ) : (
          <SureButton
            label={t('kill')}
            about={flag.key}
            isWorking={edit.isPending}
            onConfirm={() => edit.mutate({ state: 'killed' })}
          />
        )}
      </div>
      {flag.variants.length === 2 && flag.sticky !== 'none' && (
        <Rollout key={JSON.stringify(flag.shares)} flag={flag} onApply={edit.mutate} />
      )}
      {edit.error && <ProblemNote error={edit.error} />}
    </Card>
  )
}

function Interval({ variant }: { readonly variant: ExperimentInfo['variants'][number] }) {
  const t = useTranslations('system')
  const { number, percent } = useUnits()
  const { rate, low, high, subjects, outcomes } = variant
  const at = (value: number) => `${value * 100}%`
  return (
    <li className="interval">
      <code>{variant.variant}</code>
      {rate === undefined || low === undefined || high === undefined ? (
        <span className="muted">{t('noSubjects')}</span>
      ) : (
        <>
          <span
            className="interval-row"
            role="img"
            aria-label={`${percent(rate)}, ${t('interval', { n: number(low * 100), all: number(high * 100) })}`}
          >
            <span className="interval-line" style={{ left: at(low), width: at(high - low) }} />
            <span className="interval-dot" style={{ left: at(rate) }} />
          </span>
          <span>
            {percent(rate)}{' '}
            <span className="muted">{t('subjects', { n: number(outcomes), all: number(subjects) })}</span>
          </span>
        </>
      )}
    </li>
  )
}

function Experiment({ experiment }: { readonly experiment: ExperimentInfo }) {
  const t = useTranslations('system')
  const run = useAct('flags', (running: boolean) => systemApi.runExperiment(experiment.key, running))
  const known = useKnown()
  const { key, what, outcome, running, variants } = experiment
  return (
    <Card
      title={known(key, what)}
      tools={<Sign is={running ? 'good' : 'waiting'}>{running ? t('running') : t('stopped')}</Sign>}
      className="experiment"
    >
      <p className="muted">{t('outcome', { text: known(`${key}-outcome`, outcome) })}</p>
      <ul className="intervals">
        {variants.map((variant) => (
          <Interval key={variant.variant} variant={variant} />
        ))}
      </ul>
      <div className="actions" data-experiment={key}>
        <Button className="button small-button" isDisabled={run.isPending} onPress={() => run.mutate(!running)}>
          {running ? t('stop') : t('start')}
        </Button>
      </div>
      {run.error && <ProblemNote error={run.error} />}
    </Card>
  )
}

function Samples({ samples }: Pick<ShadowInfo, 'samples'>) {
  const t = useTranslations('system')
  if (samples.length === 0) return null
  return (
    <div className="table-scroll">
      <table>
        <thead>
          <tr>
            {(['offset', 'where', 'now', 'candidate'] as const).map((name) => (
              <th key={name} scope="col">
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {samples.map((sample) => (
            <tr key={`${sample.class} ${sample.offset} ${sample.path}`}>
              <td>{sample.offset}</td>
              <td>
                <code>{sample.path}</code>
              </td>
              <td className="row-reason">{JSON.stringify(sample.current)}</td>
              <td className="row-reason">{JSON.stringify(sample.candidate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Shadow({ shadow }: { readonly shadow: ShadowInfo }) {
  const t = useTranslations('system')
  const { number } = useUnits()
  const run = useAct('flags', (running: boolean) => systemApi.runShadow(shadow.name, running))
  const known = useKnown()
  const { name, what, running, failed, compared, differing, samples } = shadow
  return (
    <Card
      title={known(name, what)}
      tools={<Sign is={failed ? 'bad' : running ? 'good' : 'waiting'}>{running ? t('running') : t('stopped')}</Sign>}
    >
      <p>{t('shadowText', { n: number(compared), all: number(differing) })}</p>
      {failed !== undefined && <p>{t('shadowFailed', { text: failed })}</p>}
      <div className="actions" data-shadow={name}>
        <Button className="button small-button" isDisabled={run.isPending} onPress={() => run.mutate(!running)}>
          {running ? t('stop') : t('start')}
        </Button>
      </div>
      {run.error && <ProblemNote error={run.error} />}
      <Samples samples={samples} />
    </Card>
  )
}

function All({ data }: { readonly data: FlagsAnswer }) {
  const t = useTranslations('system')
  return (
    <>
      {data.fault !== undefined && (
        <p className="card problem" role="alert">
          {t('fileFault', { text: data.fault })}
        </p>
      )}
      <div className="system-columns">
        {data.flags.map((flag) => (
          <Flag key={flag.key} flag={flag} />
        ))}
      </div>
      {data.file !== undefined && <p className="hint">{t('file', { text: data.file })}</p>}
      <h2>{t('experiments')}</h2>
      <div className="system-columns">
        {data.experiments.map((experiment) => (
          <Experiment key={experiment.key} experiment={experiment} />
        ))}
      </div>
      <h2>{t('shadows')}</h2>
      {data.shadows.map((shadow) => (
        <Shadow key={shadow.name} shadow={shadow} />
      ))}
    </>
  )
}

/** Flags with their experiments and shadows. */
export function FlagsSection() {
  const query = usePart('flags', systemApi.flags, { busy: ({ shadows }) => shadows.some(({ running }) => running) })
  return <Answered query={query}>{(data) => <All data={data} />}</Answered>
}
