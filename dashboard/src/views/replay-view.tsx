import { useEffect } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { Panel } from '../class/panel.tsx'
import { progressOf } from '../class/progress.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Between } from '../replay/between.tsx'
import { ChooseReplay } from '../replay/choose-replay.tsx'
import { EventsPanel } from '../replay/events-panel.tsx'
import { useLoadReplay, usePlaying, type Loading } from '../replay/use-replay.ts'
import type { Playing } from '../replay/replay-source.ts'
import { usePlace } from '../shell/place.ts'
import { useSeen } from '../shell/seen.tsx'
import type { ViewProps } from '../shell/views.ts'

/** How far it has been loaded, or why not. */
function State({ loading, playing }: { readonly loading: Loading; readonly playing: Playing | undefined }) {
  const t = useTranslations('replay')
  const format = useFormatter()
  const time = (ms: number) => format.dateTime(ms, { timeStyle: 'medium' })
  if (loading.is === 'failed') return <ProblemNote error={loading.error} />
  if (loading.is === 'wait') return <p role="status">{t('preparing', { n: Math.round(100 * loading.progress) })}</p>
  if (!playing) return null
  const { from, to, until, everyMs, isWhole } = playing
  return (
    <p className="muted" role="status">
      {isWhole
        ? t('loaded', { from: time(from), to: time(to), n: everyMs / 1000 })
        : t('loading', { time: time(until) })}
    </p>
  )
}

/** Loads what the address names, once. */
function useAddressed(classId: string, load: ReturnType<typeof useLoadReplay>['load'], isShown: boolean): void {
  const { query } = usePlace(classId)
  const [from, to] = [Number(query['from']), Number(query['to'])]
  const isNamed = !isShown && Number.isSafeInteger(from) && from > 0
  useEffect(() => {
    if (isNamed) load({ from, ...(Number.isSafeInteger(to) && to >= from ? { to } : {}) })
    // Only what the address names counts, not what is shown meanwhile.
  }, [from, to])
}

/** Goes through a lesson again: what is chosen here drives every view of the class. */
export function ReplayView({ info }: ViewProps) {
  const t = useTranslations('replay')
  const { state, names, now } = useSeen()
  const { controls, playing } = usePlaying()
  const { loading, load } = useLoadReplay(info.id)
  const notebook = progressOf(state.cells)[0]?.notebook.id
  const begin: typeof load = (asked) => load({ ...asked, ...(notebook === undefined ? {} : { notebook }) })
  useAddressed(info.id, begin, controls !== undefined)
  return (
    <div className="pictures">
      <Panel id="replay" title={t('title')}>
        <div className="replay-begin">
          <p>{t('intro')}</p>
          <ChooseReplay classId={info.id} now={now} isWorking={loading.is === 'wait'} onLoad={begin} />
          <State loading={loading} playing={playing} />
        </div>
      </Panel>
      {controls && playing && (
        <>
          <EventsPanel playing={playing} controls={controls} names={names} />
          <Between playing={playing} controls={controls} names={names} />
        </>
      )}
    </div>
  )
}
