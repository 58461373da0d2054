import { useCallback, useMemo, useState } from 'react'
import type { AttentionKind } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Narrowed, Search, UpdateButton } from '../class/narrowing.tsx'
import { useFrozenRows } from '../class/use-frozen-rows.ts'
import { useNarrowing } from '../class/use-narrowing.ts'
import { useRosterIndex } from '../class/use-roster-index.ts'
import { useStudentHref } from '../shell/place.ts'
import { useSeen } from '../shell/seen.tsx'
import type { ViewProps } from '../shell/views.ts'
import { TeamCard } from '../teams/team-card.tsx'
import { createTeams, type Team } from '../teams/teams.ts'
import '../styles/wall.css'
import '../styles/teams.css'

/** Minutes are shown: finer than this would render every card for nothing. */
const CLOCK_STEP_MS = 10_000

/** A team stays while anybody of it belongs to what the view is narrowed to. */
function useShownTeams(classId: string) {
  const { overview } = useSeen()
  const narrowing = useNarrowing(classId)
  const roster = useRosterIndex(classId)
  const read = useMemo(createTeams, [])
  const teams = useMemo(() => read(overview.rows, roster), [read, overview.rows, roster])
  const { belongs } = narrowing
  const frozen = useFrozenRows(
    teams,
    useCallback(({ rows }: Team, _worst: AttentionKind) => rows.some((row) => belongs(row, row.phase.kind)), [belongs]),
  )
  return { ...frozen, narrowing, all: teams.length }
}

/** The class by team: cards that open, and stay open and in their place while things change. */
export function TeamsView({ info }: ViewProps) {
  const t = useTranslations('wall')
  const students = useTranslations('students')
  const { now } = useSeen()
  const hrefOf = useStudentHref(info.id)
  const { rows: teams, changed, update, hold, narrowing, all } = useShownTeams(info.id)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const toggle = useCallback((team: string) => {
    setOpen((before) => new Set(before.has(team) ? [...before].filter((one) => one !== team) : [...before, team]))
  }, [])
  const isAllOpen = teams.length > 0 && teams.every(({ id }) => open.has(id))
  return (
    <section aria-labelledby="teams-title">
      <header className="view-head">
        <h2 id="teams-title">{t('teams')}</h2>
        <span className="panel-note">
          {narrowing.isNarrowed ? students('shown', { shown: teams.length, all }) : all}
        </span>
        <div className="panel-tools">
          <UpdateButton changed={changed} onUpdate={update} />
          <Button
            className="button"
            onPress={() => setOpen(isAllOpen ? new Set() : new Set(teams.map(({ id }) => id)))}
          >
            {isAllOpen ? t('closeAll') : t('openAll')}
          </Button>
          <Search narrowing={narrowing} />
        </div>
      </header>
      {teams.length === 0 && <Narrowed narrowing={narrowing} isEmpty={all === 0} />}
      <ul className="teams" {...hold}>
        {teams.map((team) => (
          <TeamCard
            key={team.id}
            team={team}
            isOpen={open.has(team.id)}
            onToggle={toggle}
            hrefOf={hrefOf}
            clock={Math.floor(now / CLOCK_STEP_MS) * CLOCK_STEP_MS}
          />
        ))}
      </ul>
    </section>
  )
}
