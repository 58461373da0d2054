import { useEffect, useState } from 'react'
import { RULE_BOUNDS, type AttentionRules, type ClassInfo, type ClassRules, type RulesOutcome } from '@lectern/protocol'
import { Button, Form } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { useDuration } from '../i18n/duration.ts'
import { Field } from '../parts/fields.tsx'
import { KindBadge } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useRules, useRulesTrial, useSetRules } from './queries.ts'

const MINUTE_MS = 60_000
/** Rules are tried when nothing was typed for so long. */
const PAUSE_MS = 600
const KINDS = ['stuck', 'failing', 'idle'] as const

/** Thresholds as they are typed: members of the rules, in the unit that is shown. */
const FIELDS = [
  ['stuckErrors', 'stuckErrors', 1],
  ['stuckTryingMs', 'stuckTrying', MINUTE_MS],
  ['stuckSilentMs', 'stuckSilent', MINUTE_MS],
  ['activeForMs', 'idleAfter', MINUTE_MS],
  ['awayAfterMs', 'awayAfter', MINUTE_MS],
] as const satisfies readonly (readonly [keyof AttentionRules, string, number])[]

type Typed = Readonly<Record<keyof AttentionRules, string>>

const typedOf = (rules: AttentionRules): Typed =>
  Object.fromEntries(FIELDS.map(([name, , unit]) => [name, String(rules[name] / unit)])) as Typed

/** Bounds of a threshold in the unit that is shown. */
function boundsOf(name: keyof AttentionRules, unit: number): { n: number; most: number } {
  const { minimum, maximum } = RULE_BOUNDS[name]
  return { n: minimum / unit, most: maximum / unit }
}

/** The number that was typed, in the unit of the rules; undefined where it is none, or out of bounds. */
function numberOf(name: keyof AttentionRules, typed: string, unit: number): number | undefined {
  const number = Number(typed.trim().replace(',', '.'))
  const { n, most } = boundsOf(name, unit)
  return typed.trim() === '' || !(number >= n && number <= most) ? undefined : Math.round(number * unit)
}

/** The rules that were typed; undefined while one of them can not be. */
export function rulesTyped(typed: Typed): AttentionRules | undefined {
  const entries = FIELDS.map(([name, , unit]) => [name, numberOf(name, typed[name], unit)] as const)
  return entries.some(([, value]) => value === undefined) ? undefined : (Object.fromEntries(entries) as AttentionRules)
}

/** A value once it has not changed for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

interface OutcomeProps {
  readonly outcome: RulesOutcome
  /** True when the second rules are others than those in force. */
  readonly isOther: boolean
}

/** Whom the rules would have shown as what: those in force, and those that are typed. */
function Outcome({ outcome: { from, students, outcomes }, isOther }: OutcomeProps) {
  const t = useTranslations('rules')
  const format = useFormatter()
  const duration = useDuration()
  const [now, then] = outcomes
  if (students === 0) return <p className="muted">{t('nothing')}</p>
  const shown = [[t('now'), now], ...(isOther ? ([[t('wanted'), then]] as const) : [])] as const
  return (
    <table className="report-table rules-outcome">
      <caption>{t('tried', { date: format.dateTime(from, { dateStyle: 'medium' }), n: students })}</caption>
      <thead>
        <tr>
          <td />
          {shown.map(([title]) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {KINDS.map((kind) => (
          <tr key={kind}>
            <th scope="row">
              <span className="rules-kind">
                <KindBadge kind={kind} />
                {t(kind)}
              </span>
            </th>
            {shown.map(([title, one]) => {
              const sum = one?.[kind] ?? { students: 0, ms: 0 }
              return (
                <td key={title}>
                  <span className={`rules-bar kind-${kind}`} aria-hidden="true">
                    <span style={{ width: `${(100 * sum.students) / students}%` }} />
                  </span>
                  {t('outcome', { students: sum.students, time: duration(sum.ms) })}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Trial({ info, inForce, typed }: { info: ClassInfo; inForce: AttentionRules; typed: AttentionRules }) {
  const t = useTranslations('rules')
  const settled = useSettled(typed)
  const { data, error, isFetching } = useRulesTrial(info.id, [inForce, settled])
  const isOther = FIELDS.some(([name]) => settled[name] !== inForce[name])
  return (
    <div className="rules-trial" aria-busy={isFetching}>
      <h3>{t('try')}</h3>
      <p role="status" className="muted">
        {isFetching && t('trying')}
      </p>
      {error && <ProblemNote error={error} />}
      {data && <Outcome outcome={data} isOther={isOther} />}
    </div>
  )
}

/** Why the rules in force are those. */
function Chosen({ rules: { chosen, own } }: { readonly rules: ClassRules }) {
  const t = useTranslations('rules')
  const name = chosen.rules === 'patient' ? t('set_patient') : t('set_standard')
  if (own) return <p>{t('chosenOwn')}</p>
  return <p>{t(chosen.experiment === undefined ? 'chosenSet' : 'chosenExperiment', { name })}</p>
}

function RulesForm({ info, rules }: { readonly info: ClassInfo; readonly rules: ClassRules }) {
  const t = useTranslations('rules')
  const set = useSetRules(info.id)
  const { values } = rules.chosen
  const [typed, setTyped] = useState(() => typedOf(values))
  const wanted = rulesTyped(typed)
  const last = useSettled(wanted)
  return (
    <div className="rules-parts">
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (wanted) set.mutate({ own: wanted })
        }}
      >
        {FIELDS.map(([name, label, unit]) => (
          <Field
            key={name}
            label={t(label)}
            value={typed[name]}
            onChange={(value) => setTyped({ ...typed, [name]: value })}
            inputMode="numeric"
            {...(numberOf(name, typed[name], unit) === undefined ? { hint: t('range', boundsOf(name, unit)) } : {})}
            isRequired
          />
        ))}
        <div className="actions">
          {rules.sets.map((one) => (
            <Button key={one.rules} className="button quiet small-button" onPress={() => setTyped(typedOf(one.values))}>
              {t('take', { name: one.rules === 'patient' ? t('set_patient') : t('set_standard') })}
            </Button>
          ))}
        </div>
        <p role="status">{set.isSuccess && t('saved')}</p>
        {set.error && <ProblemNote error={set.error} />}
        <div className="actions">
          <WorkingButton className="button primary" isWorking={set.isPending}>
            {t('save')}
          </WorkingButton>
          {rules.own && (
            <Button
              className="button"
              onPress={() => set.mutate({}, { onSuccess: ({ chosen }) => setTyped(typedOf(chosen.values)) })}
            >
              {t('follow')}
            </Button>
          )}
        </div>
      </Form>
      {info.firstEventAt === undefined ? (
        <p className="muted">{t('nothing')}</p>
      ) : (
        <Trial info={info} inForce={values} typed={wanted ?? last ?? values} />
      )}
    </div>
  )
}

/** The thresholds by which students count as stuck, tried on the last lesson while they are typed. */
export function RulesSection({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('rules')
  const loading = useTranslations('app')('loading')
  const { data, error, refetch } = useRules(info.id)
  return (
    <section className="card manage-card" aria-labelledby="rules-title">
      <h2 id="rules-title">{t('title')}</h2>
      <p className="muted">{t('text')}</p>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <p role="status">{loading}</p>}
      {data && <Chosen rules={data} />}
      {data && <RulesForm info={info} rules={data} />}
    </section>
  )
}
