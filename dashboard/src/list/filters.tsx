import { useMemo } from 'react'
import type { RosterEntry } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import type { Row } from '../class/overview.ts'
import { notebookName } from '../class/progress.ts'
import type { Narrowing } from '../class/use-narrowing.ts'
import { Select } from '../parts/select.tsx'

interface FiltersProps {
  readonly rows: readonly Row[]
  readonly roster: ReadonlyMap<string, RosterEntry>
  readonly narrowing: Narrowing
}

interface FilterProps {
  readonly label: string
  /** What is shown for no choice. */
  readonly all: string
  readonly value: string | undefined
  /** Values with their texts. */
  readonly options: ReadonlyMap<string, string>
  readonly onChange: (value: string) => void
}

function Filter({ label, all, value = '', options, onChange }: FilterProps) {
  // One that is chosen stays to be seen and taken back, also when nobody has it any more.
  const known = options.has(value) || value === '' ? options : new Map([...options, [value, value]])
  if (known.size === 0) return null
  const choices = [...known].map(([id, text]) => ({ id, text })).toSorted((a, b) => a.text.localeCompare(b.text))
  return (
    <Select
      label={label}
      isLabelHidden
      value={value}
      options={[{ id: '', text: all }, ...choices]}
      onChange={onChange}
    />
  )
}

/** Narrows the list by team, notebook and error; the kinds are the numbers of the glance. */
export function Filters({ rows, roster, narrowing }: FiltersProps) {
  const t = useTranslations('wall')
  const { team, notebook, error, narrow } = narrowing
  const found = useMemo(() => {
    const [teams, notebooks, errors] = [new Map<string, string>(), new Map<string, string>(), new Map<string, string>()]
    for (const { id, student } of rows) {
      const inTeam = roster.get(id)?.team
      if (inTeam !== undefined) teams.set(inTeam, inTeam)
      if (student.notebook) notebooks.set(student.notebook.id, notebookName(student.notebook))
      if (student.streak?.name) errors.set(student.streak.name, student.streak.name)
    }
    return { teams, notebooks, errors }
  }, [rows, roster])
  return (
    <>
      <Filter
        label={t('columns.team')}
        all={t('allTeams')}
        value={team}
        options={found.teams}
        onChange={(chosen) => narrow({ team: chosen })}
      />
      <Filter
        label={t('columns.notebook')}
        all={t('allNotebooks')}
        value={notebook}
        options={found.notebooks}
        onChange={(chosen) => narrow({ notebook: chosen })}
      />
      <Filter
        label={t('error')}
        all={t('allErrors')}
        value={error}
        options={found.errors}
        onChange={(chosen) => narrow({ error: chosen })}
      />
    </>
  )
}
