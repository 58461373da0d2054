import { useState } from 'react'
import type { ClassInfo, Slot, TimetableAnswer } from '@lectern/protocol'
import { Button, Form } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { may } from '../class/may.ts'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Select } from '../parts/select.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useSetTimetable, useTimetable } from './queries.ts'

const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const
/** A Monday, in UTC. */
const SOME_MONDAY = Date.UTC(2024, 0, 1)
const DAY_MS = 24 * 3_600_000
const NEW_SLOT: Slot = { weekday: 1, begins: '09:00', ends: '10:30' }

const zones = (chosen: string): string[] => [...new Set([chosen, 'UTC', ...Intl.supportedValuesOf('timeZone')])]
const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
/** The weekday matters most. */
const NEXT = { weekday: 'long', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit' } as const
const inOrder = (a: Slot, b: Slot) => a.weekday - b.weekday || a.begins.localeCompare(b.begins)

/** Why the hours can not be kept; undefined when they can. */
export function faultIn(slots: readonly Slot[]): 'order' | 'overlap' | undefined {
  if (slots.some(({ begins, ends }) => begins === '' || ends <= begins)) return 'order'
  const ordered = slots.toSorted(inOrder)
  const overlaps = ordered.some((slot, index) => {
    const last = ordered[index - 1]
    return last?.weekday === slot.weekday && last.ends > slot.begins
  })
  return overlaps ? 'overlap' : undefined
}

function useWeekday(): (weekday: number) => string {
  const format = useFormatter()
  return (weekday) => format.dateTime(SOME_MONDAY + (weekday - 1) * DAY_MS, { weekday: 'long', timeZone: 'UTC' })
}

interface TimeFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

function TimeField({ label, value, onChange }: TimeFieldProps) {
  return (
    <label className="field time-field">
      <span className="off-screen">{label}</span>
      <input type="time" value={value} required onChange={({ target }) => onChange(target.value)} />
    </label>
  )
}

interface SlotLineProps {
  readonly slot: Slot
  readonly onChange: (slot: Slot) => void
  readonly onRemove: () => void
}

function SlotLine({ slot, onChange, onRemove }: SlotLineProps) {
  const t = useTranslations('timetable')
  const weekday = useWeekday()
  return (
    <li className="slot-line">
      <Select
        label={t('weekday')}
        isLabelHidden
        value={String(slot.weekday)}
        options={WEEKDAYS.map((id) => ({ id: id as string, text: weekday(Number(id)) }))}
        onChange={(id) => onChange({ ...slot, weekday: Number(id) })}
      />
      <TimeField label={t('begins')} value={slot.begins} onChange={(begins) => onChange({ ...slot, begins })} />
      <span aria-hidden="true">–</span>
      <TimeField label={t('ends')} value={slot.ends} onChange={(ends) => onChange({ ...slot, ends })} />
      <Button
        className="button quiet icon-only"
        aria-label={t('removeOf', { name: weekday(slot.weekday), time: slot.begins })}
        onPress={onRemove}
      >
        <Icon name="close" />
      </Button>
    </li>
  )
}

interface Edited extends Slot {
  /** Tells lines apart while they are edited. */
  readonly key: number
}

let keys = 0
const keyed = (slot: Slot): Edited => ({ ...slot, key: (keys += 1) })
const plain = ({ weekday, begins, ends }: Edited): Slot => ({ weekday, begins, ends })

function TimetableForm({ info, answer }: { readonly info: ClassInfo; readonly answer: TimetableAnswer }) {
  const t = useTranslations('timetable')
  const set = useSetTimetable(info.id)
  const [zone, setZone] = useState(answer.slots.length === 0 ? ownZone() : answer.zone)
  const [slots, setSlots] = useState(() => answer.slots.map(keyed))
  const fault = faultIn(slots)
  const put = (changed: Edited) => setSlots(slots.map((slot) => (slot.key === changed.key ? changed : slot)))
  return (
    <Form
      className="form timetable-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (fault === undefined) set.mutate({ zone, slots: slots.map(plain).toSorted(inOrder) })
      }}
    >
      {slots.length === 0 && <p className="muted">{t('empty')}</p>}
      <ul className="slot-lines">
        {slots.map((slot) => (
          <SlotLine
            key={slot.key}
            slot={slot}
            onChange={(changed) => put({ ...changed, key: slot.key })}
            onRemove={() => setSlots(slots.filter(({ key }) => key !== slot.key))}
          />
        ))}
      </ul>
      <Button className="button quiet" onPress={() => setSlots([...slots, keyed(slots.at(-1) ?? NEW_SLOT)])}>
        <Icon name="plus" />
        {t('add')}
      </Button>
      <Select
        label={t('zone')}
        value={zone}
        options={zones(zone).map((id) => ({ id, text: id.replaceAll('_', ' ') }))}
        onChange={setZone}
      />
      <div role="status">
        {fault !== undefined && <p className="field-error">{t(fault)}</p>}
        {set.isSuccess && fault === undefined && <p>{t('saved')}</p>}
      </div>
      {set.error && <ProblemNote error={set.error} />}
      <WorkingButton className="button primary" isWorking={set.isPending}>
        {t('save')}
      </WorkingButton>
    </Form>
  )
}

function SlotList({ answer }: { readonly answer: TimetableAnswer }) {
  const weekday = useWeekday()
  return (
    <ul className="slot-list">
      {answer.slots.map((slot) => (
        <li key={`${slot.weekday} ${slot.begins}`}>
          {weekday(slot.weekday)} {slot.begins}–{slot.ends}
        </li>
      ))}
    </ul>
  )
}

/** The hours of the week at which lessons begin and end by themselves. */
export function TimetableSection({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('timetable')
  const format = useFormatter()
  const loading = useTranslations('app')('loading')
  const { data, error, refetch } = useTimetable(info.id)
  const mayEdit = may(info, 'class.edit') && info.endedAt === undefined
  return (
    <section className="card manage-card" aria-labelledby="timetable-title">
      <h2 id="timetable-title">{t('title')}</h2>
      <p className="muted">{t('text')}</p>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <p role="status">{loading}</p>}
      {data && (
        <p>
          {data.next === undefined || info.endedAt !== undefined
            ? t('none')
            : t('next', { date: format.dateTime(data.next, NEXT) })}
        </p>
      )}
      {data && !mayEdit && <SlotList answer={data} />}
      {data && mayEdit && <TimetableForm info={info} answer={data} />}
    </section>
  )
}
