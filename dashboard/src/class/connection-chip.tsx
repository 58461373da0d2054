import { useEffect, useState } from 'react'
import { stateHash } from '@lectern/protocol'
import { Button, DialogTrigger, Popover } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import type { Connection } from '../live/connection.ts'
import type { LiveView } from '../live/live-client.ts'
import { useNow } from '../live/use-now.ts'
import { Icon } from '../parts/icons.tsx'

/** What is behind the page: for whoever compares two dashboards, and for reports of faults. */
function Diagnostics({ held, skew, version }: Pick<LiveView, 'held' | 'skew' | 'version'>) {
  const t = useTranslations('connection')
  const format = useFormatter()
  // The hash costs more than a frame for a large class: it is taken only while somebody looks, from what is shown.
  const hash = held ? stateHash(held.state) : undefined
  return (
    <dl className="facts" data-offset={held?.offset} data-state-hash={hash}>
      <div>
        <dt>{t('offset')}</dt>
        <dd>{format.number(held?.offset ?? 0)}</dd>
      </div>
      <div>
        <dt>{t('hash')}</dt>
        <dd>
          <code>{hash ?? '–'}</code>
        </dd>
      </div>
      <div>
        <dt>{t('skew')}</dt>
        <dd>{t('skewValue', { n: Math.round(-skew / 1000) })}</dd>
      </div>
      {version !== undefined && (
        <div>
          <dt>{t('server')}</dt>
          <dd>{version}</dd>
        </div>
      )}
    </dl>
  )
}

function useConnectionText(connection: Connection): string {
  const t = useTranslations('connection')
  const now = useNow(0)
  if (connection.is !== 'waiting') return t(connection.is)
  if (!connection.online) return t('offline')
  const left = Math.ceil((connection.until - now) / 1000)
  return left > 0 ? t('waiting', { n: left }) : t('waitingNow')
}

/** When the page was last up to date, in ms of this computer's clock; undefined while it is. */
function useStaleSince(connection: Connection): number | undefined {
  const isLive = connection.is === 'live'
  const [since, setSince] = useState<number>()
  useEffect(() => {
    setSince(isLive ? undefined : Date.now())
  }, [isLive])
  return since
}

/** Whether the page is up to date, and why not; behind it what a fault report needs. */
export function ConnectionChip({ view, onRetry }: { readonly view: LiveView; readonly onRetry: () => void }) {
  const t = useTranslations('connection')
  const close = useTranslations('app')('close')
  const format = useFormatter()
  const { connection, held } = view
  const text = useConnectionText(connection)
  const stale = useStaleSince(connection)
  const [open, setOpen] = useState(false)
  const sentence = () => {
    if (connection.is === 'live') return t('liveText')
    if (connection.is === 'stopped') return t('stoppedText', { code: connection.code })
    return held && stale !== undefined
      ? t('staleText', { time: format.dateTime(stale, { timeStyle: 'medium' }) })
      : text
  }
  return (
    <>
      <DialogTrigger isOpen={open} onOpenChange={setOpen}>
        <Button className={`chip connection-${connection.is}`} aria-label={`${t('title')}: ${text}`}>
          <Icon name={connection.is === 'live' ? 'live' : connection.is === 'waiting' ? 'offline' : 'refresh'} />
          <span className="chip-text">{text}</span>
        </Button>
        <Popover className="popover" placement="bottom end">
          <div className="dialog connection">
            <h2>{t('title')}</h2>
            <p>{sentence()}</p>
            {connection.is === 'waiting' && (
              <Button className="button primary" onPress={onRetry}>
                {t('retry')}
              </Button>
            )}
            <Diagnostics {...view} />
            <Button className="button" onPress={() => setOpen(false)}>
              {close}
            </Button>
          </div>
        </Popover>
      </DialogTrigger>
      {/* The seconds of the countdown would be read out one by one: only the kind of state is. */}
      <span className="off-screen" role="status">
        {connection.is === 'waiting' ? t('waitingNow') : t(connection.is)}
      </span>
    </>
  )
}
