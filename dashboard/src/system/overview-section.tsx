import type { AlertInfo, MonitorAnswer, SystemNumbers, SystemPulse, ThresholdInfo } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { systemApi } from './api.ts'
import { Answered, Bar, Card, Sign, Spark } from './parts.tsx'
import { useAct, usePart } from './queries.ts'
import { useUnits } from './units.ts'
import { useKnown } from './use-known.ts'

const MUTE_MINUTES = 60

interface Tile {
  readonly key: string
  readonly label: string
  readonly text: string
  readonly of: (numbers: SystemNumbers) => number
}

function useTiles(numbers: SystemNumbers, cores: number): Tile[] {
  const t = useTranslations('system')
  const { number, ms, bytes } = useUnits()
  const tile = (key: string, text: string, of: Tile['of']): Tile => ({ key, label: t(key as 'events'), text, of })
  return [
    tile('events', number(numbers.eventsPerSecond, 1), (at) => at.eventsPerSecond),
    tile('ack', ms(numbers.ackP99), (at) => at.ackP99 ?? 0),
    tile('socketCount', number(numbers.sockets), (at) => at.sockets),
    tile('requests', number(numbers.requestsPerSecond, 1), (at) => at.requestsPerSecond),
    tile('cores', `${number(numbers.cores, 2)} / ${cores}`, (at) => at.cores),
    tile('memory', bytes(numbers.residentBytes), (at) => at.residentBytes),
    tile('loop', ms(numbers.loopMs), (at) => at.loopMs),
    tile('queue', bytes(numbers.queueBytes), (at) => at.queueBytes),
  ]
}

function Numbers({ data, pulse }: { readonly data: MonitorAnswer; readonly pulse: SystemPulse | undefined }) {
  const numbers = pulse?.numbers ?? data.numbers
  const tiles = useTiles(numbers, data.cores)
  const later = data.series.filter(({ at }) => at < numbers.at)
  return (
    <ul className="tiles">
      {tiles.map(({ key, label, text, of }) => (
        <li key={key} className="card tile">
          <span className="tile-label">{label}</span>
          <strong className="tile-number">{text}</strong>
          <Spark values={[...later, numbers].map(of)} label={`${label}: ${text}`} />
        </li>
      ))}
    </ul>
  )
}

function Verdict({ data, pulse }: { readonly data: MonitorAnswer; readonly pulse: SystemPulse | undefined }) {
  const t = useTranslations('system')
  const { duration } = useUnits()
  const sick = pulse?.services.filter(({ ok }) => !ok).length ?? 0
  const open = data.alerts.filter(({ clearedAt }) => clearedAt === undefined).length
  const count = sick + open + (data.law.holds ? 0 : 1)
  return (
    <section className={`card system-verdict ${count === 0 ? 'is-well' : 'is-not'}`}>
      <Sign is={count === 0 ? 'good' : 'bad'}>
        <strong>{count === 0 ? t('well') : t('notWell', { n: count })}</strong>
      </Sign>
      <span className="muted">
        {t('since', { version: data.version, duration: duration(data.numbers.at - data.startedAt) })}
      </span>
    </section>
  )
}

function AlertRow({ alert }: { readonly alert: AlertInfo }) {
  const t = useTranslations('system')
  const { time } = useUnits()
  const mute = useAct('monitor', (muteMinutes: number) => systemApi.muteAlert(alert.id, { muteMinutes }))
  const muted = alert.mutedUntil !== undefined && alert.mutedUntil > Date.now()
  const open = alert.clearedAt === undefined
  return (
    <li className="alert" data-alert={alert.id}>
      <Sign is={open ? 'bad' : 'good'}>
        <strong>{alert.detail}</strong>
      </Sign>
      <span className="muted">
        {t('raised', { time: time(alert.raisedAt) })}
        {alert.clearedAt !== undefined && ` · ${t('cleared', { time: time(alert.clearedAt) })}`}
        {muted && ` · ${t('muted', { time: time(alert.mutedUntil ?? 0) })}`}
      </span>
      {open && (
        <Button
          className="button small-button"
          isDisabled={mute.isPending}
          onPress={() => mute.mutate(muted ? 0 : MUTE_MINUTES)}
        >
          {muted ? t('unmute') : t('mute')}
        </Button>
      )}
    </li>
  )
}

function Threshold({ threshold }: { readonly threshold: ThresholdInfo }) {
  const t = useTranslations('system')
  const { number, bytes } = useUnits()
  const known = useKnown()
  const { id, what, unit, value, limit, clearAt, raised } = threshold
  const shown = (amount: number | undefined) =>
    amount === undefined ? '–' : unit === 'bytes' ? bytes(amount) : `${number(amount, 1)} ${unit}`
  // Some limits are a floor: there the bar empties towards it.
  const isFloor = clearAt > limit
  const whole = isFloor ? Math.max(clearAt * 2, value ?? 0) : Math.max(limit * 1.25, value ?? 0)
  return (
    <li className="threshold">
      <span>{known(id, what)}</span>
      <Bar share={(value ?? 0) / whole} mark={limit / whole} bad={raised} />
      <span className="muted">
        {shown(value)} · {t('limit', { n: shown(limit) })}
      </span>
    </li>
  )
}

function Law({ law }: Pick<MonitorAnswer, 'law'>) {
  const t = useTranslations('system')
  const { number } = useUnits()
  const whole = Math.max(1, law.received)
  return (
    <Card title={t('law')}>
      <div className="law-bar" aria-hidden="true">
        <span className="law-stored" style={{ flexGrow: law.stored / whole }} />
        <span className="law-duplicate" style={{ flexGrow: law.duplicate / whole }} />
        <span className="law-refused" style={{ flexGrow: law.refused / whole }} />
      </div>
      <p className="muted">
        {t('lawText', {
          received: number(law.received),
          stored: number(law.stored),
          duplicate: number(law.duplicate),
          refused: number(law.refused),
        })}
      </p>
      <p>
        <Sign is={law.holds ? 'good' : 'bad'}>{law.holds ? t('lawHolds') : t('lawBroken')}</Sign>
      </p>
    </Card>
  )
}

function Shedding({ shedding }: Pick<MonitorAnswer, 'shedding'>) {
  const t = useTranslations('system')
  const known = useKnown()
  const { number } = useUnits()
  return (
    <Card title={t('shedding')}>
      <ol className="shed-order">
        {shedding.order.map((kind) => {
          const now = shedding.shed.includes(kind)
          return (
            <li key={kind} className={now ? 'is-shed' : ''}>
              {now ? <Sign is="bad">{known(kind, kind)}</Sign> : known(kind, kind)}
              <span className="muted">
                {now ? t('shedNow') : ''} {number(shedding.refused[kind] ?? 0)}
              </span>
            </li>
          )
        })}
      </ol>
      {shedding.because.length > 0 && <p>{shedding.because.join(', ')}</p>}
    </Card>
  )
}

/** How the whole server is: numbers of now and lately, alerts, limits. */
export function OverviewSection({ pulse }: { readonly pulse: SystemPulse | undefined }) {
  const t = useTranslations('system')
  const query = usePart('monitor', systemApi.monitor)
  return (
    <Answered query={query}>
      {(data) => (
        <>
          <Verdict data={data} pulse={pulse} />
          <Numbers data={data} pulse={pulse} />
          <div className="system-columns">
            <div className="system-stack">
              <Card title={t('alerts')}>
                {data.alerts.length === 0 ? (
                  <p className="muted">{t('noAlerts')}</p>
                ) : (
                  <ul className="alerts">
                    {data.alerts.map((alert) => (
                      <AlertRow key={alert.id} alert={alert} />
                    ))}
                  </ul>
                )}
              </Card>
              <Law law={data.law} />
              <Shedding shedding={data.shedding} />
            </div>
            <Card title={t('thresholds')}>
              <ul className="thresholds">
                {data.thresholds.map((threshold) => (
                  <Threshold key={threshold.id} threshold={threshold} />
                ))}
              </ul>
            </Card>
          </div>
        </>
      )}
    </Answered>
  )
}
