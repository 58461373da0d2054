import { Button, Label, Slider, SliderThumb, SliderTrack } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Select } from '../parts/select.tsx'
import { SPEEDS } from '../replay/replay-source.ts'
import { indexAt, type Story } from './story.ts'
import type { Playback } from './use-playback.ts'

interface PlayerProps {
  readonly story: Story
  readonly playback: Playback
}

/** The slider through what a student did, with play, steps and speed. */
export function Player({ story: { events, from, to }, playback }: PlayerProps) {
  const t = useTranslations('story')
  const times = useTranslations('replay')
  const format = useFormatter()
  const { time, picked, isPlaying, speed, seek, pick, play, pause, setSpeed } = playback
  const press = (icon: IconName, text: string, onPress: () => void) => (
    <Button className="button icon-only" aria-label={text} onPress={onPress}>
      <Icon name={icon} />
    </Button>
  )
  const step = (by: 1 | -1) => {
    const event = events[indexAt(events, time, picked) + by]
    if (event) pick(event)
  }
  return (
    <div className="player">
      <div className="replay-buttons">
        {press('stepBack', t('previous'), () => step(-1))}
        {press(isPlaying ? 'pause' : 'play', isPlaying ? t('pause') : t('play'), isPlaying ? pause : play)}
        {press('stepOn', t('next'), () => step(1))}
        <Select
          label={t('speed')}
          isLabelHidden
          value={String(speed)}
          options={SPEEDS.map((one) => ({ id: String(one), text: times('times', { n: one }) }))}
          onChange={(chosen) => setSpeed(SPEEDS.find((one) => String(one) === chosen) ?? speed)}
        />
        <strong className="replay-time">{format.dateTime(time, { timeStyle: 'medium' })}</strong>
      </div>
      <Slider
        className="replay-slider"
        value={time}
        minValue={from}
        maxValue={Math.max(to, from + 1)}
        step={1}
        onChange={(at) => seek(typeof at === 'number' ? at : time)}
      >
        <Label className="off-screen">{t('place')}</Label>
        <SliderTrack className="replay-track">
          <SliderThumb className="replay-thumb" aria-valuetext={format.dateTime(time, { timeStyle: 'medium' })} />
        </SliderTrack>
      </Slider>
    </div>
  )
}
