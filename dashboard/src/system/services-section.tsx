import { useState } from 'react'
import type { ServiceInfo, ServicesAnswer } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { ProblemNote } from '../parts/problem-note.tsx'
import { systemApi } from './api.ts'
import { Answered, Card, Sign, SureButton } from './parts.tsx'
import { useAct, usePart } from './queries.ts'
import { ServiceGraph } from './service-graph.tsx'
import { useUnits } from './units.ts'

function ServiceDetail({ service }: { readonly service: ServiceInfo }) {
  const t = useTranslations('system')
  const restart = useAct('services', systemApi.restart)
  const { name, ok, state, reason, needs, within, restarts, restartable } = service
  return (
    <div className="service-detail" data-service={name}>
      <div>
        <strong>{name}</strong>{' '}
        <Sign is={ok ? 'good' : state === 'failed' ? 'bad' : 'waiting'}>{t(`state_${state}`)}</Sign>
        {restarts > 0 && <span className="muted"> · {t('restarts', { n: restarts })}</span>}
        <p className="muted">{needs.length > 0 ? t('needs', { text: needs.join(', ') }) : t('needsNothing')}</p>
        {within !== undefined && <p className="muted">{t('withinService', { name: within })}</p>}
        {reason !== undefined && <p>{reason}</p>}
        {restart.error && <ProblemNote error={restart.error} />}
      </div>
      {restartable ? (
        <SureButton
          label={restart.isPending ? t('restarting') : t('restart')}
          about={name}
          isWorking={restart.isPending}
          onConfirm={() => restart.mutate(name)}
        />
      ) : (
        <span className="muted">{t('withProcess')}</span>
      )}
    </div>
  )
}

function StartReport({ data }: { readonly data: ServicesAnswer }) {
  const t = useTranslations('system')
  const { number } = useUnits()
  const whole = Math.max(1, data.totalMs, ...data.services.map(({ at, ms }) => (at < data.totalMs ? at + ms : 0)))
  const first = data.services.filter(({ at }) => at <= data.totalMs)
  return (
    <Card title={t('startReport')} className="wide">
      <p>
        {[
          t('startTotal', { n: number(data.totalMs) }),
          data.sequential ? t('startAsSequential') : t('startSum', { n: number(data.sumMs) }),
          data.sequentialMs === undefined || data.sequential
            ? undefined
            : t('startSequential', { n: number(data.sequentialMs) }),
        ]
          .filter((text) => text !== undefined)
          .join(' · ')}
      </p>
      <ol className="gantt">
        {first
          .toSorted((a, b) => a.at - b.at)
          .map(({ name, at, ms }) => (
            <li key={name}>
              <span className="gantt-name">{name}</span>
              <span className="gantt-row">
                <span
                  className="gantt-bar"
                  style={{ left: `${(at / whole) * 100}%`, width: `${Math.max(0.5, (ms / whole) * 100)}%` }}
                />
              </span>
              <span className="muted gantt-ms">{number(ms)} ms</span>
            </li>
          ))}
      </ol>
    </Card>
  )
}

/** The service graph, how each service is, how they started, and starting one again. */
export function ServicesSection() {
  const t = useTranslations('system')
  const query = usePart('services', systemApi.services, {
    busy: ({ services }) => services.some(({ state }) => state !== 'running'),
  })
  const [chosen, setChosen] = useState<string>()
  return (
    <Answered query={query}>
      {(data) => {
        const service = data.services.find(({ name }) => name === chosen) ?? data.services.find(({ ok }) => !ok)
        return (
          <div className="system-columns">
            <Card title={t('graph')} className="wide">
              <p className="hint">{t('graphHint')}</p>
              <ServiceGraph services={data.services} chosen={service?.name} onChoose={setChosen} />
              {service && <ServiceDetail key={service.name} service={service} />}
            </Card>
            <StartReport data={data} />
          </div>
        )
      }}
    </Answered>
  )
}
