import { useState } from 'react'
import type { ConnectionInfo, ConnectionTotals } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { Choice } from '../parts/fields.tsx'
import { systemApi } from './api.ts'
import { Answered, Card, SureButton } from './parts.tsx'
import { useAct, usePart } from './queries.ts'
import { useUnits } from './units.ts'

const KINDS = ['all', 'student', 'staff', 'admin', 'greeting', 'closing'] as const

function Totals({ totals }: { readonly totals: ConnectionTotals }) {
  const t = useTranslations('system')
  const { number, bytes } = useUnits()
  const most = Math.max(1, ...totals.closes.map(({ count }) => count))
  return (
    <div className="system-columns">
      <Card title={`${t('sockets')}: ${number(totals.open)}`}>
        <dl className="facts">
          {KINDS.slice(1).map((kind) => (
            <div key={kind}>
              <dt>{t(`kind_${kind}`)}</dt>
              <dd>{number(totals.kinds[kind] ?? 0)}</dd>
            </div>
          ))}
          <div>
            <dt>{t('queue')}</dt>
            <dd>{bytes(totals.queuedBytes)}</dd>
          </div>
          <div>
            <dt>{t('bytesEach')}</dt>
            <dd>{bytes(totals.bytesEach)}</dd>
          </div>
          <div>
            <dt>{t('resumes')}</dt>
            <dd>{number(totals.resumes)}</dd>
          </div>
          <div>
            <dt>{t('merges')}</dt>
            <dd>{number(totals.merges)}</dd>
          </div>
          <div>
            <dt>{t('refused')}</dt>
            <dd>{number(totals.refused)}</dd>
          </div>
        </dl>
      </Card>
      <Card title={t('closes')}>
        {totals.closes.length === 0 && <p className="muted">{t('nothing')}</p>}
        <ul className="bars">
          {totals.closes.map(({ code, reason, count }) => (
            <li key={code}>
              <span>
                <code>{code}</code> {reason}
              </span>
              <span className="bars-row">
                <span className="bars-bar" style={{ width: `${(count / most) * 100}%` }} />
              </span>
              <span>{number(count)}</span>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  )
}

function ConnectionRow({ connection }: { readonly connection: ConnectionInfo }) {
  const t = useTranslations('system')
  const { time, bytes } = useUnits()
  const close = useAct('sockets', systemApi.closeConnection)
  const { id, kind, classes, topics, since, heardAt, queuedBytes } = connection
  return (
    <tr>
      <th scope="row">{id}</th>
      <td>{t(`kind_${kind}`)}</td>
      <td>{classes.join(', ')}</td>
      <td>{topics.join(', ')}</td>
      <td>{time(since)}</td>
      <td>{time(heardAt)}</td>
      <td>{bytes(queuedBytes)}</td>
      <td>
        <SureButton label={t('close')} about={id} isWorking={close.isPending} onConfirm={() => close.mutate(id)} />
      </td>
    </tr>
  )
}

/** Every socket of the server, together and one by one. `totals`: newer ones, when a pulse brought them. */
export function SocketsSection({ totals }: { readonly totals: ConnectionTotals | undefined }) {
  const t = useTranslations('system')
  const [kind, setKind] = useState<(typeof KINDS)[number]>('all')
  const wanted = kind === 'all' ? undefined : kind
  const query = usePart('sockets', () => systemApi.connections(wanted), { more: kind })
  return (
    <Answered query={query}>
      {(data) => (
        <>
          <Totals totals={totals ?? data.totals} />
          <Card
            title={t('sockets')}
            tools={
              <Choice
                label={t('kind')}
                value={kind}
                options={KINDS.map((id) => ({ id, text: t(`kind_${id}`) }))}
                onChange={setKind}
              />
            }
          >
            <div className="table-scroll">
              <table>
                <thead>
                  <tr>
                    {(['title', 'kind', 'classes', 'topics', 'openSince', 'heard', 'queued'] as const).map((name) => (
                      <th key={name} scope="col">
                        {name === 'title' ? '' : t(name)}
                      </th>
                    ))}
                    <th scope="col">{t('close')}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.connections.map((connection) => (
                    <ConnectionRow key={connection.id} connection={connection} />
                  ))}
                </tbody>
              </table>
              {data.connections.length === 0 && <p className="muted">{t('nothing')}</p>}
            </div>
          </Card>
        </>
      )}
    </Answered>
  )
}
