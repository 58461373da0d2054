import { useState } from 'react'
import { AUDIT_ACTIONS, type AuditAction, type AuditEntry, type AuditQuery } from '@lectern/protocol'
import { useMutation } from '@tanstack/react-query'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useClasses } from '../http/queries.ts'
import { Field } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Select } from '../parts/select.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { usePeople } from '../session/queries.ts'
import { systemApi } from './api.ts'
import { Answered, Card, Sign } from './parts.tsx'
import { usePart } from './queries.ts'
import { RetentionCard } from './retention-card.tsx'
import { useUnits } from './units.ts'

function ChainCheck() {
  const t = useTranslations('privacy.audit')
  const check = useMutation({ mutationFn: systemApi.verifyAudit })
  const { data, error } = check
  return (
    <div className="audit-check">
      <WorkingButton className="button" onPress={() => check.mutate()} isWorking={check.isPending}>
        {t('verify')}
      </WorkingButton>
      <div role="status">
        {data?.ok === true && (
          <>
            <Sign is="good">{t('whole', { n: data.entries })}</Sign>
            {data.head !== '' && (
              <p className="muted small">
                {t('head')} <code>{data.head}</code>
              </p>
            )}
          </>
        )}
        {data?.ok === false && <Sign is="bad">{t('broken', { n: data.firstBroken ?? 0 })}</Sign>}
      </div>
      {error && <ProblemNote error={error} />}
    </div>
  )
}

const detailsOf = ({ details }: AuditEntry): string =>
  Object.entries(details)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ')

/** Names of classes and of the staff by id; students have none here. */
type Names = ReadonlyMap<string, string>

function EntryRow({ entry, names }: { readonly entry: AuditEntry; readonly names: Names }) {
  const t = useTranslations('privacy.audit')
  const actions = useTranslations('privacy.action')
  const { date } = useUnits()
  const { n, at, actor, action, target } = entry
  const who = actor === 'script' || actor === 'system' ? t(actor) : (names.get(actor) ?? actor)
  return (
    <tr>
      <td>
        <time dateTime={new Date(at).toISOString()}>{date(at)}</time>
        <span className="muted row-note">{n}</span>
      </td>
      <td>{who}</td>
      <th scope="row">{actions(action)}</th>
      <td>{names.get(entry.class ?? '') ?? entry.class}</td>
      <td>{names.get(target ?? '') ?? target}</td>
      <td className="row-reason">{detailsOf(entry)}</td>
    </tr>
  )
}

type Filter = Pick<AuditQuery, 'action' | 'actor' | 'target'>
const ACTIONS = Object.keys(AUDIT_ACTIONS) as AuditAction[]

function Filters({ filter, onChange }: { readonly filter: Filter; readonly onChange: (filter: Filter) => void }) {
  const t = useTranslations('privacy.audit')
  const actions = useTranslations('privacy.action')
  const put = (name: keyof Filter, value: string) => {
    const { [name]: _, ...rest } = filter
    onChange(value === '' ? rest : { ...rest, [name]: value })
  }
  const options = [{ id: '', text: t('all') }, ...ACTIONS.map((id) => ({ id, text: actions(id) }))]
  return (
    <div className="audit-filters">
      <Select label={t('action')} value={filter.action ?? ''} options={options} onChange={(id) => put('action', id)} />
      <Field label={t('actor')} value={filter.actor ?? ''} onChange={(value) => put('actor', value.trim())} />
      <Field label={t('target')} value={filter.target ?? ''} onChange={(value) => put('target', value.trim())} />
    </div>
  )
}

function AuditCard() {
  const t = useTranslations('privacy.audit')
  const [filter, setFilter] = useState<Filter>({})
  const [before, setBefore] = useState<number>()
  const classes = useClasses()
  const wanted: AuditQuery = { ...filter, ...(before === undefined ? {} : { before }) }
  const query = usePart('privacy', () => systemApi.audit(wanted), { more: JSON.stringify(wanted) })
  const people = usePeople()
  const named = [...(classes.data?.classes ?? []), ...(people.data?.people ?? [])]
  const names: Names = new Map(named.map(({ id, name }) => [id, name]))
  return (
    <Card title={t('title')} tools={<ChainCheck />}>
      <p className="muted">{t('text')}</p>
      <Filters
        filter={filter}
        onChange={(next) => {
          setFilter(next)
          setBefore(undefined)
        }}
      />
      <Answered query={query}>
        {({ entries, next }) => (
          <>
            <div className="table-scroll">
              <table>
                <thead>
                  <tr>
                    {(['when', 'who', 'what', 'where', 'whom', 'details'] as const).map((name) => (
                      <th key={name} scope="col">
                        {t(name)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {entries.map((entry) => (
                    <EntryRow key={entry.n} entry={entry} names={names} />
                  ))}
                </tbody>
              </table>
              {entries.length === 0 && <p className="empty">{t('empty')}</p>}
            </div>
            <div className="actions">
              {next !== undefined && (
                <Button className="button" onPress={() => setBefore(next)}>
                  {t('older')}
                </Button>
              )}
              {before !== undefined && (
                <Button className="button quiet" onPress={() => setBefore(undefined)}>
                  {t('newest')}
                </Button>
              )}
            </div>
          </>
        )}
      </Answered>
    </Card>
  )
}

/** What is kept how long, and who did what. */
export function PrivacySection() {
  return (
    <>
      <RetentionCard />
      <AuditCard />
    </>
  )
}
