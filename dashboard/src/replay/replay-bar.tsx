import { useEffect, useRef, useSyncExternalStore } from 'react'
import { Button, Label, Slider, SliderThumb, SliderTrack } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Select } from '../parts/select.tsx'
import { useSources } from '../shell/seen.tsx'
import { hasGone } from './has-gone.ts'
import type { Mark } from './replay.ts'
import { SPEEDS, type Playing, type ReplayControls } from './replay-source.ts'

/** Marks closer to each other than this part of the slider are one. */
const APART = 1 / 240

interface PressProps {
  readonly icon: IconName
  readonly text: string
  readonly onPress: () => void
}

function Press({ icon, text, onPress }: PressProps) {
  return (
    <Button className="button icon-only" aria-label={text} onPress={onPress}>
      <Icon name={icon} />
    </Button>
  )
}

const shareOf = (time: number, { from, to }: Playing) =>
  to <= from ? 0 : Math.min(1, Math.max(0, (time - from) / (to - from)))

/** Where somebody asked for help, and where an error was new. */
function Marks({ playing }: { readonly playing: Playing }) {
  const shown = new Map<string, Mark>()
  for (const mark of playing.marks) shown.set(`${mark.is} ${Math.round(shareOf(mark.at, playing) / APART)}`, mark)
  return (
    <div className="replay-marks" aria-hidden="true">
      {[...shown].map(([key, mark]) => (
        <span
          key={key}
          className={`replay-mark is-${mark.is}`}
          style={{ insetInlineStart: `${100 * shareOf(mark.at, playing)}%` }}
        />
      ))}
    </div>
  )
}

function Place({ playing, controls }: { readonly playing: Playing; readonly controls: ReplayControls }) {
  const t = useTranslations('replay')
  const format = useFormatter()
  const words = (time: number) => format.dateTime(time, { timeStyle: 'medium' })
  return (
    <Slider
      className="replay-slider"
      value={playing.time}
      minValue={playing.from}
      maxValue={Math.max(playing.to, playing.from + 1)}
      step={1}
      onChange={(time) => controls.seek(typeof time === 'number' ? time : playing.time)}
    >
      <Label className="off-screen">{t('place')}</Label>
      <SliderTrack className="replay-track">
        <Marks playing={playing} />
        <span className="replay-loaded" style={{ width: `${100 * shareOf(playing.until, playing)}%` }} />
        <span className="replay-done" style={{ width: `${100 * shareOf(playing.time, playing)}%` }} />
        <SliderThumb className="replay-thumb" aria-valuetext={words(playing.time)} />
      </SliderTrack>
      <span className="replay-ends" aria-hidden="true">
        <span>{words(playing.from)}</span>
        <span>{words(playing.to)}</span>
      </span>
    </Slider>
  )
}

/** Leads back to live when somebody who is seen may not be seen any more (SPEC RPL-3). */
function useWatch(controls: ReplayControls, onBroken: () => void): void {
  const { live, show } = useSources()
  const moment = useSyncExternalStore(live.subscribe, live.read)
  const isBroken = controls.read()?.isBroken === true
  const isOver = isBroken || (moment !== undefined && hasGone(controls.last()?.state, moment))
  const newest = useRef(onBroken)
  newest.current = onBroken
  useEffect(() => {
    if (!isOver) return
    newest.current()
    show()
  }, [isOver, show])
}

interface ReplayBarProps {
  readonly controls: ReplayControls
  /** It may be shown no longer. */
  readonly onBroken: () => void
}

/** Above every view while a replay is shown: which moment it is, how it moves, and the way back. */
export function ReplayBar({ controls, onBroken }: ReplayBarProps) {
  const t = useTranslations('replay')
  const format = useFormatter()
  const { show } = useSources()
  const playing = useSyncExternalStore(controls.subscribe, controls.read)
  useWatch(controls, onBroken)
  if (!playing) return null
  const { isPlaying, speed, time } = playing
  return (
    <section className="replay-bar" aria-label={t('bar')}>
      <strong className="replay-time">
        <Icon name="replay" />
        {t('shown', { time: format.dateTime(time, { timeStyle: 'medium' }), n: speed })}
      </strong>
      <div className="replay-buttons">
        <Press icon="back" text={t('previous')} onPress={() => controls.jump(-1)} />
        <Press icon="stepBack" text={t('stepBack')} onPress={() => controls.step(-1)} />
        <Press
          icon={isPlaying ? 'pause' : 'play'}
          text={isPlaying ? t('pause') : t('play')}
          onPress={isPlaying ? controls.pause : controls.play}
        />
        <Press icon="stepOn" text={t('stepOn')} onPress={() => controls.step(1)} />
        <Press icon="next" text={t('next')} onPress={() => controls.jump(1)} />
        <Select
          label={t('speed')}
          isLabelHidden
          value={String(speed)}
          options={SPEEDS.map((one) => ({ id: String(one), text: t('times', { n: one }) }))}
          onChange={(chosen) => controls.setSpeed(SPEEDS.find((one) => String(one) === chosen) ?? speed)}
        />
      </div>
      <Place playing={playing} controls={controls} />
      <Button className="button primary replay-live" onPress={() => show()}>
        <Icon name="live" />
        {t('toLive')}
      </Button>
    </section>
  )
}
