import type { SessionList } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { Answered } from '../system/parts.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { staffApi } from './api.ts'
import { useChange, useSessions } from './queries.ts'
import { useConfirmed } from './use-confirmed.tsx'

type One = SessionList['sessions'][number]

interface RowProps {
  readonly one: One
  readonly isWorking: boolean
  readonly onEnd: () => void
}

function Row({ one, isWorking, onEnd }: RowProps) {
  const t = useTranslations('account')
  const format = useFormatter()
  const date = (ms: number) => format.dateTime(ms, { dateStyle: 'medium', timeStyle: 'short' })
  const agent = one.seen.agent || t('unknownAgent')
  const place = t('from', { agent, address: one.seen.address })
  return (
    <li className="staff-row">
      <div>
        <strong>{place}</strong>
        <span className="muted">{t('began', { method: t(`method_${one.method}`), date: date(one.began.at) })}</span>
        {!one.current && <span className="muted">{t('seen', { date: date(one.seen.at) })}</span>}
      </div>
      {one.current ? (
        <span className="tag">{t('here')}</span>
      ) : (
        <Button
          className="button small-button"
          aria-label={`${t('end')}: ${place}`}
          isDisabled={isWorking}
          onPress={onEnd}
        >
          {t('end')}
        </Button>
      )}
    </li>
  )
}

/** Where one is signed in, and ending it there. */
export function SessionsSection() {
  const t = useTranslations('account')
  const query = useSessions()
  const { run, dialog } = useConfirmed()
  const end = useChange('sessions', (id: string) => run(() => staffApi.endSession(id)))
  const others = useChange('sessions', () => run(staffApi.endOthers))
  const error = end.error ?? others.error
  return (
    <section className="card staff-card">
      <h2>{t('sessions')}</h2>
      <Answered query={query}>
        {({ sessions }) => (
          <>
            <ul className="staff-rows">
              {sessions.map((one) => (
                <Row key={one.id} one={one} isWorking={end.isPending} onEnd={() => end.mutate(one.id)} />
              ))}
            </ul>
            {error && <ProblemNote error={error} />}
            {sessions.length > 1 && (
              <div className="actions">
                <Button className="button" isDisabled={others.isPending} onPress={() => others.mutate(undefined)}>
                  {t('endOthers')}
                </Button>
              </div>
            )}
          </>
        )}
      </Answered>
      {dialog}
    </section>
  )
}
