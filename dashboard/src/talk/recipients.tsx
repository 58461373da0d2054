import { useMemo, useState } from 'react'
import type { MessageTo, RosterEntry } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { useRoster } from '../http/queries.ts'
import { Choice, Field } from '../parts/fields.tsx'
import { Icon } from '../parts/icons.tsx'
import { Select } from '../parts/select.tsx'

const SHOWN = 12
const KINDS = ['everyone', 'team', 'students'] as const
type Kind = (typeof KINDS)[number]

interface RecipientsProps {
  readonly classId: string
  readonly onChange: (to: MessageTo | undefined, whom: string) => void
}

interface StudentPickerProps {
  readonly students: readonly RosterEntry[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}

/** Chooses students by typing a part of the name. */
function StudentPicker({ students, chosen, onChange }: StudentPickerProps) {
  const t = useTranslations('talk')
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const found = students.filter(({ id, name }) => !chosen.includes(id) && name.toLowerCase().includes(wanted))
  const byId = useMemo(() => new Map(students.map((one) => [one.id, one])), [students])
  return (
    <div className="picker">
      {chosen.length > 0 && (
        <ul className="chips" aria-label={t('chosen')}>
          {chosen.map((id) => (
            <li key={id}>
              <button type="button" className="chip" onClick={() => onChange(chosen.filter((one) => one !== id))}>
                {byId.get(id)?.name ?? id}
                <Icon name="close" />
                <span className="off-screen">{t('remove')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Field label={t('find')} value={text} onChange={setText} />
      <ul className="chips" aria-label={t('found')}>
        {found.slice(0, SHOWN).map(({ id, name }) => (
          <li key={id}>
            <button type="button" className="chip addable" onClick={() => onChange([...chosen, id])}>
              <Icon name="plus" />
              {name}
            </button>
          </li>
        ))}
        {found.length > SHOWN && <li className="muted small">{t('moreFound', { n: found.length - SHOWN })}</li>}
      </ul>
    </div>
  )
}

/** To whom something is said: everyone, a team, chosen students. */
export function Recipients({ classId, onChange }: RecipientsProps) {
  const t = useTranslations('talk')
  const say = useTranslations('say')
  const { data } = useRoster(classId)
  const students = useMemo(() => data?.students.filter(({ joinedAt }) => joinedAt !== undefined) ?? [], [data])
  const teams = useMemo(
    () => [...new Set(students.flatMap(({ team }) => team || []))].sort((a, b) => a.localeCompare(b)),
    [students],
  )
  const [kind, setKind] = useState<Kind>('everyone')
  const [team, setTeam] = useState('')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const choose = (to: Kind) => {
    setKind(to)
    if (to === 'everyone') onChange({ everyone: true }, say('everyone'))
    else if (to === 'team') onChange(team === '' ? undefined : { team }, team)
    else pick(chosen)
  }
  const pick = (ids: readonly string[]) => {
    setChosen(ids)
    onChange(ids.length === 0 ? undefined : { students: [...ids] }, '')
  }
  const kinds = KINDS.filter((one) => one !== 'team' || teams.length > 0)
  return (
    <div className="form">
      <Choice
        label={t('to')}
        value={kind}
        options={kinds.map((id) => ({ id, text: t(`audience.${id}`) }))}
        onChange={choose}
      />
      {kind === 'team' && (
        <Select
          label={t('audience.team')}
          value={team}
          options={[{ id: '', text: say('choose') }, ...teams.map((id) => ({ id, text: id }))]}
          onChange={(id) => {
            setTeam(id)
            onChange(id === '' ? undefined : { team: id }, id)
          }}
        />
      )}
      {kind === 'students' && <StudentPicker students={students} chosen={chosen} onChange={pick} />}
    </div>
  )
}
