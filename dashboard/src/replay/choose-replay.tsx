import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { LessonList } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { call, classPath } from '../http/api.ts'
import { Select } from '../parts/select.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { clockText, dayText, timeOf } from './clock-text.ts'
import type { ReplayAsked } from './load-replay.ts'

const HOUR_MS = 3_600_000
const LAST = 'last'
const SPAN = 'span'

interface ChooseReplayProps {
  readonly classId: string
  /** The server's clock, ms. */
  readonly now: number
  readonly isWorking: boolean
  readonly onLoad: (asked: ReplayAsked) => void
}

/** A day and two clocks. */
function useSpanFields(now: number) {
  const t = useTranslations('replay')
  const [{ day, from, to }, set] = useState({ day: dayText(now), from: clockText(now - HOUR_MS), to: clockText(now) })
  const field = (name: 'day' | 'from' | 'to', value: string) => (
    <label className="field" key={name}>
      {t(name)}
      <input
        type={name === 'day' ? 'date' : 'time'}
        value={value}
        required
        onChange={({ target }) => set({ day, from, to, [name]: target.value })}
      />
    </label>
  )
  return {
    asked: { from: timeOf(day, from), to: timeOf(day, to) },
    fields: [field('day', day), field('from', from), field('to', to)],
  }
}

/** Which lesson, or which time. */
export function ChooseReplay({ classId, now, isWorking, onLoad }: ChooseReplayProps) {
  const t = useTranslations('replay')
  const format = useFormatter()
  const [chosen, setChosen] = useState(LAST)
  const span = useSpanFields(now)
  const { data } = useQuery({
    queryKey: ['lessons', classId, 'replay'],
    queryFn: () => call<LessonList>('GET', `${classPath(classId)}/lessons`),
  })
  const lessons = data?.lessons ?? []
  const { from, to } = span.asked
  const isWrong = chosen === SPAN && (from === undefined || to === undefined || to < from)
  const asked = (): ReplayAsked => {
    if (chosen === SPAN && from !== undefined && to !== undefined) return { from, to }
    const lesson = lessons.find(({ id }) => id === chosen)
    return lesson ? { from: lesson.from, ...(lesson.to === undefined ? {} : { to: lesson.to }) } : {}
  }
  const named = lessons.map(({ id, from: at, title }) => ({
    id,
    text: [format.dateTime(at, { dateStyle: 'medium', timeStyle: 'short' }), title].filter(Boolean).join(' – '),
  }))
  return (
    <form
      className="replay-choose"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isWrong) onLoad(asked())
      }}
    >
      <Select
        label={t('title')}
        isLabelHidden
        value={chosen}
        options={[{ id: LAST, text: t('last') }, ...named, { id: SPAN, text: t('span') }]}
        onChange={setChosen}
      />
      {chosen === SPAN && span.fields}
      <WorkingButton isWorking={isWorking} className="button primary">
        {t('begin')}
      </WorkingButton>
      {isWrong && (
        <p className="field-error" role="alert">
          {t('wrongSpan')}
        </p>
      )}
    </form>
  )
}
